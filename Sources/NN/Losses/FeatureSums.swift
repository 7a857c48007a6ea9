import Tensor

/// What the losses on a layer see of its features: sums over their pixels, and nothing else.
///
/// That is why a picture can be looked at strip by strip, to the same bits: ``PixelSums`` adds the same groups of rows
/// in the same order, and ``Request/gradient(_:at:_:rows:)`` takes each pixel for itself.
struct FeatureSums<Scalar: TensorScalar> {
  /// [N, C, H, W], the shape of the features.
  let shape: Shape
  /// G = F·Fᵀ / M, [N, C, C]; `nil` if it was not asked for.
  let gram: Tensor<Scalar>?
  /// μ = F·1 / M, [N, C, 1]; `nil` if it was not asked for.
  let mean: Tensor<Scalar>?
  /// The squared distance from the content's features times its scale, of rank 0; `nil` if there is no content.
  let content: Tensor<Scalar>?
  /// F itself, where it was asked for.
  let features: Tensor<Scalar>?

  /// Which sums are wanted.
  struct Request: Sendable {
    var gram = false
    var mean = false
    /// P, and what the squared distance is multiplied by.
    var content: (target: Tensor<Scalar>, scale: Double)?
    var features = false

    /// Asks for what another one asks for as well. There is one content at most.
    mutating func formUnion(_ other: Request) {
      gram = gram || other.gram
      mean = mean || other.mean
      content = content ?? other.content
      features = features || other.features
    }

    /// Whether something must be added up.
    var isSum: Bool { gram || mean || content != nil }
  }

  /// The sums of features that are there as a whole.
  init(_ features: Tensor<Scalar>, _ request: Request) {
    var outputs: [Tensor<Scalar>] = []
    if request.isSum {
      var sums = request.sums(of: features.shape)
      sums.add(features.detached(), target: request.content?.target)
      outputs = record(
        "featureSums", outputs: request.outputs(of: sums, features.shape),
        (features, { g in request.gradient(g, at: features, features.shape) }))
    }
    self.init(outputs, request, shape: features.shape, features: request.features ? features : nil)
  }

  /// The sums that ``Request/outputs(of:_:)`` lists.
  init(_ outputs: [Tensor<Scalar>], _ request: Request, shape: Shape, features: Tensor<Scalar>?) {
    var rest = outputs[...]
    gram = request.gram ? rest.popFirst() : nil
    mean = request.mean ? rest.popFirst() : nil
    content = request.content == nil ? nil : rest.popFirst()
    (self.shape, self.features) = (shape, features)
  }
}

extension FeatureSums.Request {
  /// Sums that are yet to be added up, for features of a shape.
  func sums(of shape: Shape) -> PixelSums<Scalar> {
    PixelSums(batch: shape[0], channels: shape[1], width: shape[3], products: gram, sums: mean)
  }

  /// How many tensors ``outputs(of:_:)`` has.
  var outputCount: Int { (gram ? 1 : 0) + (mean ? 1 : 0) + (content == nil ? 0 : 1) }

  /// The sums over all pixels of features of `shape`, in the order in which they are kept.
  func outputs(of sums: PixelSums<Scalar>, _ shape: Shape) -> [Tensor<Scalar>] {
    let pixels = shape[2] * shape[3]
    var outputs: [Tensor<Scalar>] = []
    if gram { outputs.append(sums.gram(pixels: pixels)) }
    if mean { outputs.append(sums.mean(pixels: pixels)) }
    if let content { outputs.append(Tensor(Scalar(content.scale * sums.squaredDistance))) }
    return outputs
  }

  /// The gradient with respect to features, given those with respect to the outputs:
  ///
  ///     (g_G + g_Gᵀ)·F / M  +  g_μ / M  +  2 · scale · g · (F − P)
  ///
  /// - Parameters:
  ///   - gradients: One for each output; `nil` for one that was not used.
  ///   - features: All rows of the features, or a band of them.
  ///   - shape: The shape of all.
  ///   - rows: Which rows they are; `nil` for all.
  /// - Returns: `nil` if no output was used.
  func gradient(
    _ gradients: some Collection<Tensor<Scalar>?>, at features: Tensor<Scalar>, _ shape: Shape,
    rows: Range<Int>
  ) -> Tensor<Scalar>? {
    var rest = Array(gradients)[...]
    let share = Tensor(1 / Scalar(shape[2] * shape[3]))
    var sum: Tensor<Scalar>?
    func add(_ part: Tensor<Scalar>) {
      guard var own = sum else {
        sum = part
        return
      }
      // In place, where nobody asks how the sum came about.
      sum = nil
      own += part
      sum = own
    }
    if gram, let g = rest.removeFirst() {
      add(features.channelsMixed(by: (g + g.transposed()) * share))
    }
    if mean, let g = rest.removeFirst() {
      let spread = (g * share).reshaped(to: [shape[0], shape[1], 1, 1])
      add(sum == nil ? spread.broadcast(to: features.shape) : spread)
    }
    if let content, let g = rest.removeFirst() {
      let target = rows.count == shape[2] ? content.target : content.target.sliced(rows, axis: 2)
      add(scaledDifference(features, target, g * Tensor(Scalar(2 * content.scale))))
    }
    return sum
  }

  fileprivate func gradient(
    _ gradients: [Tensor<Scalar>?], at features: Tensor<Scalar>, _ shape: Shape
  ) -> Tensor<Scalar> {
    gradient(gradients, at: features, shape, rows: 0..<shape[2])!
  }
}

/// s · (x − y) for a number s, without a temporary of the size of x, also where x is tracked.
private func scaledDifference<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ s: Tensor<Scalar>
) -> Tensor<Scalar> {
  var value = x.detached() - y
  value *= s.detached()
  return record("scaledDifference", value, (x, { h in h * s }), (s, { h in (h * (x - y)).sum() }))
}
