import Foundation
import StyleTransfer
import WebPages

// What stands in each section of the page before its findings.

extension StudyPage {
  private func small(_ text: String) -> String { "<small>\(text)</small>" }

  private func alt(_ what: String, _ fidelity: StudyResults.Fidelity?) -> String {
    guard let fidelity else { return what }
    return
      "\(what): \(Shown.decibels(fidelity.psnr)) PSNR and \(Shown.hundredths(fidelity.ssim)) SSIM to the original, "
      + "\(Shown.percent(fidelity.keptEdges)) of its edges kept"
  }

  // MARK: 1

  var reconstruction: String {
    let given = [
      picture(StudyFiles.content, "<b>The original</b>", alt: "The original picture"),
      picture(
        StudyFiles.noise, "<b>The start</b> \(small("noise, seed 0"))",
        alt: "Grey noise, the start of all runs"),
    ]
    let figures = StudyPlan.reconstructedLayers.map { layer in
      let run = plan.reconstruction(layer)
      let fidelity = results.reconstructions.first { $0.run == run.name }?.fidelity
      return picture(
        run: run.name, "<b>conv_\(layer)</b> \(small(fidelity.map { Shown.decibels($0.psnr) } ?? ""))",
        alt: alt("Reconstruction from conv_\(layer)", fidelity))
    }
    let rows = results.reconstructions.map { one in
      let f = one.fidelity
      return [
        one.layer, Shown.decibels(f.psnr), Shown.hundredths(f.ssim), Shown.percent(f.keptEdges),
        Shown.percent(f.newEdges), Shown.number(results.run(one.run)?.total),
      ]
    }
    let table = HTML.table(
      caption: "Reconstructions beside the original",
      head: ["Layer", "PSNR", "SSIM", "Edges kept", "New edges", "Loss left"], rows: rows)
    return PageTemplate.reconstruction(["pictures": HTML.lines(given + figures), "table": table])
  }

  // MARK: 2

  var seeds: String {
    let layer = StudyPlan.seedsLayer
    let runs = [plan.reconstruction(layer), plan.reconstruction(layer, seed: 1)]
    let pictures = runs.enumerated().map { seed, run in
      picture(
        run: run.name, "<b>Seed \(seed)</b>",
        alt: "Reconstruction from conv_\(layer) that started from noise of seed \(seed)")
    }
    let differences = results.seeds.map { seeds in
      HTML.lines([
        picture(
          StudyFiles.seedsDifference, "<b>Seed 1 − seed 0</b> \(small("×\(Int(seeds.gain)), grey is 0"))",
          alt:
            "The difference of both pictures, amplified \(Int(seeds.gain)) times: \(Shown.number(seeds.difference)) "
            + "root mean square, neighbouring pixels correlate by \(Shown.hundredths(seeds.autocorrelation))"),
        picture(
          StudyFiles.originalDifference, "<b>Seed 0 − original</b> \(small("×\(Int(seeds.gain))"))",
          alt: "The difference to the original, amplified \(Int(seeds.gain)) times: "
            + "\(Shown.number(seeds.differenceToOriginal)) root mean square"),
      ])
    }
    let table =
      results.seeds.map { seeds in
        HTML.table(
          caption: "Two seeds at conv_\(layer)", head: ["Measure", "Value"],
          rows: [
            ["PSNR between the seeds", Shown.decibels(seeds.psnr)],
            ["PSNR of seed 0 to the original", Shown.decibels(seeds.psnrToOriginal)],
            ["Difference of the seeds, root mean square", Shown.number(seeds.difference)],
            ["… to the original", Shown.number(seeds.differenceToOriginal)],
            ["Correlation of neighbouring pixels", Shown.hundredths(seeds.autocorrelation)],
            ["Correlation with the picture’s edges", Shown.hundredths(seeds.edgeCorrelation)],
          ])
      } ?? ""
    return PageTemplate.seeds([
      "layer": "conv_\(layer)", "pictures": HTML.lines(pictures + [differences ?? ""]), "table": table,
    ])
  }

  // MARK: 3

