import NN
import StyleTransfer

/// What the runs of a study that are still to be made would take.
package struct StudyForecast {
  private let runs: [(name: String, plan: RunPlan)]
  private let runner: StudyRunner

  init(_ runs: [StudyRun], _ runner: StudyRunner) throws {
    self.runner = runner
    self.runs = try runs.map { ($0.name, try runner.plan($0)) }
  }

  /// - Throws: ``StyleTransferError`` for the first run that needs more than the study's limit allows.
  package func checkMemory() throws {
    for (_, plan) in runs { try plan.checkMemory() }
  }

  /// The runs' names with how long each takes beside the others.
  package var costs: [(name: String, cost: Double)] { runs.map { ($0.name, $0.plan.relativeCost) } }

  /// A line for each run and one for the whole, after a calibration of about a second with the longest run.
  package func report() throws -> String {
    guard let longest = runs.max(by: { $0.plan.operations < $1.plan.operations }),
      let largest = runs.max(by: { $0.plan.memory.peak.bytes < $1.plan.memory.peak.bytes })
    else { return "All pictures are there; nothing would be made." }
    let calibration = try longest.plan.calibration(runner.network(for: longest.plan.prepared.recipe))
    let width = runs.map(\.name.count).max()!
    var lines: [String] = []
    var (operations, seconds) = (0.0, 0.0)
    for (name, plan) in runs {
      lines.append(Self.row(name, width, plan.operations, plan.seconds(calibration)))
      operations += plan.operations
      seconds += plan.seconds(calibration)
    }
    lines += [
      Self.row("all \(runs.count)", width, operations, seconds), "",
      "time: about \(readable(.seconds(seconds))), less where a size settles early; most of it \(longest.name)",
      "peak memory: about \(largest.plan.memory.peak), of \(largest.name); most of it "
        + largest.plan.memory.largest.name,
    ]
    do { try checkMemory() } catch let failure as StyleTransferError {
      lines.append(failure.description)
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ width: Int, _ operations: Double, _ seconds: Double) -> String {
    name + Cost.amount(operations).rightAligned(width + 12 - name.count)
      + readable(.seconds(seconds)).rightAligned(14)
  }
}
