import Foundation
import NN
import StyleTransfer
import Tensor

/// Makes the study's pictures, one after the other, and passes over those that are there already.
struct StudyRunner {
  enum Outcome {
    /// The picture is there, after these iterations.
    case finished([Iteration])
    case failed(String)
  }

  /// The folder that pictures and logs go to.
  let folder: String
  let network: VGG19
  /// The digest of the network's weights, in hexadecimal.
  let weightsSHA256: String
  /// The bytes that a run may use; `nil` for what the machine or its container has.
  let memoryLimit: ByteCount?
  let shouldStop: () -> Bool

  init(
    folder: String, network: VGG19, memoryLimit: ByteCount?, shouldStop: @escaping () -> Bool
  ) throws {
    (self.folder, self.network, self.shouldStop) = (folder, network, shouldStop)
    self.memoryLimit = memoryLimit
    weightsSHA256 = try network.weights.sha256()
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The network as a run lets it look at pictures.
  func network(for recipe: Recipe) -> VGG19 {
    VGG19(weights: network.weights, pooling: recipe.pooling, padding: recipe.padding)
  }

  /// The runs whose pictures are there already, by their names.
  func finished(_ runs: [StudyRun]) -> [String: Outcome] {
    var outcomes: [String: Outcome] = [:]
    for run in runs {
      if let iterations = iterations(of: run) { outcomes[run.name] = .finished(iterations) }
    }
    return outcomes
  }

  /// Makes the pictures that are missing; a run that fails is noted, and the next one begins.
  ///
  /// - Parameter outcomes: What is finished already; gets what becomes of the others.
  /// - Throws: ``StyleTransferError`` of the kind `interrupted`.
  func make(
    _ runs: [StudyRun], _ outcomes: inout [String: Outcome], _ audience: some StudyAudience
  ) throws {
    for run in runs where outcomes[run.name] == nil {
      do {
        try make(run, audience)
        audience.finish(run.name)
        guard let iterations = iterations(of: run) else {
          throw StyleTransferError(.badData, "the picture or its log cannot be read again")
        }
        outcomes[run.name] = .finished(iterations)
      } catch let failure as StyleTransferError where failure.kind == .interrupted {
        throw failure
      } catch {
        audience.fail(run.name, because: "\(error)")
        outcomes[run.name] = .failed("\(error)")
      }
    }
  }

  func plan(_ run: StudyRun) throws -> RunPlan {
    RunPlan(try PreparedRecipe(run.recipe()), memoryLimit: memoryLimit)
  }

  /// The log of a run whose picture has the recipe that is wanted; `nil` where it has to be made.
  ///
  /// The pictures and the weights are compared by their digests, which the recipe holds.
  private func iterations(of run: StudyRun) -> [Iteration]? {
    guard let prepared = try? PreparedRecipe(run.recipe()),
      prepared.isPainted(at: path(run.pictureName), weightsSHA256: weightsSHA256)
    else { return nil }
    return IterationLog.iterations(at: path(run.logName))
  }

  private func make(_ run: StudyRun, _ audience: some StudyAudience) throws {
    // A log takes its name when its picture is there: an older one never passes for a newer picture's.
    let unfinished = path(run.logName + ".part")
    try? FileManager.default.removeItem(atPath: path(run.logName))
    let picture = path(run.pictureName)
    var state = KeptState(beside: picture)
    // Where the state stays, its log is gone on with.
    var isKept = false
    defer { if !isKept { try? FileManager.default.removeItem(atPath: unfinished) } }
    try Picture.checkWritable(picture)
    let prepared = try PreparedRecipe(run.recipe())
    let plan = RunPlan(prepared, memoryLimit: memoryLimit)
    try plan.checkMemory()
    let begun = state.painting(
      prepared, network: network, weightsSHA256: weightsSHA256, memoryLimit: memoryLimit)
    var painting =
      try begun?.painting
      ?? Painting(
        prepared, network: network, weightsSHA256: weightsSHA256, memoryLimit: memoryLimit, plan: plan)
    let log = try IterationLog(
      path: unfinished, keeping: begun?.notes[Self.logLength].flatMap { Int($0) } ?? 0)
    func notes() -> [String: String] { [Self.logLength: "\(log.safeLength)"] }
    audience.begin(run.name, prepared.stages)
    while let iteration = try painting.next(shouldStop: shouldStop) {
      audience.update(iteration)
      try log.append(iteration)
      state.note(&painting, notes: notes())
    }
    if painting.iteration != nil { try painting.write(to: picture) }
    if painting.ending == .stopped {
      isKept = state.keepAtStop(&painting, notes: notes())
      throw StyleTransferError(.interrupted, "interrupted; the best picture so far is in '\(picture)'")
    }
    try FileManager.default.moveItem(atPath: unfinished, toPath: path(run.logName))
    state.remove()
  }

  /// What a state notes: the bytes of the log that belong to it.
  private static let logLength = "log"
}
