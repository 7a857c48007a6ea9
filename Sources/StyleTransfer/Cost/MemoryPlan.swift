import NN

/// The most memory that a run has resident at once, and what it is made of.
package struct MemoryPlan: Sendable {
  package struct Part: Equatable, Sendable {
    package let name: String
    package let bytes: Double
  }

  package let parts: [Part]

  package var peak: ByteCount { ByteCount(parts.reduce(0) { $0 + $1.bytes }) }
  package var largest: Part { parts.max { $0.bytes < $1.bytes }! }

  /// Pages of the executable and of its libraries that are in memory: what the system can read again from their files.
  static let programFileBytes = 31e6
  /// What the program, its libraries and the threads' stacks have besides, as measured with a picture of a few pixels.
  static let programBytes = programFileBytes + 9e6

  /// What the features take in memory, as a part of what is counted of them: blocks are whole pages, and not everything that
  /// is small is counted. 1.07 of whole pictures at 1024 pixels, 1.16 at 512.
  private static let beyondCount = 1.08

  init(_ shape: RunShape, _ strips: VGG19.Strips) {
    let evaluation = VGG19.Footprint(
      of: shape.program, width: shape.picture.width, height: shape.picture.height, strips: strips,
      precision: shape.recipe.precision.network)
    let picture = 12 * shape.picture.pixels
    // Where the method stands, its gradient, the best picture, and means; where it looks is among the features.
    var optimizer = 5 * picture
    // What a direction is worked out in, between evaluations, beside the gradient that has just been found; with small
    // strips it is more than an evaluation needs.
    var between = 0.0
    if case .lbfgs(let history, let usesFilter) = shape.recipe.method {
      let pairs = min(shape.history(history), max(shape.iterations, 1))
      // Where it stands is the best, or a step ends.
      optimizer = (3 + 2 * Double(pairs)) * picture
      between = 3 * picture
      if usesFilter {
        let (byteCount, areKept) = InverseFrequencyFilter<Float>.factors(
          height: shape.picture.height, width: shape.picture.width)
        between = 5 * picture + (areKept ? 0 : Double(byteCount))
        if areKept { optimizer += Double(byteCount) }
      }
    }
    var weights = 4 * shape.maskPixels
    if shape.hasWeights {
      // A map for each region at each level, those of the picture's own size twice; and beside a layer's features, in one
      // piece, the gradient of one more region.
      let regions = Double(shape.styles.count)
      weights += 4 * (3 * regions + 6) * shape.picture.pixels + 8 * shape.styles.reduce(0) { $0 + $1.pixels }
      if strips.segments.isEmpty {
        weights += shape.steps(shape.picture).outputs(of: shape.styleLayers).map(\.bytes).max() ?? 0
      }
    }
    let neighbours = NeighbourCost(shape)
    // Roots of covariances are worked out in `Double`, and what they are multiplied by is kept so. Of each layer the
    // eigenvectors are there until its way back, beside the workspace of the one that is at it.
    let rooted = neighbours == nil ? shape.roots : []
    let roots =
      8
      * (rooted.reduce(0) { $0 + $1.rank * $1.rank }
        + (rooted.map { $0.channels * $0.channels + 6 * $0.rank * $0.rank }.max() ?? 0))
    let statistics =
      rooted.isEmpty
      ? 4 * Double(shape.styles.count)
        * shape.styleLayers.reduce(0) { $0 + Double($1.channelCount * $1.channelCount) }
      : rooted.reduce(0) { $0 + 8 * $1.channels * $1.rank }
    let targets =
      (neighbours?.targetBytes ?? 0)
      + shape.steps(shape.picture).outputs(of: shape.contentLayers).reduce(0) { $0 + $1.bytes }
      + statistics
    var whole = (name: "", bytes: 0.0)
    func bytes(_ size: RunShape.Size) -> Double {
      shape.steps(size).outputs(of: shape.styleLayers).reduce(0) { $0 + $1.bytes }
    }
    if shape.sorts {
      // Of each style the features and their projections in order, also at the picture's number of pixels; and of an
      // evaluation, until its way back, projections, their order, what is sorted, differences and gradients.
      whole = (
        "the sorted features",
        shape.styles.reduce(0) { $0 + 2 * bytes($1) }
          + Double(shape.styles.count) * 7 * bytes(shape.picture)
      )
    } else if let patches = PatchCost(shape) {
      whole = ("the patches", patches.targetBytes + patches.evaluationBytes)
    } else if neighbours == nil, !shape.allowsStrips {
      // Each layer made smaller, a quarter at most and a quarter of that and so on, and a gradient of its own for it.
      whole = ("the layers beside each other", (1 + 1.0 / 3) * bytes(shape.picture))
    }
    var transforms = 0.0
    if shape.recipe.texture?.spectrumWeight ?? 0 > 0 {
      // Of each style the transform, and the periodic part until its way back, which comes last. What both ways work in, up to
      // twelve pictures, is not there with the features: the way there comes before them.
      transforms = 12 * picture
      whole = (
        whole.bytes > 0 ? "\(whole.name) and the spectra" : "the spectra",
        whole.bytes + (2.5 * Double(shape.styles.count) + 1) * picture
      )
    }
    let pictures = 12 * shape.sourcePixels
    // The one that is written, with its file, when the memory of features has been given back.
    between = max(between, picture + 2 * shape.fileBytes)
    parts =
      [
        Part(name: "the program", bytes: Self.programBytes),
        Part(name: "the network's filters", bytes: evaluation.filterBytes + evaluation.workspaceBytes),
        Part(
          name: "the features around \(evaluation.peakLayer?.name ?? "the picture")",
          bytes: max(
            Self.beyondCount * (evaluation.peakBytes + (neighbours?.evaluationBytes ?? 0)), between,
            neighbours?.searchBytes ?? 0, roots, transforms)),
        Part(name: "the targets", bytes: targets),
        Part(name: "the optimiser", bytes: optimizer),
        Part(name: "the pictures", bytes: pictures),
      ] + (weights > 0 ? [Part(name: "the masks", bytes: weights)] : [])
      + (whole.bytes > 0 ? [Part(name: whole.name, bytes: whole.bytes)] : [])
  }
}
