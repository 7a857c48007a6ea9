import Foundation
import ImpastoPlatform
import StyleTransfer

/// Where and how often the state of a run is kept, as its options say it.
struct CheckpointPlan: Codable {
  /// The file; `nil` for none.
  var path: String?
  /// Whether a file was named; else it is kept only when the run takes long.
  var isAsked = false
  /// Seconds from one state to the next.
  var interval = StateSchedule.interval

  /// The file beside a picture; `nil` where that goes to standard output.
  static func besides(_ output: OutputFile) -> String? {
    output.isStandardOutput ? nil : output.path + KeptState.pathEnding
  }
}

/// What a checkpoint keeps of a run beside its painting.
struct RunNotes: Codable {
  /// The folder that relative paths are meant in.
  let folder: String
  let output: String
  let weights: String?
  let side: SideOptions
  let plan: CheckpointPlan
  let state: SideOutputs.State

  /// A path of the run, as it is seen from the current folder.
  func path(_ path: String) -> String {
    path.hasPrefix("/") || path == OutputFile.standardOutput
      || folder == FileManager.default.currentDirectoryPath ? path : "\(folder)/\(path)"
  }

  private static let key = "run"

  var notes: [String: String] {
    get throws { [Self.key: String(decoding: try JSONEncoder.sorted().encode(self), as: UTF8.self)] }
  }

  /// - Throws: ``StyleTransferError`` for a checkpoint of another program.
  init(_ checkpoint: Checkpoint) throws {
    guard let text = checkpoint.notes[Self.key],
      let notes = try? JSONDecoder.numbersAsTexts().decode(RunNotes.self, from: Data(text.utf8))
    else {
      throw StyleTransferError(
        .badData,
        "'\(checkpoint.path)' is not of a run of this program; go on with Painting(resuming:network:) where it was made"
      )
    }
    self = notes
  }

  init(
    output: String, weights: String?, side: SideOptions, plan: CheckpointPlan, state: SideOutputs.State
  ) {
    folder = FileManager.default.currentDirectoryPath
    (self.output, self.weights, self.side) = (output, weights, side)
    (self.plan, self.state) = (plan, state)
  }
}

/// Keeps the state of a run in a file: every few minutes, at each new size, and when it is stopped.
///
/// A state that cannot be written, as on a full disk, leaves the one before, is told of, and the run goes on.
struct RunCheckpoint {
  private let plan: CheckpointPlan
  private var schedule: StateSchedule
  private var lastSide: Int?
  /// Whether there is a state of this run in the file.
  private(set) var isKept: Bool

  /// - Parameter isResumed: Whether the run goes on from the file.
  init(_ plan: CheckpointPlan, isResumed: Bool) {
    self.plan = plan
    schedule = StateSchedule(
      first: isResumed ? plan.interval : plan.isAsked ? 0 : nil, interval: plan.interval)
    isKept = isResumed
  }

  var path: String? { plan.path }

  /// Notes an iteration, and writes the state when it is time to.
  mutating func note(_ iteration: Iteration, _ write: (String) throws -> Void) {
    let isNewSize = iteration.side != lastSide && lastSide != nil
    lastSide = iteration.side
    if schedule.isDue || isNewSize && isKept { keep(write) }
  }

  /// Writes the state now.
  mutating func keep(_ write: (String) throws -> Void) {
    guard let path else { return }
    do {
      try schedule.writing { try write(path) }
      isKept = true
    } catch {
      Terminal.endLine()
      Terminal.write("impasto: the state of the run cannot be kept: \(error); the run goes on\n")
    }
  }

  /// Writes the state of a run that is stopped, where it was asked for or the run took long.
  mutating func keepAtStop(_ write: (String) throws -> Void) {
    guard isKept || plan.isAsked || schedule.hasTakenLong else { return }
    keep(write)
  }

  /// Deletes the file, when its run has ended.
  func remove() {
    guard isKept, let path else { return }
    AtomicFile.delete(path)
  }
}