  var texture: String {
    let textures = results.textures
    let last = StudyPlan.textureSets[StudyPlan.textureSets.count - 1]
    let runs =
      StudyPlan.textureSets.map { (plan.texture($0), $0.title) } + [
        (plan.texture(last, seed: 1), "\(last.title), seed 1")
      ]
    let figures = runs.map { run, title in
      let missed = textures?.sets.first { $0.run == run.name }?.gram(StudyResults.coarseLayer)
      return picture(
        run: run.name, "<b>\(title)</b>",
        alt: "Texture of \(title)"
          + (missed.map {
            ": Gram matrices at \(StudyResults.coarseLayer) miss the painting’s by \(Shown.number($0)) of their size"
          } ?? ""),
        size: styleSize)
    }
    let columns = [2, 4, 8, 12, 16]
    let rows = (textures?.sets ?? []).map { set in
      [set.layers] + columns.map { Shown.hundredths(set.gram("conv_\($0)")) }
    }
    let seeds = textures.map {
      HTML.table(
        caption: "How far two seeds are apart",
        head: ["Made from noise of seed 0 and 1", "PSNR between both"],
        rows: [
          ["Textures of all sixteen layers", Shown.decibels($0.psnrBetweenSeeds)],
          ["Reconstructions at conv_\(StudyPlan.seedsLayer)", Shown.decibels($0.psnrBetweenReconstructions)],
        ])
    }
    let painting = picture(
      StudyFiles.style, "<b>The painting</b>", alt: "The painting whose texture is made", size: styleSize)
    let table = HTML.table(
      caption: "How far Gram matrices are from the painting’s, as a part of their size",
      head: ["Texture of"] + columns.map { "conv_\($0)" }, rows: rows)
    return PageTemplate.texture([
      "pictures": HTML.lines([painting] + figures), "table": table, "seeds table": seeds ?? "",
    ])
  }

  // MARK: 5

  var transfer: String {
    let figures = [Recipe.Start.content, .noise()].map { start in
      let run = plan.transfer(from: start)
      let found = results.transfers.first { $0.run == run.name }
      let name = start == .content ? "From the image" : "From noise"
      return picture(
        run: run.name, "<b>\(name)</b> \(small(found.map { Shown.seconds($0.seconds) } ?? ""))",
        alt: "The photograph in the painting’s style, started \(name.lowercased())"
          + (found.map {
            ": objective \(Shown.number($0.total)), \(Shown.decibels($0.fidelity.psnr)) PSNR to the photograph"
          } ?? ""))
    }
    let rows = results.transfers.map {
      [
        $0.start == Recipe.Start.content.name ? "The image" : "Noise", Shown.seconds($0.seconds),
        "\($0.evaluations)",
        Shown.number($0.content), Shown.number($0.style), Shown.number($0.total),
      ]
    }
    let table = HTML.table(
      caption: "The two starts", head: ["Start", "Time", "Evaluations", "Content", "Style", "Objective"],
      rows: rows)
    let layers = plan.layers(plan.transfer(from: .content))
    return PageTemplate.transfer([
      "content layers": HTML.escaped(layers.content), "style layers": HTML.escaped(layers.style),
      "pictures": HTML.lines(figures), "table": table, "sheet": sheet,
    ])
  }

  private var sheet: String {
    let columns = StudyPlan.sheetWeights
    let head = columns.map { #"<th scope="col">weight \#($0)</th>"# }.joined()
    let rows = StudyPlan.sheetLayers.map { layers in
      let cells = columns.map { weight in
        let run = plan.sheet(layers, weight: weight)
        let found = results.sheet.first { $0.run == run.name }
        return "<td>"
          + pictureAlone(
            run: run.name,
            alt: "Style of \(layers.title) with weight \(weight)"
              + (found.map { ": \(Shown.decibels($0.fidelity.psnr)) PSNR to the photograph" } ?? ""))
          + "</td>"
      }
      return """
        <tbody>
        <tr><th scope="rowgroup" colspan="\(columns.count)">\(layers.title)</th></tr>
        <tr>\(cells.joined())</tr>
        </tbody>
        """
    }
    return """
      <div class="table wide" role="region" aria-label="Style layers by style weight" tabindex="0">
      <table class="sheet">
      <caption>Style layers by style weight</caption>
      <thead><tr>\(head)</tr></thead>
      \(HTML.lines(rows))
      </table>
      </div>
      """
  }
}

extension StudyPlan {
  /// The layers of a run as a reader sees them.
  func layers(_ run: StudyRun) -> (content: String, style: String) {
    let recipe = try? run.recipe()
    func text(_ list: LayerList?) -> String { list?.description.replacing(",", with: ", ") ?? "" }
    return (text(recipe?.content?.layers), text(recipe?.style?.layers))
  }
}
