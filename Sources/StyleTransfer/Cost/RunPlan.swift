import ImpastoPlatform
import NN

/// What a prepared recipe would take, as far as it is known without trying: memory and operations.
package struct RunPlan: Sendable {
  package let prepared: PreparedRecipe
  private let shapes: [RunShape]
  private let choices: [StripChoice]
  private let limit: ByteCount?
  private let allowed: ByteCount
  /// The memory of the size that takes the most.
  package let memory: MemoryPlan

  /// The part of the machine's free memory that a run may plan with: others want some too.
  private static let usablePart = 0.9

  /// - Parameter limit: The memory that may be used; `nil` for what the machine or its container has, less a reserve.
  ///   It decides how a picture is cut into strips, and changes no bit of it.
  package init(_ prepared: PreparedRecipe, memoryLimit limit: ByteCount? = nil) {
    self.prepared = prepared
    self.limit = limit
    let allowed = limit ?? ByteCount(Self.usablePart * ByteCount.available.bytes)
    self.allowed = allowed
    shapes = prepared.stages.map { RunShape(prepared, $0) }
    choices = shapes.map { .quickest($0, within: allowed.bytes) }
    memory = choices.map(\.memory).max { $0.peak.bytes < $1.peak.bytes }!
  }

  /// How each size is run.
  package var strips: [VGG19.Strips] { choices.map(\.strips) }

  // MARK: Memory

  /// - Throws: ``StyleTransferError`` that names the largest size that fits, where the smallest strips do not.
  package func checkMemory() throws(StyleTransferError) {
    let needed = ByteCount(StripChoice.needed(memory))
    guard needed.bytes > allowed.bytes else { return }
    let remedy =
      largestSide(within: allowed).map(fitting)
      ?? "no size fits; choose earlier layers or allow more memory"
    throw StyleTransferError(
      .badData,
      "this run needs about \(needed), "
        + (shapes[0].allowsStrips
          ? "even by the smallest strips" : "since \(Self.reasonForOnePiece(prepared.recipe))")
        + ", and "
        + "\(limit == nil ? MemoryBudget.owner : "--memory-limit allows") "
        + "\(allowed); \(remedy)")
  }

  /// Why strips of rows would not do.
  private static func reasonForOnePiece(_ recipe: Recipe) -> String {
    if recipe.findsNeighbours {
      return "--style-loss neighbours finds them among all places at once and cannot be run in strips"
    }
    let statistic = recipe.style?.statistic ?? .gram
    return
      "--style-loss \(statistic.rawValue) \(statistic.reasonForWholeLayers ?? "") and cannot be run in strips"
  }

  private func fitting(_ side: Int) -> String {
    if prepared.recipe.texture?.width == nil, prepared.recipe.texture?.height == nil {
      return "the largest \(prepared.sizeOption) that fits is \(side)"
    }
    let picture = RunShape.sized(side, prepared, iterations: 1).picture
    return "the largest --width and --height that fit are \(picture.width) and \(picture.height)"
  }

  /// The largest longer side whose memory is within `limit`.
  private func largestSide(within limit: ByteCount) -> Int? {
    let last = shapes[shapes.count - 1]
    let layers = last.contentLayers + last.styleLayers
    func fits(_ side: Int) -> Bool {
      // The last size of a print has fewer iterations than that of a smaller picture.
      let iterations =
        side < ScaleList.printSide ? shapes.map(\.iterations).max() ?? 1 : last.iterations
      let shape = RunShape.sized(side, prepared, iterations: iterations)
      return StripChoice.needed(StripChoice.smallest(shape).memory) <= limit.bytes
    }
    let whole = max(prepared.width, prepared.height)
    let shortest = min(prepared.width, prepared.height)
    var low = max(1, (VGG19.minimumSize(for: layers) * whole + shortest - 1) / shortest)
    guard low < whole, fits(low) else { return nil }
    var high = whole
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return low
  }

  // MARK: Work

  /// How many evaluations an iteration takes: now and then the first try of a step is too long.
  private static let evaluationsPerIteration = 1.08
  /// The same of methods that evaluate once.
  private static let evaluationsPerStep = 1.0

  /// What one size of the run takes.
  private struct Step {
    let shape: RunShape
    let evaluations: Double
    let work: WorkPlan
    /// The part of the evaluations that looks for fresh neighbours.
    var freshPart = 0.0

    init(_ shape: RunShape, _ choice: StripChoice) {
      self.shape = shape
      let each =
        shape.recipe.method.name == .pyramid ? RunPlan.evaluationsPerStep : RunPlan.evaluationsPerIteration
      evaluations = 1 + (Double(shape.iterations) * each).rounded(.up)
      work = choice.work
    }

    private var others: Double {
      Double(shape.iterations) * work.step + work.targets + freshPart * evaluations * work.freshEvaluation
    }
    var operations: Double { evaluations * work.evaluation + others }

    func seconds(_ calibration: Calibration) -> Double {
      evaluations * calibration.seconds(work) + others * calibration.slope
    }
  }

  private var steps: [Step] {
    var steps = zip(shapes, choices).map(Step.init)
    let iterations = steps.last?.shape.iterations ?? 0
    if let fresh = prepared.recipe.freshIterations(of: iterations) {
      steps[steps.count - 1].freshPart = Double(fresh) / Double(max(iterations, 1))
    }
    return steps
  }

  package var operations: Double { steps.reduce(0) { $0 + $1.operations } }
  package func seconds(_ calibration: Calibration) -> Double {
    steps.reduce(0) { $0 + $1.seconds(calibration) }
  }

  /// The time that an evaluation and its step take beside their own operations, as a number of operations; measured
  /// from 96 to 256 pixels.
  private static let operationsAside = 4e9
  /// How long the run takes beside others, without a calibration.
  package var relativeCost: Double {
    steps.reduce(0) { $0 + $1.operations + $1.evaluations * Self.operationsAside }
  }

  /// Tries some of the run's own evaluations, for about a second.
  package func calibration(_ network: VGG19) throws -> Calibration { try Calibration(prepared, network) }

  /// What the run takes, after a calibration.
  package func cost(_ network: VGG19) throws -> Cost {
    let calibration = try calibration(network)
    return Cost(
      stages: steps.map { step in
        Cost.Stage(
          width: step.shape.picture.width, height: step.shape.picture.height,
          iterations: step.shape.iterations, operationsPerEvaluation: step.work.evaluation,
          operations: step.operations, seconds: step.seconds(calibration))
      },
      memory: memory.parts.map { .init(name: $0.name, bytes: $0.bytes) },
      mayEndEarly: prepared.recipe.stopsWhenSettled, strips: zip(shapes, choices).compactMap(Self.sentence))
  }

  /// How a size is cut into strips and what that costs; `nil` where it is not.
  private static func sentence(_ shape: RunShape, _ choice: StripChoice) -> String? {
    if !shape.allowsStrips {
      return "\(shape.picture.width)×\(shape.picture.height) in one piece: \(reasonForOnePiece(shape.recipe))"
    }
    guard choice.strips != .none else { return nil }
    let whole = StripChoice(shape, .none)
    let longer = Int((100 * (choice.work.evaluation / whole.work.evaluation - 1)).rounded())
    return
      "\(shape.picture.width)×\(shape.picture.height) \(choice.strips): an evaluation takes about \(longer) % "
      + "longer than with memory for all at once, \(whole.memory.peak)"
  }
}

extension PreparedRecipe {
  /// What a painting after the recipe takes, after some evaluations that take about a second.
  ///
  /// - Parameters:
  ///   - network: The network, with the weights that will be used.
  ///   - memoryLimit: What may be used; `nil` for what the machine or its container has.
  package func cost(_ network: VGG19, memoryLimit: ByteCount? = nil) throws -> Cost {
    let network = network.looking(as: recipe)
    let plan = RunPlan(self, memoryLimit: memoryLimit)
    var cost = try plan.cost(network)
    cost.readingMemory = recipe.readingMemory
    do { try plan.checkMemory() } catch { cost.refusal = error.description }
    return cost
  }
}

extension ByteCount {
  /// What the machine, or the container that the program runs in, has free at the moment.
  package static var available: ByteCount { ByteCount(MemoryBudget.current()) }
}
