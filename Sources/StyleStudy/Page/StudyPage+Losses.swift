import Foundation
import StyleTransfer
import WebPages

// The section on both losses, and the charts.

extension StudyPage {
  private static let layerAxis = LossChart.Axis(name: "convolution", unit: "conv", ticks: [1, 4, 8, 12, 16])

  /// Where a shift leaves a layer's Gram matrix as it was, rounding is all that is left; it is drawn here.
  private static let leastDrawn = 1e-5

  var losses: String {
    guard let losses = results.losses else { return "<p>Not measured yet.</p>" }
    let shown = losses.rearrangements.filter { [8, nil].contains($0.shift) }
    let pictures = shown.map { one in
      picture(
        one.picture, "<b>\(one.title)</b>",
        alt:
          "The content, \(one.title.lowercased()): content loss \(Shown.number(one.meanContent)), Gram loss "
          + "\(Shown.number(one.meanGram)) on average over the layers", size: (one.width, one.height))
    }
    let rows = losses.rearrangements.map { one in
      [
        one.title, Shown.number(one.meanContent), Shown.number(one.meanGram),
        // A shift by whole pixels leaves the Gram matrix as it was, but for rounding.
        one.meanGram < 1e-9 ? "∞" : Shown.number(one.meanContent / one.meanGram),
      ]
    }
    let table = HTML.table(
      caption:
        "Both losses of the rearranged picture, as a part of the target’s own size, averaged over the layers",
      head: ["Picture", "Content", "Gram", "Ratio"], rows: rows)
    return PageTemplate.losses([
      "rearrangements": HTML.lines(pictures),
      "charts": HTML.lines(charts(shown, losses)),
      "table": table,
      "pairs": HTML.lines(StudyPlan.reconstructedLayers.map(pair)),
      "pairs table": twinTable(losses),
      "normalizations": HTML.lines(normalizations(losses)),
      "normalizations chart": normalizationsChart(losses) ?? "",
    ])
  }

  /// Small charts with one upright axis.
  private func charts(_ shown: [StudyResults.Rearrangement], _ losses: StudyResults.Losses) -> [String] {
    let values = LogarithmicScale(
      covering: losses.rearrangements.flatMap { $0.layers.flatMap { [$0.content, $0.gram] } }
        .map { max($0, Self.leastDrawn) })
    func chart(_ identifier: String, _ title: String, _ series: [LossChart.Series], _ axis: LossChart.Axis)
      -> String
    {
      HTML.figure(
        LossChart(
          identifier: identifier, title: title, series: series, quantity: "part of the target’s size",
          axis: axis,
          values: values
        ).svg, caption: HTML.escaped(title))
    }
    let byLayer = shown.map { one in
      chart(
        "layers-\(one.name)", "\(one.title): both losses over the layers",
        [
          .init(name: "content", points: points(one.layers, \.content)),
          .init(name: "Gram", points: points(one.layers, \.gram)),
        ], Self.layerAxis)
    }
    let shifts = losses.rearrangements.filter { $0.shift != nil }
    let byShift = chart(
      "shifts", "Both losses over the shift, averaged over the layers",
      [
        .init(name: "content", points: shifts.map { ($0.shift ?? 0, max($0.meanContent, Self.leastDrawn)) }),
        .init(name: "Gram", points: shifts.map { ($0.shift ?? 0, max($0.meanGram, Self.leastDrawn)) }),
      ], LossChart.Axis(name: "pixels shifted", unit: "pixel"))
    return byLayer + [byShift]
  }

  private func points(
    _ layers: [LayerDistance], _ value: KeyPath<LayerDistance, Double>
  ) -> [(iteration: Int, value: Double)] {
    layers.enumerated().map { ($0 + 1, max($1[keyPath: value], Self.leastDrawn)) }
  }

  private func pair(_ layer: Int) -> String {
    let twins = results.losses?.twins.first { $0.layer == "conv_\(layer)" }
    func figure(_ run: String, _ what: String, _ fidelity: StudyResults.Fidelity?) -> String {
      picture(
        run: run, "\(what) <small>\(fidelity.map { Shown.decibels($0.psnr) } ?? "")</small>",
        alt: "\(what) of conv_\(layer) alone"
          + (fidelity.map { ": \(Shown.decibels($0.psnr)) PSNR to the original" } ?? ""))
    }
    return """
      <div class="pair">
      <h4>conv_\(layer)</h4>
      \(figure(plan.reconstruction(layer).name, "Content", twins?.content))
      \(figure(plan.statistics(layer).name, "Gram", twins?.statistics))
      </div>
      """
  }

  private func twinTable(_ losses: StudyResults.Losses) -> String {
    HTML.table(
      caption: "Each loss alone beside the original",
      head: ["Layer", "PSNR, content", "PSNR, Gram", "Edges kept, content", "Edges kept, Gram"],
      rows: losses.twins.map {
        [
          $0.layer, Shown.decibels($0.content.psnr), Shown.decibels($0.statistics.psnr),
          Shown.percent($0.content.keptEdges), Shown.percent($0.statistics.keptEdges),
        ]
      })
  }

