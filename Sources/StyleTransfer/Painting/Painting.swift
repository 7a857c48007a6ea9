import NN
import Tensor

/// A picture that is being made after a recipe, iteration by iteration.
///
/// ```swift
/// var painting = try Painting(recipe, network: try VGG19.cached())
/// while let iteration = try painting.next() {
///   print(iteration.number, iteration.side, iteration.total)
/// }
/// try painting.write(to: "result.png")
/// ```
///
/// It works only while ``next(shouldStop:)`` is asked: a caller ends by not asking again, and can have ``picture`` at
/// any moment.
///
/// A painting is a value, and `Sendable` as a whole: it has no thread, no lock and no callback of its own, so that it
/// can be handed to another task between two iterations, and a copy is a place to come back to. Two tasks that
/// share one painting put it into an actor of theirs, where an iteration, which takes seconds, blocks nobody who has
/// not asked for the painting.
public struct Painting: Sendable {
  /// How a painting ended.
  public enum Ending: Equatable, Sendable {
    /// All iterations of all sizes were done.
    case completed
    /// The last size ended by itself; the sentence says why.
    case settled(String)
    /// The iteration was reached after which the recipe ends; see ``Recipe/stoppedAtIteration``.
    case cutShort
    /// The painting was stopped, and goes on when it is asked again.
    case stopped
  }

  /// The recipe with what is known of its pictures and sizes.
  public let prepared: PreparedRecipe
  /// How the painting ended; `nil` while it goes on.
  public internal(set) var ending: Ending?

  let network: VGG19
  /// The bytes that may be used; `nil` for what the machine or its container has.
  let memoryLimit: ByteCount?
  /// How the network is run at each size, which changes memory and time alone.
  let strips: [VGG19.Strips]
  /// What other paintings have seen in the same styles.
  let knownStyles: KnownStyles?
  /// In hexadecimal; found only when there is something to save, since it takes a moment.
  var weightsSHA256: String?
  /// Turns the tensor that is worked on into the finished picture.
  let finish: Finish

  /// The size that is worked on, by its place in the list.
  var index = 0
  var stage: Stage?
  /// What the sizes before came to.
  var smaller: Outcome?
  /// What the sizes that only make the picture finer leave as it is, once one of them has begun.
  var look: PaintedLook?
  /// What of the picture stays as it is; see ``changing(to:kept:)``.
  package internal(set) var kept: KeptPart?
  /// The stage that was worked on before the recipe was changed, whose optimiser may know something still.
  var predecessor: Stage?

  /// What a size came to.
  struct Outcome: Sendable {
    /// Its picture, until the next size has one that is better.
    var picture: Tensor<Float>?
    /// What it had started from, until the next size has begun.
    var start: Tensor<Float>?
    let last: Iteration
    let best: Iteration
  }

  /// A painting that has not begun.
  ///
  /// - Parameters:
  ///   - recipe: What is painted, and how.
  ///   - network: The network; how it pools and pads is as the recipe has it.
  ///   - memoryLimit: The bytes that may be used; `nil` for what the machine or its container has.
  /// - Throws: Before any work: ``RecipeError`` for a value out of range, ``PictureError`` for a picture that cannot be
  ///   read, ``StyleTransferError`` for pictures too small for the layers, too little memory, or other weights than
  ///   the recipe asks for.
  public init(_ recipe: Recipe, network: VGG19, memoryLimit: ByteCount? = nil) throws {
    let prepared = try PreparedRecipe(recipe)
    let plan = RunPlan(prepared, memoryLimit: memoryLimit)
    try plan.checkMemory()
    try self.init(prepared, network: network, memoryLimit: memoryLimit, plan: plan)
  }

