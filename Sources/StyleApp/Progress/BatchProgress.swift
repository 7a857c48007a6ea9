import Foundation
import StyleBatch
import StyleTransfer
import Synchronization

/// Tells how a batch goes: a line for each picture, and in a terminal one that lives.
final class BatchProgress: BatchAudience {
  private struct State {
    var work: [Int: WorkDone] = [:]
    var finished = 0
    /// The pictures that were painted, and the seconds of all of them together.
    var lastLine: ContinuousClock.Instant?
  }

  private let outputs: [String]
  private let isQuiet: Bool
  private let state = Mutex(State())

  init(_ outputs: [String], isQuiet: Bool) { (self.outputs, self.isQuiet) = (outputs, isQuiet) }

  func note(_ sentence: String) {
    if isQuiet { return }
    Terminal.endLine(erasing: true)
    Terminal.write(sentence + "\n")
  }

  func begin(_ index: Int, _ stages: [StageSize]) { state.withLock { $0.work[index] = WorkDone(stages) } }

  func update(_ index: Int, _ iteration: Iteration) {
    if isQuiet || !Terminal.isInteractive { return }
    let line: String? = state.withLock { state in
      state.work[index]?.update(iteration)
      let now = ContinuousClock.now
      if let last = state.lastLine, now - last < .milliseconds(100) { return nil }
      state.lastLine = now
      let parts = state.work.sorted { $0.key < $1.key }.map {
        "\(name($0.key)) \(Int((100 * $0.value.fraction).rounded())) %"
      }
      return "[\(state.finished)/\(outputs.count)] " + parts.joined(separator: "  ")
    }
    if let line { Terminal.show(String(line.prefix(max(1, Terminal.liveWidth - 1)))) }
  }

  func finish(_ index: Int, _ entry: BatchSummary.Entry) {
    let count = state.withLock { state in
      state.work[index] = nil
      state.finished += 1
      return state.finished
    }
    let output = entry.output.isEmpty ? entry.place : entry.output
    switch entry.state {
    case .made:
      let loss = entry.loss.map { ", loss \(short($0))" } ?? ""
      note(
        "[\(count)/\(outputs.count)] \(output): \(counted(entry.iterations ?? 0, "iteration"))\(loss), "
          + readable(.seconds(entry.seconds ?? 0)))
    case .there: note("[\(count)/\(outputs.count)] \(output) is there")
    case .failed:
      // Told even where nothing else is: it is an error.
      Terminal.endLine(erasing: true)
      let place = entry.place == entry.output || entry.output.isEmpty ? "" : " (\(entry.place))"
      Terminal.write("impasto: \(output)\(place): \(entry.reason ?? "failed")\n")
    case .left: break
    }
  }

  private func name(_ index: Int) -> String { (outputs[index] as NSString).lastPathComponent }
}
