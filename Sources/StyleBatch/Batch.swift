import Foundation
import NN
import StyleTransfer
import Synchronization
import Tensor

/// What hears how a batch goes, from the threads that paint.
package protocol BatchAudience: Sendable {
  /// Hears that a job is begun, by its place in the list.
  func begin(_ index: Int, _ stages: [StageSize])
  /// Hears of an iteration of a job.
  func update(_ index: Int, _ iteration: Iteration)
  /// Hears what became of a job.
  func finish(_ index: Int, _ entry: BatchSummary.Entry)
}

/// Pictures that are made one after the other, or some beside each other, with one network.
///
/// What is the same for several is made once: the weights, and what the network sees in a style. A job whose picture is
/// there, of the same settings, pictures and weights, is passed over, so that a batch that was interrupted goes on when
/// it is started again, and two that run at once do each other no harm: a picture appears whole or not at all.
package struct Batch: Sendable {
  /// The jobs, in order.
  package let jobs: [BatchJob]
  /// Which part of a larger batch they are.
  package let shard: Shard
  /// How many pictures are worked on at once, at most; the bytes of all together stay within the limit.
  package var atOnce = 1
  /// Whether the first failure ends the batch.
  package var stopsAtFailure = false
  /// The bytes that may be used; `nil` for what the machine or its container has.
  package var memoryLimit: ByteCount?
  /// Asked before each evaluation; `true` ends the batch. Of an unfinished picture that took long the state stays.
  package var shouldStop: @Sendable () -> Bool = { false }
  /// The seconds after which a picture takes long, so that its state is kept beside it from then on.
  package var patience = StateSchedule.patience

  private let network: VGG19
  private let weightsSHA256: String
  private let knownStyles = KnownStyles()
  private let pictures = KnownPictures()
  private let filmGoal = FilmGoal()

  /// A batch of the share of `jobs` that `shard` names.
  ///
  /// - Throws: ``StyleTransferError`` when the weights cannot be read for their digest.
  package init(_ jobs: [BatchJob], shard: Shard = .whole, network: VGG19) throws {
    (self.jobs, self.shard, self.network) = (shard(jobs), shard, network)
    weightsSHA256 = try network.weights.sha256()
  }

  /// Does the jobs.
  package func make(for audience: some BatchAudience) -> BatchSummary {
    let begin = ContinuousClock.now
    let gate = MemoryGate(limit: memoryLimit)
    let state = Mutex(
      BatchSummary(entries: jobs.map(BatchSummary.Entry.init), shard: shard, weightsSHA256: weightsSHA256))
    let isOver = Atomic<Bool>(false)
    Parallelism.forEach(jobs.count, atMost: atOnce) { index in
      if isOver.load(ordering: .relaxed) || shouldStop() { return }
      var entry = BatchSummary.Entry(jobs[index])
      let start = ContinuousClock.now
      do {
        try make(jobs[index], &entry, gate) { event in
          switch event {
          case .stages(let stages): audience.begin(index, stages)
          case .iteration(let iteration): audience.update(index, iteration)
          }
        }
      } catch {
        let failure = error as? BatchFailure ?? BatchFailure(error)
        if failure.kind != .interrupted {
          (entry.state, entry.reason) = (.failed, failure.reason)
          state.withLock { $0.failures.append(failure.kind) }
          if stopsAtFailure { isOver.store(true, ordering: .relaxed) }
        }
      }
      if entry.state == .made { entry.seconds = (ContinuousClock.now - start) / .seconds(1) }
      state.withLock { $0.entries[index] = entry }
      if entry.state != .left { audience.finish(index, entry) }
    }
    return state.withLock { summary in
      summary.isInterrupted = shouldStop()
      summary.seconds = (ContinuousClock.now - begin) / .seconds(1)
      return summary
    }
  }

  private enum Event {
    case stages([StageSize])
    case iteration(Iteration)
  }

  private func make(
    _ job: BatchJob, _ entry: inout BatchSummary.Entry, _ gate: MemoryGate, _ tell: (Event) -> Void
  ) throws {
    let (recipe, before) = try beginning(of: job)
    let prepared = try PreparedRecipe(recipe, reading: ReadingLimits(memory: memoryLimit))
    (entry.width, entry.height) = (prepared.width, prepared.height)
    entry.settings = prepared.recorded(weightsSHA256: weightsSHA256)
    if prepared.isPainted(at: job.output, weightsSHA256: weightsSHA256, mayEndEarly: before != nil) {
      entry.state = .there
      return
    }
    let folder = (job.output as NSString).deletingLastPathComponent
    if !folder.isEmpty { try FileManager.default.makeFolder(folder) }
    try Picture.checkWritable(job.output)
    let plan = RunPlan(prepared, memoryLimit: memoryLimit)
    try gate.entering(plan) {
      var state = KeptState(beside: job.output, patience: patience)
      let begun = state.painting(
        prepared, network: network, weightsSHA256: weightsSHA256, memoryLimit: memoryLimit)
      var painting =
        try begun?.painting
        ?? Painting(
          prepared, network: network, weightsSHA256: weightsSHA256, knownStyles: knownStyles,
          memoryLimit: memoryLimit, plan: plan)
      let goal = try before.flatMap { before in
        try filmGoal(before, recipe, network: network, knownStyles: knownStyles)
      }
      tell(.stages(prepared.stages))
      while let iteration = try painting.next(shouldStop: shouldStop) {
        tell(.iteration(iteration))
        if let goal, let best = painting.best, best.total <= goal {
          entry.settings?.stoppedAtIteration = iteration.number
          break
        }
        state.note(&painting)
      }
      if painting.ending == .stopped {
        _ = state.keepAtStop(&painting)
        throw StyleTransferError(.interrupted, "interrupted")
      }
      try painting.write(to: job.output)
      state.remove()
      entry.iterations = painting.iteration?.number
      entry.loss = painting.best?.total
    }
    entry.state = .made
  }

  /// The recipe of a job with its styles in memory, and for a frame that goes on with a scene what it begins from.
  private func beginning(of job: BatchJob) throws -> (recipe: Recipe, before: FrameBefore?) {
    let recipe = pictures.reading(stylesOf: try job.recipe.get())
    guard let before = job.follows else { return (recipe, nil) }
    if try before.writeStart() {
      return (recipe, before)
    }
    return (pictures.reading(stylesOf: before.alone), nil)
  }
}