  /// A painting after a recipe whose memory needs no check any more.
  ///
  /// - Parameters:
  ///   - weightsSHA256: The digest of the network's weights where it is known; else it is found where it is needed, in
  ///     some tenths of a second.
  ///   - knownStyles: What is shared with other paintings of the same network; `nil` for nothing.
  ///   - memoryLimit: The bytes that may be used; `nil` for what the machine or its container has.
  ///   - plan: The plan for these bytes, where it is there already.
  package init(
    _ prepared: PreparedRecipe, network: VGG19, weightsSHA256: String? = nil, knownStyles: KnownStyles? = nil,
    memoryLimit: ByteCount? = nil, plan: RunPlan? = nil
  ) throws {
    self.prepared = prepared
    self.knownStyles = knownStyles
    self.memoryLimit = memoryLimit
    strips = (plan ?? RunPlan(prepared, memoryLimit: memoryLimit)).strips
    self.weightsSHA256 = weightsSHA256
    self.network = network.looking(as: prepared.recipe)
    finish = Finish(prepared)
    guard let expected = prepared.recipe.weightsSHA256 else { return }
    let hash = try weightsSHA256 ?? network.weights.sha256()
    if hash != expected {
      throw StyleTransferError(
        .badData,
        "the weights '\(network.weights.path)' are not those that were used (SHA-256 \(hash.prefix(8))…, "
          + "then \(expected.prefix(8))…); name the right file with --weights")
    }
    self.weightsSHA256 = hash
  }

  /// The last iteration, which the picture comes from or from one before it at the same size; `nil` before the first.
  public var iteration: Iteration? {
    guard let stage, let last = stage.last else { return smaller?.last }
    // A size whose first step was not finished adds nothing that the smaller one had not.
    if let smaller, last.number == 0 { return smaller.last }
    return last.continuing(smaller?.last, side: prepared.stages[index].side)
  }

  /// The iteration that the picture comes from; `nil` before the first.
  public var best: Iteration? {
    guard let stage, let best = stage.bestIteration else { return smaller?.best }
    if let smaller, stage.last?.number == 0 { return smaller.best }
    return best.continuing(smaller?.last, side: prepared.stages[index].side)
  }

  /// The iterations of the sizes before the one that is worked on.
  package var earlierIterations: Int { smaller?.last.number ?? 0 }

  /// The best picture of the largest size that was come to, as it is worked on.
  var bestPicture: Tensor<Float> {
    if let picture = smaller?.picture, stage?.last?.number ?? 0 == 0 { return picture }
    if let stage { return keepingLook(stage.best) }
    let pictures = prepared.pictures.scaled(to: prepared.stages[0])
    let (width, height) = (prepared.stages[0].width, prepared.stages[0].height)
    return pictures.start
      ?? StageTargets.noise(
        prepared.recipe, width: width, height: height, isGrey: prepared.pictures.isGrey)
  }

  private func keepingLook(_ picture: Tensor<Float>) -> Tensor<Float> { look?.kept(in: picture) ?? picture }

  /// Makes one more iteration; the first is number 0, which tells how good the start is.
  ///
  /// - Parameter shouldStop: Asked before each evaluation of the objective, also inside of a line search; at `true` the
  ///   unfinished iteration is dropped, and ``ending`` becomes ``Ending/stopped``.
  /// - Returns: The iteration, or `nil` when the painting has ended.
  /// - Throws: ``StyleTransferError`` for a start whose loss is not finite, as with damaged weights.
  public mutating func next(shouldStop: () -> Bool = { false }) throws -> Iteration? {
    if ending == .stopped { ending = nil }
    while ending == nil {
      // From size to size: begin one, ask it until it has ended, keep what it came to.
      if stage == nil {
        if index > 0, shouldStop() {
          ending = .stopped
          break
        }
        stage = try beginStage()
        predecessor = nil
      }
      switch try stage?.next(shouldStop: shouldStop) {
      case .iteration(let iteration):
        if !iteration.total.isFinite { throw lossError(iteration) }
        // At print size two pictures of half the pixels are a copy that the optimiser could have.
        if iteration.number > 0 { smaller?.picture = nil }
        return iteration.continuing(smaller?.last, side: prepared.stages[index].side)
      case .stopped, nil:
        ending = .stopped
      case .ended(let stageEnding):
        ending = endStage(stageEnding)
      }
    }
    return nil
  }

