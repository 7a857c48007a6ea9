import Testing

@testable import StyleApp

@Suite("Progress")
struct ProgressTests {
  private static let record = IterationRecord(
    iteration: 30, evaluations: 33, seconds: 21, content: 0.25, style: 1.5, tv: 0, total: 1.0)

  @Test("the live line fits any width and never loses the count")
  func liveLineFits() {
    for width in 12...200 {
      let line = ProgressReporter.liveLine(Self.record, of: 300, width: width)
      #expect(line.count < width)
      #expect(line.contains("30/300"))
    }
  }

  @Test("a wide live line shows losses, pace and the time left")
  func liveLine() {
    #expect(
      ProgressReporter.liveLine(Self.record, of: 300, width: 120)
        == "▕██                  ▏   30/300  loss 1.00  0.70 s/iteration  3 min 09 s left  content 0.2500  style 1.50"
    )
  }

  @Test("a plain line shows the same")
  func plainLine() {
    #expect(
      ProgressReporter.plainLine(Self.record, of: 300)
        == "iteration 30 of 300: loss 1.00 (content 0.2500, style 1.50), 0.70 s an iteration, 3 min 09 s left"
    )
  }

  @Test(
    "durations read as people say them",
    arguments: [(0.04, "0.0 s"), (9.9, "9.9 s"), (42, "42 s"), (185, "3 min 05 s"), (3720, "1 h 02 min")])
  func durations(_ seconds: Double, _ text: String) {
    #expect(readable(.seconds(seconds)) == text)
  }

  @Test(
    "numbers keep three digits or so in at most eight characters",
    arguments: [
      (0, "0"), (123.456, "123"), (12.345, "12.3"), (0.5, "0.5000"), (1.25e-5, "1.25e-05"), (3e7, "3.00e+07"),
    ])
  func numbers(_ value: Double, _ text: String) {
    #expect(short(value) == text)
    #expect(short(value).count <= 8)
  }
}
