import NN

/// The most memory that a run has resident at once, and what it is made of.
struct MemoryPlan {
  struct Part: Equatable {
    let name: String
    let bytes: Double
  }

  let parts: [Part]

  var peak: ByteCount { ByteCount(parts.reduce(0) { $0 + $1.bytes }) }
  var largest: Part { parts.max { $0.bytes < $1.bytes }! }

  /// The program, its libraries and the threads' stacks, as measured with a picture of a few pixels.
  private static let programBytes = 36e6
  /// What a convolution works in: the transformed planes of a group of tiles with many channels; with few, the
  /// turned filters beside each thread's planes.
  private static func workspaceBytes(channels: Double) -> Double {
    channels > 256 ? 22e6 : 144 * channels * channels + 2e6
  }
  /// Winograd's transformed filters have 36 numbers for 9.
  private static let transformedFactor = 4.0

  init(_ shape: RunShape) {
    let stages = shape.stages(shape.picture)
    let filters = stages.reduce(0) { $0 + $1.filterCount } * 4 * Self.transformedFactor
    let workspace = Self.workspaceBytes(channels: stages.map(\.channels).max() ?? 0)
    let evaluation = ActivationPeak(shape)
    let settings = shape.settings
    let picture = 12 * shape.picture.pixels
    let side = (Double(shape.picture.width), Double(shape.picture.height))
    var optimizer = 4 * picture
    if settings.optimizer == .lbfgs {
      let pairs = min(settings.history ?? Settings.Defaults.history, max(shape.iterations, 1))
      let history = 2 * Double(pairs) * picture
      // Pairs that live for many steps among buffers that live for none leave gaps between them, which were measured
      // to be as large again.
      optimizer += 2 * history
      if settings.frequencyFilter ?? Settings.Defaults.frequencyFilter {
        optimizer += 4 * (side.0 * side.0 + side.1 * side.1 + side.0 * side.1)
      }
    }
    let content = Set(shape.contentLayers)
    let targets =
      stages.filter { content.contains($0.layer) }.reduce(0) { $0 + $1.bytes }
      + shape.styleLayers.reduce(0) { $0 + 4 * Double($1.channelCount * $1.channelCount) }
      * Double(shape.styles.count)
    let pictures =
      12 * (shape.sourcePixels + shape.styles.reduce(0) { $0 + $1.pixels }) + 2 * picture
    parts = [
      Part(name: "the program", bytes: Self.programBytes),
      Part(name: "the network's filters", bytes: filters + workspace),
      Part(name: "the features around \(evaluation.layer)", bytes: evaluation.bytes),
      Part(name: "the targets", bytes: targets),
      Part(name: "the optimiser", bytes: optimizer),
      Part(name: "the pictures", bytes: pictures),
    ]
  }
}

/// The most that the features and their gradients take at once in an evaluation, and where.
struct ActivationPeak {
  private(set) var bytes = 0.0
  private(set) var layer = "the picture"
  /// What the backward pass will read.
  private var kept: Double

  init(_ shape: RunShape) {
    let stages = shape.stages(shape.picture)
    let wanted = Set(shape.contentLayers + shape.styleLayers)
    let hasFrame = shape.settings.padding != .zero && shape.settings.padding != .replicateFirst
    let usesMax = shape.settings.pooling == .max
    // The picture and its pre-processed form.
    kept = 24 * shape.picture.pixels

    /// What each layer adds to `kept`: bits for a ReLU, two for each choice of a pooling, and features.
    var additions: [Double] = []
    var (input, inputIsKept, owesReLU) = (0.0, true, false)
    for (index, stage) in stages.enumerated() {
      let isWanted = wanted.contains(stage.layer)
      var (output, addition) = (stage.bytes, 0.0)
      switch stage.kind {
      case .convolution:
        if hasFrame { output += input }
        if !isWanted { addition = stage.bytes / 32 }
        owesReLU = isWanted
      case .relu:
        let isPutOff = usesMax && index + 1 < stages.count && stages[index + 1].kind == .pooling && !isWanted
        if !owesReLU || isPutOff {
          // Nothing new is made here; what was made is kept where a loss looks at it.
          additions.append(isWanted ? stage.bytes : 0)
          kept += additions[index]
          inputIsKept = inputIsKept || isWanted
          continue
        }
        addition = stage.bytes / 32
        owesReLU = false
      case .pooling:
        if usesMax { addition = stage.bytes / 16 }
        if owesReLU { addition += stage.bytes / 32 }
        owesReLU = false
      }
      note(kept + (inputIsKept ? 0 : input) + output, at: stage)
      if isWanted { addition += stage.bytes }
      additions.append(addition)
      kept += addition
      (input, inputIsKept) = (stage.bytes, isWanted)
    }

    // The gradient of a layer's output, the loss's beside it where there is one, and that of its input.
    for index in stages.indices.reversed() {
      let stage = stages[index]
      let isWanted = wanted.contains(stage.layer)
      if isWanted { note(kept + 2 * stage.bytes, at: stage) }
      let inputBytes = index > 0 ? stages[index - 1].bytes : 12 * shape.picture.pixels
      if isWanted { kept -= stage.bytes }
      if stage.kind != .relu {
        note(kept + stage.bytes + inputBytes * (hasFrame && stage.kind == .convolution ? 2 : 1), at: stage)
      }
      kept -= additions[index] - (isWanted ? stage.bytes : 0)
    }
  }

  private mutating func note(_ total: Double, at stage: NetworkStage) {
    if total > bytes { (bytes, layer) = (total, stage.layer.name) }
  }
}
