import Foundation
import NN
import Tensor

// A painting in a file, from which it goes on another day to the same bytes.

extension Painting {
  /// Writes the painting as it is between two iterations to a file, from which ``init(resuming:network:memoryLimit:)``
  /// goes on to the bytes that it would have come to without a break.
  ///
  /// ```swift
  /// while let iteration = try painting.next() {
  ///   if iteration.number % 100 == 0 { try painting.checkpoint(to: "castle.checkpoint") }
  /// }
  /// ```
  ///
  /// The file, in the format of safetensors, holds the recipe, the picture, the best one so far and what the optimiser
  /// remembers. Pictures that are in files are kept by their paths and digests, others as they are. The file appears
  /// whole or not at all: whatever ends the program, there is the old one or the new one.
  ///
  /// - Throws: `SerializationError` when the file cannot be written; what was at `path` is then as it was.
  /// - Complexity: With L-BFGS 2 · history + 4 copies of the picture are written, with Adam 6.
  public mutating func checkpoint(to path: String) throws { try checkpoint(to: path, notes: [:]) }

  /// - Parameter notes: What else the file keeps, by names; see ``Checkpoint/notes``.
  package mutating func checkpoint(to path: String, notes: [String: String]) throws {
    let hash = try weightsSHA256 ?? network.weights.sha256()
    weightsSHA256 = hash
    var tensors = CheckpointTensors()
    if let picture = smaller?.picture { tensors.add("smaller", picture) }
    if let look { tensors.add("look", look.picture) }
    let state = PaintingState(
      index: index, smaller: smaller.map { .init(last: $0.last, best: $0.best) },
      stage: stage?.store(in: &tensors), ending: ending.map(PaintingState.Ending.init))
    try Checkpoint.write(
      state, recipe: prepared.recipe, weightsSHA256: hash, tensors: tensors, notes: notes, to: path)
  }

  /// A painting that goes on from a file which ``checkpoint(to:)`` wrote.
  ///
  /// Its pictures are read again where they were or, where they have been moved, beside the file or in the current
  /// folder; they and the weights must be the same to the byte.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - network: The network with the weights that were used.
  ///   - memoryLimit: The bytes that may be used; `nil` for what the machine or its container has.
  /// - Throws: ``StyleTransferError`` for a file that is missing or no checkpoint, and for pictures or weights that are
  ///   no longer the same; ``PictureError`` for a picture that cannot be read.
  public init(resuming path: String, network: VGG19, memoryLimit: ByteCount? = nil) throws {
    let checkpoint = try Checkpoint(contentsOf: path)
    let prepared = try PreparedRecipe(checkpoint.recipe())
    let plan = RunPlan(prepared, memoryLimit: memoryLimit)
    try plan.checkMemory()
    try self.init(resuming: checkpoint, prepared, network: network, memoryLimit: memoryLimit, plan: plan)
  }

  /// - Parameters:
  ///   - prepared: The checkpoint's own recipe.
  ///   - plan: The plan for these bytes, where it is there already.
  package init(
    resuming checkpoint: Checkpoint, _ prepared: PreparedRecipe, network: VGG19,
    memoryLimit: ByteCount? = nil,
    plan: RunPlan? = nil
  ) throws {
    try self.init(prepared, network: network, memoryLimit: memoryLimit, plan: plan)
    do { try restore(checkpoint) } catch let error as StyleTransferError { throw error } catch {
      throw checkpoint.damage("\(error)")
    }
  }

  /// What a size would have started from, where the next one asks.
  private func start(ofSize index: Int) -> Tensor<Float>? {
    let size = prepared.stages[index]
    return prepared.finishes(size) ? nil : prepared.pictures.scaled(to: size).start
  }

  private mutating func restore(_ checkpoint: Checkpoint) throws {
    let (state, tensors) = (try checkpoint.state(), checkpoint.tensors)
    guard prepared.stages.indices.contains(state.index), (state.index == 0) == (state.smaller == nil) else {
      throw checkpoint.damage("it is at size \(state.index + 1) of \(prepared.stages.count)")
    }
    index = state.index
    if tensors.has("look") { look = PaintedLook(try tensors.tensor("look")) }
    if let before = state.smaller {
      let isNeeded = tensors.has("smaller")
      smaller = Outcome(
        picture: isNeeded ? try tensors.tensor("smaller") : nil,
        // A size that has begun has its start in its picture.
        start: state.stage == nil ? start(ofSize: index - 1) : nil,
        last: before.last, best: before.best)
    }
    if let state = state.stage {
      var stage = try beginStage(
        at: tensors.tensor("picture"), origin: tensors.has("origin") ? tensors.tensor("origin") : nil)
      try stage.restore(state, from: tensors)
      self.stage = stage
    }
    ending = state.ending?.ending
  }
}

/// What a checkpoint keeps of a painting beside tensors.
struct PaintingState: Codable {
  struct Outcome: Codable {
    let last: Iteration
    let best: Iteration
  }

  enum Ending: Codable {
    case completed
    case settled(String)
    case cutShort
    case stopped

    init(_ ending: Painting.Ending) {
      self =
        switch ending {
        case .completed: .completed
        case .settled(let reason): .settled(reason)
        case .cutShort: .cutShort
        case .stopped: .stopped
        }
    }

    var ending: Painting.Ending {
      switch self {
      case .completed: .completed
      case .settled(let reason): .settled(reason)
      case .cutShort: .cutShort
      case .stopped: .stopped
      }
    }
  }

  /// The size that is worked on, by its place in the list.
  let index: Int
  /// What the size before came to.
  let smaller: Outcome?
  let stage: Stage.State?
  let ending: Ending?
}
