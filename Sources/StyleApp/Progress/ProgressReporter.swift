import Foundation

/// One iteration of a run, as the log and the progress line show it.
struct IterationRecord: Codable, Equatable {
  /// Counted from 1; 0 is the start, before the first step.
  let iteration: Int
  /// Evaluations of the objective and its gradient so far.
  let evaluations: Int
  /// Since the run began.
  let seconds: Double
  let content: Double
  let style: Double
  let tv: Double
  let total: Double
}

/// Tells a person how a run goes: one live line in a terminal, plain lines now and then in a pipe.
struct ProgressReporter {
  private enum Mode { case silent, live, plain }

  private let mode: Mode
  private let iterations: Int
  private let clock = ContinuousClock()
  private var lastPlainLine: ContinuousClock.Instant?
  private var lastLiveLine: ContinuousClock.Instant?

  /// How often a pipe gets a line.
  private static let plainInterval = Duration.seconds(10)
  /// How often the live line is drawn anew at most.
  private static let liveInterval = Duration.milliseconds(60)

  init(iterations: Int, isQuiet: Bool) {
    self.iterations = iterations
    mode = isQuiet ? .silent : Terminal.isInteractive ? .live : .plain
  }

  /// A sentence of its own, such as what is being loaded.
  func note(_ sentence: String) {
    switch mode {
    case .silent: return
    case .live: Terminal.write("\r\u{1B}[K\(sentence)\n")
    case .plain: Terminal.write("\(sentence)\n")
    }
  }

  mutating func update(_ record: IterationRecord) {
    let now = clock.now
    switch mode {
    case .silent: return
    case .live:
      if let last = lastLiveLine, now - last < Self.liveInterval, record.iteration < iterations { return }
      lastLiveLine = now
      Terminal.write("\r\(Self.liveLine(record, of: iterations, width: Terminal.width))\u{1B}[K")
    case .plain:
      if let last = lastPlainLine, now - last < Self.plainInterval, record.iteration < iterations { return }
      lastPlainLine = now
      Terminal.write(Self.plainLine(record, of: iterations) + "\n")
    }
  }

  /// Ends the live line, so that what follows starts on a line of its own.
  func finish() {
    if mode == .live, lastLiveLine != nil { Terminal.write("\n") }
  }

  /// The live line, cut from its least important part on to fit `width` columns.
  static func liveLine(_ record: IterationRecord, of iterations: Int, width: Int) -> String {
    let count = String(iterations)
    let done = String(repeating: " ", count: max(count.count - String(record.iteration).count, 0))
    var parts = ["\(done)\(record.iteration)/\(count)"]
    parts.append("loss \(short(record.total))")
    if let pace = pace(record) {
      parts.append(String(format: "%.2f s/iteration", pace))
      parts.append("\(readable(remaining(record, of: iterations))) left")
    }
    parts.append("content \(short(record.content))")
    parts.append("style \(short(record.style))")
    if record.tv != 0 { parts.append("tv \(short(record.tv))") }

    var line = ""
    let barWidth = width >= 60 ? 20 : width >= 40 ? 10 : 0
    if barWidth > 0 { line = bar(Double(record.iteration) / Double(max(iterations, 1)), width: barWidth) }
    for part in parts {
      let separator = line.isEmpty ? "" : "  "
      // The last column stays free: a full line makes some terminals wrap.
      if line.count + separator.count + part.count >= width { break }
      line += separator + part
    }
    return line
  }

  static func plainLine(_ record: IterationRecord, of iterations: Int) -> String {
    var line =
      "iteration \(record.iteration) of \(iterations): loss \(short(record.total))"
      + " (content \(short(record.content)), style \(short(record.style))"
    line += record.tv == 0 ? ")" : ", tv \(short(record.tv)))"
    if let pace = pace(record), record.iteration < iterations {
      line += String(format: ", %.2f s an iteration, ", pace)
      line += "\(readable(remaining(record, of: iterations))) left"
    }
    return line
  }

  /// Seconds an iteration took so far, on average.
  private static func pace(_ record: IterationRecord) -> Double? {
    record.iteration > 0 ? record.seconds / Double(record.iteration) : nil
  }

  private static func remaining(_ record: IterationRecord, of iterations: Int) -> Duration {
    .seconds((pace(record) ?? 0) * Double(max(iterations - record.iteration, 0)))
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
