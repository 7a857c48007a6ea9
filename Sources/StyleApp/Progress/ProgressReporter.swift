import Foundation
import StyleTransfer

/// Tells a person how a run goes: one live line in a terminal, plain lines now and then in a pipe.
struct ProgressReporter {
  private enum Mode { case silent, live, plain }

  private let mode: Mode
  private let clock = ContinuousClock()
  private var lastPlainLine: ContinuousClock.Instant?
  private var lastLiveLine: ContinuousClock.Instant?
  private(set) var work: WorkDone

  /// How often a pipe gets a line.
  private static let plainInterval = Duration.seconds(10)
  /// How often the live line is drawn anew at most.
  private static let liveInterval = Duration.milliseconds(60)

  init(stages: [StageSize], isQuiet: Bool) {
    work = WorkDone(stages)
    mode = isQuiet ? .silent : Terminal.isInteractive ? .live : .plain
  }

  /// A sentence of its own, such as what is being loaded.
  func note(_ sentence: String) {
    switch mode {
    case .silent: return
    case .live, .plain:
      Terminal.endLine(erasing: true)
      Terminal.write("\(sentence)\n")
    }
  }

  /// Begins where an earlier run was stopped.
  mutating func begin(at iteration: Iteration, after earlier: Int) {
    work.begin(at: iteration, after: earlier)
  }

  mutating func update(_ iteration: Iteration) {
    work.update(iteration)
    let now = clock.now
    let isLast = iteration.number == work.plannedIterations
    switch mode {
    case .silent: return
    case .live:
      if let last = lastLiveLine, now - last < Self.liveInterval, !isLast { return }
      lastLiveLine = now
      Terminal.show(Self.liveLine(iteration, work, width: Terminal.liveWidth))
    case .plain:
      if let last = lastPlainLine, now - last < Self.plainInterval, !isLast { return }
      lastPlainLine = now
      Terminal.write(Self.plainLine(iteration, work) + "\n")
    }
  }

  /// Ends the live line, so that what follows starts on a line of its own.
  func finish() { Terminal.endLine() }

  /// The live line, cut from its least important part on to fit `width` columns.
  static func liveLine(_ iteration: Iteration, _ work: WorkDone, width: Int) -> String {
    let count = String(work.plannedIterations)
    var parts = [
      "\(String(iteration.number).rightAligned(count.count))/\(count)", "\(iteration.side) px",
      "loss \(short(iteration.total))",
    ]
    if let left = work.secondsLeft(iteration) { parts.append("\(readable(.seconds(left))) left") }
    parts += terms(iteration)

    var line = ""
    let barWidth = width >= 60 ? 20 : width >= 40 ? 10 : 0
    if barWidth > 0 { line = bar(work.fraction, width: barWidth) }
    for part in parts {
      let separator = line.isEmpty ? "" : "  "
      // The last column stays free: a full line makes some terminals wrap.
      if line.count + separator.count + part.count >= width { break }
      line += separator + part
    }
    return line
  }

  static func plainLine(_ iteration: Iteration, _ work: WorkDone) -> String {
    let terms = terms(iteration).joined(separator: ", ")
    var line =
      "iteration \(iteration.number) of \(work.plannedIterations) at \(iteration.side) pixels: loss "
      + "\(short(iteration.total))" + (terms.isEmpty ? "" : " (\(terms))")
    if let left = work.secondsLeft(iteration), work.fraction < 1 {
      line += ", \(readable(.seconds(left))) left"
    }
    return line
  }

  /// The terms that the objective has, where there is more than one.
  private static func terms(_ iteration: Iteration) -> [String] {
    let all = [("content", iteration.content), ("style", iteration.style), ("tv", iteration.totalVariation)]
      .filter { $1 != 0 }
    return all.count > 1 ? all.map { "\($0) \(short($1))" } : []
  }

  /// A bar of eighth blocks.
  private static func bar(_ fraction: Double, width: Int) -> String {
    let eighths = Int((min(max(fraction, 0), 1) * Double(width * 8)).rounded(.down))
    let full = String(repeating: "█", count: eighths / 8)
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let used = eighths / 8 + (part.isEmpty ? 0 : 1)
    return "▕" + full + part + String(repeating: " ", count: width - used) + "▏"
  }
}
