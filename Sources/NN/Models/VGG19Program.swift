import Tensor

extension VGG19 {
  /// One step of a pass through the network.
  ///
  /// A pass is a list of steps, made by ``program(for:pooling:padding:)``, and whoever goes through the list
  /// interprets it: ``visit(_:layers:_:)`` with tensors, ``Footprint`` with byte counts, a count of operations with
  /// sizes. A step says all that it needs but the numbers of the filters, so an interpreter asks nothing of the
  /// network and knows no layer's name. Each works on what the step before it made, the first on the picture.
  package enum Step: Hashable, Sendable {
    /// From RGB in 0 … 1 to what the first convolution expects: a 1×1 convolution.
    case normalize
    /// Convolution `number`, 1 ... 16, which sees `border` beyond the edges and keeps the size; with the ReLU behind
    /// it in the same sweep if `rectifying`.
    case convolve(_ number: Int, border: PaddingMode, rectifying: Bool)
    /// A ReLU by itself.
    case rectify
    /// A 2×2 pooling, which leaves out an odd last row or column.
    case pool(Pooling)
    /// What was made last is the output of a layer that is wanted, and stays until it is delivered.
    case keep(Layer)
    /// The kept output of a layer goes to whoever wants it.
    case deliver(Layer)
  }

  /// The steps of a pass that ends at the deepest of `wanted`; none if nothing is wanted.
  ///
  /// - A ReLU is a part of its convolution, but where the output before it is wanted too.
  /// - The maximum of a window after a ReLU is the ReLU of its maximum: a ReLU that is a step of its own comes after
  ///   a maximum pooling, where it works on a quarter of the numbers and keeps a quarter of the bits, unless its
  ///   output at the full size is wanted.
  /// - An output is delivered as soon as the next layer has read it. What is then made of it is newer than all that
  ///   the network made of it, so a backward pass, which goes from the newest to the oldest, comes to it just before
  ///   that output's own gradient: a loss's gradient waits for no other, and the features that it reads die before
  ///   another of their size is needed.
  package static func program(for wanted: Set<Layer>, pooling: Pooling, padding: Padding) -> [Step] {
    guard let deepest = wanted.max() else { return [] }
    var steps = [Step.normalize]
    var owesReLU = false
    var kept: Layer?
    func deliver() {
      if let layer = kept { steps.append(.deliver(layer)) }
      kept = nil
    }
    for layer in Layer.all[...deepest.position] {
      let isWanted = wanted.contains(layer)
      switch layer.kind {
      case .convolution:
        // Only where the output before the ReLU is wanted does it exist.
        steps.append(
          .convolve(layer.number, border: padding.mode(ofConvolution: layer.number), rectifying: !isWanted))
        owesReLU = isWanted
      case .relu:
        if owesReLU, !isWanted, pooling == .max, layer.precedesPooling { continue }
        if owesReLU { steps.append(.rectify) }
        owesReLU = false
      case .pooling:
        steps.append(.pool(pooling))
        if owesReLU { steps.append(.rectify) }
        owesReLU = false
      }
      deliver()
      if isWanted {
        steps.append(.keep(layer))
        kept = layer
      }
    }
    deliver()
    return steps
  }
}

extension VGG19.Layer {
  fileprivate var precedesPooling: Bool { Self.all[position + 1].kind == .pooling }
}

// MARK: - Tensors

extension VGG19 {
  /// Calls `body` with the output of each of `layers`, in the order of computation, as soon as it is there and the
  /// next layer has read it; see ``program(for:pooling:padding:)``.
  func visit(
    _ image: Tensor<Float>, layers wanted: Set<Layer>, _ body: (Layer, Tensor<Float>) -> Void
  ) throws(ImageTooSmall) {
    guard let deepest = wanted.max() else { return }
    try check(image.shape, deepest)
    var x = image
    run(Self.program(for: wanted, pooling: pooling, padding: padding)[...], &x, body)
  }