  /// The size that comes next, at its beginning.
  ///
  /// - Parameters:
  ///   - picture: Where it stands already; `nil` for its start.
  ///   - origin: What it found its neighbours of, where it has; `nil` for what it stands at.
  mutating func beginStage(at picture: Tensor<Float>? = nil, origin: Tensor<Float>? = nil) throws -> Stage {
    let size = prepared.stages[index]
    var targets = try StageTargets(
      prepared, size, network: network, strips: strips[index], known: knownStyles, isFirst: smaller == nil)
    targets.keep(kept?.scaled(to: size))
    let left = prepared.recipe.stoppedAtIteration.map { $0 - (smaller?.last.number ?? 0) } ?? .max
    let start =
      picture
      ?? targets.startingPicture(
        after: smaller.flatMap { smaller in smaller.picture.map { ($0, smaller.start) } })
    smaller?.start = nil
    try targets.findNeighbours(of: origin ?? start)
    // The next size asks what this one had started from.
    if index + 1 == prepared.stages.count { targets.forgetStart() }
    var stage = Stage(
      targets, from: start, iterations: min(size.iterations, left),
      settling: prepared.recipe.stopsWhenSettled ? Settling() : nil, refinement: refinement)
    if let predecessor { stage.takeOver(from: predecessor) }
    // What the pictures were scaled and matched in would lie idle beside the optimiser's memory.
    if size.width * size.height > Self.manyPixels { TensorMemory.drain() }
    return stage
  }

  /// The pixels from which memory is given back when it lies idle: less is handed out anew in no time.
  static let manyPixels = 1_000_000

  /// The end of the last size, where it is done otherwise: with fresh neighbours.
  private var refinement: StageRefinement? {
    let iterations = prepared.stages[index].iterations
    guard index + 1 == prepared.stages.count,
      let fresh = prepared.recipe.freshIterations(of: iterations)
    else { return nil }
    return StageRefinement(iterations: fresh, of: iterations) {
      [prepared, network, knownStyles, kept, size = prepared.stages[index], strips = strips[index]] in
      var targets = try StageTargets(
        prepared, size, network: network, strips: strips, known: knownStyles, isFirst: false)
      targets.keep(kept?.scaled(to: size))
      try targets.findFreshNeighbours()
      targets.forgetStart()
      return targets
    }
  }

  /// Keeps what the size came to, and goes on to the next one where there is one.
  private mutating func endStage(_ stageEnding: Stage.Ending) -> Ending? {
    guard let stage, let last = stage.last else { return .completed }
    let side = prepared.stages[index].side
    let whole = last.continuing(smaller?.last, side: side)
    let isLast = index + 1 == prepared.stages.count
    var ending: Ending?
    if let limit = prepared.recipe.stoppedAtIteration, whole.number >= limit,
      !isLast || limit < prepared.iterations
    {
      ending = .cutShort
    } else if isLast {
      switch stageEnding {
      case .completed: ending = .completed
      case .settled(let reason): ending = .settled(reason)
      }
    }
    if ending == nil {
      let best = (stage.bestIteration ?? last).continuing(smaller?.last, side: side)
      let picture = keepingLook(stage.best)
      if prepared.keepsLook(ofStage: index) { look = PaintedLook(of: picture) }
      smaller = Outcome(picture: picture, start: stage.start, last: whole, best: best)
      self.stage = nil
      index += 1
    }
    return ending
  }

  private func lossError(_ iteration: Iteration) -> StyleTransferError {
    let terms = [
      ("content", iteration.content), ("style", iteration.style),
      ("total variation", iteration.totalVariation),
    ].map { "\($0) \(short($1))" }.joined(separator: ", ")
    return StyleTransferError(
      .badData,
      "the loss is not a finite number (\(terms)): the weights '\(network.weights.path)' are damaged, or "
        + "--content-weight, --style-weight, --tv-weight or the weight of a layer is too large")
  }
}

extension Painting {
  /// What is suspicious about the weights, as far as their digest is known: a file with the name of a published one and
  /// other contents.
  package var weightsWarning: String? {
    weightsSHA256.flatMap { WeightsLocator.warning(path: network.weights.path, sha256: $0) }
  }
}
