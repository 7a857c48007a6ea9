import TerminalPlot
import Testing

@Suite("Terminal plot")
struct TerminalPlotTests {
  @Test("shades, lines and marks stand where their numbers are")
  func drawing() {
    var plot = TerminalPlot(x: 0...4, y: -1...1, columns: 4, rows: 2)
    plot.band(x: [0, 4], from: [-1, -1], to: [0, 0])
    plot.line(x: [0, 2], y: [0.9, 0.9])
    plot.points(x: [3.5, 9], y: [0.5, 0.5], mark: "x")
    let expected = """
            1 ┤⠉⠉ x
           -1 ┤░░░░
              └────
               0  4
      """
    // The margins are trimmed alike on both sides.
    let lines = { (text: String) in text.split(separator: "\n").map { $0.drop { $0 == " " } } }
    #expect(lines(plot.description) == lines(expected))
  }

  @Test("a steep line has no gaps, and what lies outside is left out")
  func steepLine() {
    var plot = TerminalPlot(x: 0...1, y: 0...1, columns: 1, rows: 3)
    plot.line(x: [0, 0.5, 0.5001, 1], y: [-1e300, -1e300, 1e300, 1e300])
    let cells = plot.description.split(separator: "\n").prefix(3).map { $0.last! }
    #expect(cells == ["⢸", "⢸", "⢸"])
  }
}
