import Testing

@testable import StyleApp
@testable import StyleTransfer

@Suite("Progress")
struct ProgressTests {
  private static let iteration = Iteration(
    side: 256, number: 30, evaluations: 33, seconds: 21, content: 0.25, style: 1.5, totalVariation: 0,
    total: 1.0)

  /// A run of 20 iterations at 128 pixels and 80 at 256, of which the first size and ten more are done.
  private static let stages = StageSize.all(
    ScaleList([.init(side: 128, iterations: 20), .init(side: 256, iterations: 80)]), width: 256, height: 128)

  private static let work: WorkDone = {
    var work = WorkDone(stages)
    var first = iteration
    (first.side, first.number) = (128, 20)
    work.update(first)
    work.update(iteration)
    return work
  }()

  @Test("the live line fits any width and never loses the count")
  func liveLineFits() {
    for width in 12...200 {
      let line = ProgressReporter.liveLine(Self.iteration, Self.work, width: width)
      #expect(line.count < width)
      #expect(line.contains("30/100"))
    }
  }

  @Test("work is counted in pixels: a quarter for an iteration of half the size")
  func work() {
    #expect(Self.work.fraction == (20 * 0.25 + 10) / (20 * 0.25 + 80))
    #expect(abs(Self.work.secondsLeft(Self.iteration)! - 21 * 70 / 15) < 1e-9)
  }

  @Test("a size that ended early takes its iterations out of the count")
  func earlyEnd() {
    var work = WorkDone(Self.stages)
    var iteration = Self.iteration
    (iteration.side, iteration.number) = (128, 12)
    work.update(iteration)
    // The start of the next size.
    iteration.side = 256
    work.update(iteration)
    #expect(work.plannedIterations == 92)
    iteration.number = 92
    work.update(iteration)
    #expect(work.fraction == 1)
  }

  @Test("a wide live line shows the size, losses and the time left")
  func liveLine() {
    #expect(
      ProgressReporter.liveLine(Self.iteration, Self.work, width: 120)
        == "▕███▌                ▏   30/100  256 px  loss 1.00  98 s left  content 0.2500  style 1.50")
  }

  @Test("a plain line shows the same")
  func plainLine() {
    #expect(
      ProgressReporter.plainLine(Self.iteration, Self.work)
        == "iteration 30 of 100 at 256 pixels: loss 1.00 (content 0.2500, style 1.50), 98 s left")
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