/// The styles of a batch, each read from its file once.
private final class KnownPictures: Sendable {
  private let pictures = Mutex<[String: Picture]>([:])

  /// More than that are read again each time: a painting of 12 megapixels is 144 MB in memory.
  private static let limit = 8

  /// The recipe with its styles in memory; one that cannot be read, or is not the one that is asked for, stays a name,
  /// to be refused where all others are.
  func reading(stylesOf recipe: Recipe) -> Recipe {
    var recipe = recipe
    if let styles = recipe.style?.pictures { recipe.style?.pictures = styles.map(read) }
    return recipe
  }

  private func read(_ source: PictureSource) -> PictureSource {
    guard case .file(let path, let sha256) = source else { return source }
    let known = pictures.withLock { $0[path] }
    guard let picture = known ?? (try? Picture(contentsOf: path)) else { return source }
    if let sha256, picture.origin?.sha256 != sha256 { return source }
    if known == nil { pictures.withLock { if $0.count < Self.limit { $0[path] = picture } } }
    return .picture(picture)
  }
}

/// Lets pictures in as long as there is memory for all that are worked on.
private final class MemoryGate: @unchecked Sendable {
  private let allowed: Double
  private let change = NSCondition()
  private var inside = 0
  private var bytes = 0.0

  init(limit: ByteCount?) { allowed = (limit ?? .available).bytes }

  /// - Throws: ``StyleTransferError`` for a run that would not fit alone, and what `body` throws.
  func entering(_ plan: RunPlan, _ body: () throws -> Void) throws {
    let peak = plan.memory.peak.bytes
    if peak > allowed { try plan.checkMemory() }
    change.lock()
    while inside > 0, bytes + peak > allowed { change.wait() }
    inside += 1
    bytes += peak
    change.unlock()
    defer {
      change.lock()
      inside -= 1
      bytes -= peak
      change.broadcast()
      change.unlock()
    }
    try body()
  }
}