  /// Calls `body` with the sums that are requested of each layer, in the order of computation.
  ///
  /// - Parameter strips: How the first part of the pass is run; no bit depends on it. A batch of several pictures is
  ///   always run in one piece.
  func look(
    at image: Tensor<Float>, for requests: StripSegment.Requests, by strips: Strips,
    _ body: (Layer, FeatureSums<Float>) -> Void
  ) throws(ImageTooSmall) {
    guard let deepest = requests.keys.max() else { return }
    try check(image.shape, deepest)
    let program = Self.program(for: Set(requests.keys), pooling: pooling, padding: padding)
    let sized = Self.sized(program, width: image.shape[3], height: image.shape[2])
    var (x, first) = (image, 0)
    for (range, geometry) in image.shape[0] == 1 ? strips.geometries(of: program, sized) : [] {
      let layers: [(Layer, FeatureSums<Float>)]
      let segment = StripSegment(
        geometry, weights, precision, requests, takesPicture: first == 0, keepsFilters: strips.keepsFilters)
      (x, layers) = segment(x)
      for (layer, sums) in layers { body(layer, sums) }
      first = range.upperBound
    }
    run(program[first...], &x, keepsFilters: strips.keepsFilters) { layer, features in
      body(layer, FeatureSums(features, requests[layer]!))
    }
  }

  /// Gives back the memory of all filters in the order in which they are transformed, until they are needed again.
  package func releaseFilters() {
    for filter in weights.convolutions { filter.weight.forgetOrder() }
  }

  /// What a step makes of `x`, the whole of a picture's features or some rows of them. Steps that keep or deliver make
  /// nothing.
  func applying(_ step: Step, to x: Tensor<Float>) -> Tensor<Float> {
    switch step {
    case .normalize: return weights.preprocessing.convolve(x, padding: 0)
    case .convolve(let number, let border, let rectifying):
      let filter = weights.convolutions[number - 1]
      let algorithm = precision.algorithm(ofConvolution: number)
      // Zeros need not be stored: the convolution knows them.
      return border == .zero
        ? filter.convolve(x, padding: 1, applyingReLU: rectifying, algorithm: algorithm)
        : filter.convolve(x.framed(border), padding: 0, applyingReLU: rectifying, algorithm: algorithm)
    case .rectify: return x.relu()
    case .pool(.max): return x.maxPool2D(window: 2)
    case .pool(.average): return x.averagePool2D(window: 2)
    case .keep, .deliver: return x
    }
  }

  /// Runs steps on `x`, which each of them replaces: what it was is needed no longer.
  private func run(
    _ steps: ArraySlice<Step>, _ x: inout Tensor<Float>, keepsFilters: Bool = true,
    _ body: (Layer, Tensor<Float>) -> Void
  ) {
    var kept: [Layer: Tensor<Float>] = [:]
    for step in steps {
      switch step {
      case .convolve(let number, _, _) where !keepsFilters:
        let filter = weights.convolutions[number - 1].weight
        // The way back comes by here when it is through the convolution.
        x = record(
          "filter", x.detached(),
          (
            x,
            { gradient in
              filter.forgetOrder()
              return gradient
            }
          ))
        x = applying(step, to: x)
        filter.forgetOrder()
      case .normalize, .convolve, .rectify, .pool: x = applying(step, to: x)
      case .keep(let layer): kept[layer] = x
      case .deliver(let layer):
        if let features = kept.removeValue(forKey: layer) { body(layer, features) }
      }
    }
  }

  private func check(_ shape: [Int], _ deepest: Layer) throws(ImageTooSmall) {
    ShapeCheck.require(shape.count == 4 && shape[1] == 3) {
      "VGG19: the picture \(shape) is not of the form [N, 3, H, W]"
    }
    let minimum = Self.minimumSize(for: [deepest])
    if min(shape[2], shape[3]) < minimum {
      throw ImageTooSmall(height: shape[2], width: shape[3], minimumSize: minimum, layer: deepest)
    }
  }
}
