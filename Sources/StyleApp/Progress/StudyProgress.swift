import Foundation
import StyleStudy
import StyleTransfer

/// Tells how a study goes: the run that is being made, and the whole, each with the time left.
final class StudyProgress: StudyAudience {
  private let costs: [String: Double]
  private let order: [String]
  private let isQuiet: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var done = 0.0
  private var current = ""
  private var work = WorkDone([])
  private var lastLine: ContinuousClock.Instant?

  /// - Parameter runs: Those that have to be made, with how long each takes beside the others.
  init(_ runs: [(name: String, cost: Double)], isQuiet: Bool) {
    costs = Dictionary(runs.map { ($0.name, $0.cost) }, uniquingKeysWith: +)
    order = runs.map(\.name)
    self.isQuiet = isQuiet
    start = clock.now
  }

  func note(_ sentence: String) {
    if isQuiet { return }
    Terminal.endLine(erasing: true)
    Terminal.write(sentence + "\n")
  }

  func begin(_ name: String, _ stages: [StageSize]) {
    (current, work) = (name, WorkDone(stages))
    // A pipe gets a line when a run ends, and now and then while a long one goes on.
    if !Terminal.isInteractive { lastLine = clock.now }
  }

  func update(_ iteration: Iteration) {
    work.update(iteration)
    let interval = Duration.milliseconds(Terminal.isInteractive ? 60 : 20_000)
    let now = clock.now
    if isQuiet || lastLine.map({ now - $0 < interval }) == true { return }
    lastLine = now
    let line = Self.line(
      place: place(current), name: current, iteration: iteration, part: work.secondsLeft(iteration),
      whole: secondsLeft(current, partDone: work.fraction),
      width: Terminal.isInteractive ? Terminal.liveWidth : 200)
    if Terminal.isInteractive { Terminal.show(line) } else { Terminal.write(line + "\n") }
  }

  func finish(_ name: String) {
    done += costs[name] ?? 0
    let left = secondsLeft()
    note("[\(place(name))] \(name) is there" + (left.map { "; \(readable(.seconds($0))) left" } ?? ""))
  }

  func fail(_ name: String, because reason: String) {
    done += costs[name] ?? 0
    note("[\(place(name))] \(name) failed: \(reason)")
  }

  private func place(_ name: String) -> String {
    "\((order.firstIndex(of: name) ?? 0) + 1)/\(order.count)"
  }

  /// For the whole; `nil` while there is nothing to tell it from.
  private func secondsLeft(_ name: String? = nil, partDone: Double = 0) -> Double? {
    let whole = costs.values.reduce(0, +)
    let done = done + partDone * (name.flatMap { costs[$0] } ?? 0)
    guard done > 0, done < whole else { return nil }
    return (clock.now - start) / .seconds(1) * (whole - done) / done
  }

  /// The live line, cut from its end on to fit `width` columns.
  static func line(
    place: String, name: String, iteration: Iteration, part: Double?, whole: Double?, width: Int
  ) -> String {
    func left(_ seconds: Double?, _ what: String) -> String? {
      seconds.map { "\(what) \(readable(.seconds($0))) left" }
    }
    let parts = [
      "[\(place)] \(name)", left(whole, "in all"), left(part, "here"), "iteration \(iteration.number)",
      "loss \(short(iteration.total))",
    ]
    var line = ""
    for part in parts.compactMap({ $0 }) {
      let longer = line.isEmpty ? part : "\(line)  \(part)"
      // The last column stays free: a full line makes some terminals wrap.
      if !line.isEmpty, longer.count >= width { break }
      line = longer
    }
    return String(line.prefix(max(1, width - 1)))
  }
}