  /// The same reconstruction with the content loss in each measure.
  private func normalizations(_ losses: StudyResults.Losses) -> [String] {
    StudyPlan.normalizations.map { normalization in
      let run = plan.reconstruction(StudyPlan.seedsLayer, normalization: normalization)
      let found = losses.normalizations.first { $0.run == run.name }
      return picture(
        run: run.name,
        "<b>\(normalization.rawValue)</b> <small>\(found.map { Shown.decibels($0.fidelity.psnr) } ?? "")</small>",
        alt:
          "Reconstruction from conv_\(StudyPlan.seedsLayer) with the content loss measured as \(normalization.rawValue)"
          + (found.map { ": \(Shown.decibels($0.fidelity.psnr)) PSNR to the original" } ?? ""))
    }
  }

  private func normalizationsChart(_ losses: StudyResults.Losses) -> String? {
    let title = "The content loss of a shift by 8 pixels in three measures"
    return losses.rearrangements.first { $0.shift == 8 }.map { shift in
      HTML.figure(
        LossChart(
          identifier: "normalizations", title: title,
          series: [
            .init(name: "sum", points: points(shift.layers, \.contentSum)),
            .init(name: "mean", points: points(shift.layers, \.contentMean)),
            .init(name: "relative", points: points(shift.layers, \.content)),
          ], quantity: "content loss", axis: Self.layerAxis
        ).svg, caption: title)
    }
  }

  // MARK: Curves

  /// More curves than this do not stay apart.
  private static let curveLimit = 6

  func curves(number: Int, title sectionTitle: String) -> String {
    let groups = results.sections.compactMap { section -> String? in
      let names = Set(plan.runs(section).map(\.name))
      let charts = results.runs.filter { names.contains($0.name) }.flatMap { run in
        // The start of a further size is no iteration of its own, and only the optimiser's next step tells how good it is.
        series(Self.withoutStarts(logs[run.name] ?? [])).map { (run, $0) }
      }
      guard !charts.isEmpty else { return nil }
      // Charts beside each other are there to be compared.
      let values = LogarithmicScale(
        covering: charts.flatMap { $1.series.flatMap { $0.points.map(\.value) } }.filter {
          $0 > 0 && $0.isFinite
        })
      let figures = charts.enumerated().map { index, chart in
        let title = chart.0.title + (chart.1.note.map { ": \($0)" } ?? "")
        return HTML.figure(
          LossChart(
            identifier: "curve-\(section.rawValue)-\(index)", title: title, series: chart.1.series,
            values: values
          ).svg, caption: HTML.escaped(title))
      }
      return HTML.folded(
        "\(HTML.escaped(Self.titles[section] ?? "")): \(figures.count) charts",
        "<div class=\"charts\">\n\(HTML.lines(figures))\n</div>")
    }
    return PageTemplate.curves([
      "number": "\(number)", "title": sectionTitle, "charts": HTML.lines(groups),
    ])
  }

  /// The iterations without the starts of further sizes, which have the number of the iteration before.
  private static func withoutStarts(_ records: [Iteration]) -> [Iteration] {
    records.enumerated().filter { index, record in index == 0 || record.number != records[index - 1].number }
      .map(\.element)
  }

  /// The curves of a run, a few to a chart.
  private func series(_ records: [Iteration]) -> [(note: String?, series: [LossChart.Series])] {
    if records.count < 2 { return [] }
    func curve(_ name: String, _ value: (Iteration) -> Double?) -> LossChart.Series {
      .init(name: name, points: records.compactMap { record in value(record).map { (record.number, $0) } })
    }
    let total = curve("total") { $0.total }
    let content = sorted(records[0].contentLayers).map { name in
      curve("\(name) content") { $0.contentLayers?[name] }
    }
    let style = sorted(records[0].styleLayers).map { name in curve("\(name) style") { $0.styleLayers?[name] }
    }
    if content.count + style.count < Self.curveLimit { return [(nil, [total] + content + style)] }
    let blocks = [1...2, 3...4, 5...8, 9...12, 13...16]
    return blocks.enumerated().compactMap { block, numbers in
      let members = style.filter { one in numbers.contains { one.name == "conv_\($0) style" } }
      return members.isEmpty
        ? nil : ("block\u{A0}\(block + 1)", [total] + (block == 0 ? content : []) + members)
    }
  }

  /// Names of layers in the network's order.
  private func sorted(_ layers: [String: Double]?) -> [String] {
    (layers ?? [:]).keys.sorted { ($0.count, $0) < ($1.count, $1) }
  }

  // MARK: Runs

  /// A command whose lines break between words and never within an option.
  private func words(_ command: String) -> String {
    command.split(separator: " ").map { "<span>\(HTML.escaped(String($0)))</span>" }.joined(separator: " ")
  }

  func runs(number: Int, title: String) -> String {
    let rows = results.runs.map { run in
      [
        HTML.escaped(run.title), run.iterations.map { "\($0)" } ?? Shown.nothing,
        run.evaluations.map { "\($0)" } ?? Shown.nothing, Shown.seconds(run.seconds), Shown.number(run.total),
      ]
    }
    let commands = results.runs.map { run in
      """
      <dt>\(HTML.escaped(run.title))\(run.state == .finished ? "" : " (\(run.state.rawValue))")</dt>
      <dd><code>\(words(run.command))</code></dd>
      """
    }
    let table = HTML.table(
      caption: "What each picture took",
      head: ["Picture", "Iterations", "Evaluations", "Time", "Lowest loss"],
      rows: rows)
    return PageTemplate.runs([
      "number": "\(number)", "title": title,
      "table": HTML.folded("What each of \(rows.count) pictures took", table),
      "commands": HTML.folded(
        "The commands that make them", "<dl class=\"commands\">\n\(HTML.lines(commands))\n</dl>"),
    ])
  }
}
