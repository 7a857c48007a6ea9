import Foundation
import Testing

@testable import StyleStudy

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Loss chart")
struct LossChartTests {
  static func falling(_ name: String, from start: Double, to end: Double, _ count: Int = 101)
    -> LossChart.Series
  {
    let rate = log(end / start) / Double(count - 1)
    return .init(name: name, points: (0..<count).map { ($0, start * exp(rate * Double($0))) })
  }

  static let chart = LossChart(
    identifier: "run-1", title: "Losses of <conv_4> & others",
    series: [falling("total", from: 40, to: 0.02), falling("content", from: 3, to: 0.01)])

  /// The elements of a document that is checked to be XML, with the attributes of each.
  private final class Elements: NSObject, XMLParserDelegate {
    var found: [(name: String, attributes: [String: String])] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { found.append((name, attributes)) }

    static func of(_ svg: String) throws -> [(name: String, attributes: [String: String])] {
      let parser = XMLParser(data: Data(svg.utf8))
      let elements = Elements()
      parser.delegate = elements
      try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
      return elements.found
    }
  }

  @Test("the SVG is XML with a role, a title and a description of its own")
  func accessibility() throws {
    let svg = Self.chart.svg
    let root = try #require(try Elements.of(svg).first)
    #expect(root.name == "svg" && root.attributes["role"] == "img")
    #expect(root.attributes["aria-labelledby"] == "run-1-title run-1-desc")
    #expect(svg.contains(#"<title id="run-1-title">Losses of &lt;conv_4&gt; &amp; others</title>"#))
    #expect(
      svg.contains(
        #"<desc id="run-1-desc">The loss on a logarithmic axis over iterations. total goes from 40 at iteration "#
          + "0 to 0.02 at iteration 100. content goes from 3 at iteration 0 to 0.01 at iteration 100.</desc>")
    )
  }

  @Test("curves differ by their dashes and carry their names, and no colour is fixed")
  func withoutColour() throws {
    let series = (1...13).map { Self.falling("conv_\($0)", from: Double($0), to: 0.001 * Double($0)) }
    let svg = LossChart(identifier: "a", title: "t", series: series).svg
    let lines = try Elements.of(svg).filter { $0.name == "polyline" }
    try #require(lines.count == 13)
    let looks = lines.prefix(12).map {
      "\($0.attributes["stroke-dasharray"] ?? "solid") \($0.attributes["stroke-width"] ?? "")"
    }
    #expect(Set(looks).count == 12)
    for one in series { #expect(svg.contains(">\(one.name)</text>")) }
    #expect(svg.firstRange(of: /#[0-9a-fA-F]{3}|rgb\(|"(?:black|white)"/) == nil)
  }

  @Test("text is at least 11 px on a phone, and everything is inside the box")
  func legibility() throws {
    let elements = try Elements.of(Self.chart.svg)
    let box = try #require(elements[0].attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
    let size = try #require(Double(elements[0].attributes["font-size"] ?? ""))
    #expect(size * 330 / box[2] >= 11)
    #expect(!elements.dropFirst().contains { $0.attributes["font-size"] != nil })
    for (_, attributes) in elements {
      for (key, limit) in [("x", box[2]), ("x1", box[2]), ("x2", box[2]), ("y", box[3]), ("y1", box[3])] {
        if let value = attributes[key].flatMap(Double.init) { #expect((0...limit).contains(value)) }
      }
    }
  }

  @Test("equal ratios are equal distances, and values that have no logarithm are left out")
  func logarithmic() throws {
    let points = [(0, 100.0), (1, 10), (3, 1), (4, 0), (5, -.infinity), (6, .nan), (9, 0.1)]
    let svg = LossChart(identifier: "a", title: "t", series: [.init(name: "n", points: points)]).svg
    let line = try #require(try Elements.of(svg).first { $0.name == "polyline" })
    let heights = try #require(line.attributes["points"]).split(separator: " ").compactMap {
      Double($0.split(separator: ",")[1])
    }
    try #require(heights.count == 4)
    for (a, b) in zip(heights, heights.dropFirst()) {
      // Coordinates are rounded to a tenth.
      #expect(abs((b - a) - (heights[1] - heights[0])) <= 0.21 && b > a)
    }
  }

  @Test("a curve without values above 0 is said to have none, and a chart without curves still is one")
  func empty() throws {
    let none = LossChart(identifier: "a", title: "t", series: [.init(name: "tv", points: [(0, 0)])]).svg
    #expect(none.contains("tv has no values above 0."))
    #expect(!(try Elements.of(none)).contains { $0.name == "polyline" })
    #expect(try Elements.of(LossChart(identifier: "a", title: "t", series: []).svg).count > 3)
    let one = LossChart(identifier: "a", title: "t", series: [.init(name: "x", points: [(0, 0.5)])]).svg
    #expect(try Elements.of(one).contains { $0.name == "polyline" })
  }

  @Test("a curve has as few points as show it: the first, the last, and none that is far from the line")
  func simplification() throws {
    let curve = (0...5000).map { n in
      let x = Double(n) * 0.08
      return SIMD2(x, 200 - 30 * (1 + x).squareRoot() + (n == 2500 ? 4 : 0))
    }
    let line = LossChart.simplified(curve)
    #expect(line.count < 40 && line.first == curve.first && line.last == curve.last)
    #expect(line.contains(curve[2500]))
    for (start, end) in zip(line, line.dropFirst()) {
      for point in curve where start.x...end.x ~= point.x {
        let onLine = start.y + (end.y - start.y) * (point.x - start.x) / (end.x - start.x)
        // Beside the line, not above it: by a slope of at most 1 but at the spike's sides.
        #expect(abs(point.y - onLine) <= 0.4 * (1 + abs(end.y - start.y) / (end.x - start.x)))
      }
    }
    #expect(LossChart.simplified([]).isEmpty && LossChart.simplified([SIMD2(1, 2)]) == [SIMD2(1, 2)])
    let series = Self.falling("total", from: 1, to: 1e-3, 5000)
    let drawn = try #require(
      try Elements.of(LossChart(identifier: "a", title: "t", series: [series]).svg)
        .first { $0.name == "polyline" })
    #expect(try #require(drawn.attributes["points"]).split(separator: " ").count < 200)
  }

  @Test(
    "ticks are round numbers that enclose the values, few enough to read",
    arguments: [
      (0.01, 40.0, ["0.01", "0.1", "1", "10", "100"]), (1, 1000, ["1", "10", "100", "1000"]),
      (0.8, 3, ["0.5", "1", "2", "5"]), (0.2, 0.2, ["0.2", "0.5"]),
      (2e-12, 3e7, ["10⁻¹²", "10⁻⁸", "10⁻⁴", "1", "10000", "10⁸"]),
      (3e-5, 9e-5, ["2·10⁻⁵", "5·10⁻⁵", "10⁻⁴"]),
    ])
  func valueTicks(least: Double, most: Double, labels: [String]) {
    let scale = LogarithmicScale(covering: [most, least])
    #expect(scale.ticks.map(LogarithmicScale.label) == labels)
    #expect(scale.position(least) >= -1e-9 && scale.position(most) <= 1 + 1e-9)
  }

  @Test(
    "iterations are marked at round numbers",
    arguments: [
      (0, [0, 1]), (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (50, [0, 10, 20, 30, 40, 50]),
      (100, [0, 20, 40, 60, 80, 100]), (300, [0, 100, 200, 300]), (501, [0, 100, 200, 300, 400, 500]),
    ])
  func countTicks(largest: Int, ticks: [Int]) {
    #expect(CountScale(through: largest).ticks == ticks)
  }

  @Test("names are moved apart in order, within the chart, even where there are too many")
  func spreading() {
    #expect(LossChart.spread([10, 50], apart: 18, in: 0...100) == [10, 50])
    #expect(LossChart.spread([10, 10, 12], apart: 10, in: 0...100) == [10, 20, 30])
    #expect(LossChart.spread([100, 99], apart: 10, in: 0...100) == [100, 90])
    #expect(LossChart.spread([5, 5, 5, 5, 5], apart: 50, in: 0...100) == [0, 25, 50, 75, 100].map { $0 })
  }
}
