import Foundation
import WebPages

/// Curves of falling losses over iterations, as an SVG to be put into a page.
///
/// The y axis is logarithmic. Curves are told apart by their dashes and by a name at their end, never by colour
/// alone: they are drawn in the text's colour unless the page sets `--chart-line-1`, `--chart-line-2` and so on,
/// and text and grid follow `currentColor`, so that light, dark and print need nothing of the chart. It fills the
/// width that it is given; at 330 px, a phone's, its text is still 11 px tall. Screen readers get a title and a
/// sentence for each curve.
struct LossChart {
  struct Series {
    let name: String
    /// The curve's points; values that are not above 0 have no place on the axis and are left out.
    let points: [(iteration: Int, value: Double)]
  }

  /// The name that the chart's parts begin with; of the charts of a page each needs its own.
  let identifier: String
  let title: String
  let series: [Series]
  /// What the curves show.
  var quantity = "loss"
  /// The axis that the curves are shown over.
  var axis = Axis()
  /// The upright axis, where charts side by side have to share one; else it covers the curves.
  var values: LogarithmicScale?

  /// The level axis, which counts from 0.
  struct Axis {
    var name = "iterations"
    /// The word for one step of the axis.
    var unit = "iteration"
    /// The places that get numbers; `nil` for round ones.
    var ticks: [Int]?
  }

  private enum Layout {
    static let width = 480.0
    static let height = 320.0
    static let textSize = 16.0
    static let top = 34.0
    static let bottom = 50.0
    /// The width of a character in a wide typeface, to make room before a browser has measured any.
    static let characterWidth = 10.5
    static let lineHeight = 18.0
    /// The distance from a curve's end to its name.
    static let labelGap = 18.0
    static let longestLabel = 15
    /// How far a drawn line may be from a point; lines are four times as wide.
    static let tolerance = 0.4
  }

  /// The curves' dashes, solid first; each is clearly another at the width of a line.
  static let dashes = ["", "9 4", "2 3", "10 3 2 3", "5 5", "14 3 2 3 2 3"]

  var svg: String {
    let curves = series.map { one in
      Series(name: one.name, points: one.points.filter { $0.value > 0 && $0.value.isFinite })
    }
    let drawn = curves.filter { !$0.points.isEmpty }
    let plot = Plot(drawn, axis, values)
    return """
      <svg class="loss-chart" role="img" aria-labelledby="\(id("title")) \(id("desc"))" \
      viewBox="0 0 \(text(Layout.width)) \(text(Layout.height))" width="100%" \
      font-family="system-ui, sans-serif" font-size="\(text(Layout.textSize))" fill="currentColor" \
      xmlns="http://www.w3.org/2000/svg">
      <title id="\(id("title"))">\(HTML.escaped(title))</title>
      <desc id="\(id("desc"))">\(HTML.escaped(summary(curves)))</desc>
      \((plot.axes(quantity) + plot.curves(drawn)).joined(separator: "\n"))
      </svg>
      """
  }

  private func id(_ part: String) -> String { HTML.escaped("\(identifier)-\(part)") }

  /// What a reader who does not see the chart should know.
  private func summary(_ curves: [Series]) -> String {
    let sentences = curves.map { curve in
      guard let first = curve.points.first, let last = curve.points.last else {
        return "\(curve.name) has no values above 0."
      }
      func number(_ value: Double) -> String { String(format: "%.3g", value) }
      return "\(curve.name) goes from \(number(first.value)) at \(axis.unit) \(first.iteration) to "
        + "\(number(last.value)) at \(axis.unit) \(last.iteration)."
    }
    return (["The \(quantity) on a logarithmic axis over \(axis.name)."] + sentences).joined(separator: " ")
  }
}

// MARK: - Drawing

extension LossChart {
  /// Where everything goes.
  private struct Plot {
    let values: LogarithmicScale
    let iterations: CountScale
    let axis: Axis
    let left, right, top, bottom: Double

    init(_ curves: [Series], _ axis: Axis, _ scale: LogarithmicScale?) {
      self.axis = axis
      values = scale ?? LogarithmicScale(covering: curves.flatMap { $0.points.map(\.value) })
      iterations = CountScale(through: curves.flatMap { $0.points.map(\.iteration) }.max() ?? 0)
      let numbers = values.ticks.map { LogarithmicScale.label($0).count }.max() ?? 0
      let names = curves.map { LossChart.label($0.name).count }.max() ?? 0
      left = Double(numbers) * Layout.characterWidth + 12
      right = Layout.width - Double(names) * Layout.characterWidth - Layout.labelGap
      (top, bottom) = (Layout.top, Layout.height - Layout.bottom)
    }

    func x(_ iteration: Int) -> Double { left + (right - left) * iterations.position(iteration) }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * values.position(value) }

    func axes(_ quantity: String) -> [String] {
      let levels = values.ticks.flatMap { tick in
        [
          #"<line x1="\#(text(left))" x2="\#(text(right))" y1="\#(text(y(tick)))" y2="\#(text(y(tick)))" "#
            + #"stroke="currentColor" stroke-opacity="0.2"/>"#,
          #"<text x="\#(text(left - 6))" y="\#(text(y(tick) + 5))" text-anchor="end">"#
            + "\(LogarithmicScale.label(tick))</text>",
        ]
      }
      let counts = (axis.ticks ?? iterations.ticks).map { tick in
        #"<text x="\#(text(x(tick)))" y="\#(text(bottom + 20))" text-anchor="middle">\#(tick)</text>"#
      }
      return levels + counts + [
        #"<text x="0" y="16">\#(HTML.escaped(quantity)), logarithmic</text>"#,
        #"<text x="\#(text((left + right) / 2))" y="\#(text(bottom + 42))" text-anchor="middle">"#
          + "\(HTML.escaped(axis.name))</text>",
      ]
    }

    func curves(_ curves: [Series]) -> [String] {
      let ends = curves.map { y($0.points[$0.points.count - 1].value) }
      let labels = LossChart.spread(ends, apart: Layout.lineHeight, in: top...bottom)
      return curves.indices.flatMap { index in
        let curve = curves[index]
        let last = curve.points[curve.points.count - 1]
        let places = curve.points.map { SIMD2(x($0.iteration), y($0.value)) }
        let points = LossChart.simplified(places).map { "\(text($0.x)),\(text($0.y))" }
        let dash = LossChart.dashes[index % LossChart.dashes.count]
        let colour = "var(--chart-line-\(index + 1), currentColor)"
        let style = dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#
        // After all dashes were used once, lines are thicker.
        let width = 1.75 + Double(index / LossChart.dashes.count)
        let name = LossChart.label(curve.name)
        return [
          #"<polyline points="\#(points.joined(separator: " "))" fill="none" stroke="\#(colour)" "#
            + #"stroke-width="\#(text(width))" stroke-linejoin="round"\#(style)/>"#,
          #"<line x1="\#(text(x(last.iteration)))" y1="\#(text(ends[index]))" "#
            + #"x2="\#(text(right + Layout.labelGap - 4))" y2="\#(text(labels[index]))" "#
            + #"stroke="\#(colour)" stroke-width="0.75" stroke-opacity="0.6"/>"#,
          #"<text x="\#(text(right + Layout.labelGap))" y="\#(text(labels[index] + 5))">\#(HTML.escaped(name))</text>"#,
        ]
      }
    }
  }

  /// A name that fits beside the chart.
  fileprivate static func label(_ name: String) -> String {
    name.count <= Layout.longestLabel ? name : name.prefix(Layout.longestLabel - 1) + "…"
  }

  /// A line through some of the points, the first and the last among them, that no point is further from than can be seen.
  ///
  /// The point that is furthest from a straight line parts it, again and again (Douglas and Peucker, 1973).
  static func simplified(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    var isKept = points.map { _ in false }
    var parts = points.isEmpty ? [] : [0...points.count - 1]
    while let part = parts.popLast() {
      (isKept[part.lowerBound], isKept[part.upperBound]) = (true, true)
      let start = points[part.lowerBound]
      let way = points[part.upperBound] - start
      let length = max((way * way).sum().squareRoot(), 1e-9)
      var furthest = (index: part.lowerBound, distance: 0.0)
      for index in part.dropFirst().dropLast() {
        let from = points[index] - start
        let distance = abs(way.x * from.y - way.y * from.x) / length
        if distance > furthest.distance { furthest = (index, distance) }
      }
      guard furthest.distance > Layout.tolerance else { continue }
      parts += [part.lowerBound...furthest.index, furthest.index...part.upperBound]
    }
    return points.indices.filter { isKept[$0] }.map { points[$0] }
  }

  /// Places near the wanted ones, in their order, no two nearer than `distance`.
  ///
  /// Pushed down from the top and then back up from the bottom; where there is no room for all, they are spaced
  /// evenly.
  static func spread(_ wanted: [Double], apart distance: Double, in range: ClosedRange<Double>) -> [Double] {
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    let room = range.upperBound - range.lowerBound
    let distance = wanted.count > 1 ? min(distance, room / Double(wanted.count - 1)) : distance
    var places = wanted
    var next = range.lowerBound
    for index in order {
      places[index] = max(wanted[index], next)
      next = places[index] + distance
    }
    next = range.upperBound
    for index in order.reversed() {
      places[index] = min(places[index], next)
      next = places[index] - distance
    }
    return places
  }
}

/// A coordinate to a tenth, without zeros that say nothing.
private func text(_ number: Double) -> String { String(format: "%g", (number * 10).rounded() / 10) }
