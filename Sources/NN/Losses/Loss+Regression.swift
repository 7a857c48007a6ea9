import Tensor

// MARK: - Of numbers

extension Loss {
  /// The mean squared error: (p − t)² of every element. d/dp = 2 (p − t).
  ///
  /// - Precondition: The shapes are equal.
  public static func squaredError<Scalar: TensorScalar>(
    _ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>, reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("squaredError", prediction, target)
    return (prediction - target).square().reduced(by: reduction)
  }

  /// The L1 loss: |p − t| of every element. d/dp = sign(p − t).
  ///
  /// - Precondition: The shapes are equal.
  public static func absoluteError<Scalar: TensorScalar>(
    _ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>, reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("absoluteError", prediction, target)
    return (prediction - target).abs().reduced(by: reduction)
  }

  /// Huber's loss of d = p − t: ½d² where |d| ≤ δ, δ (|d| − ½δ) beyond, so that outliers pull no harder than δ.
  ///
  /// Divided by δ it is PyTorch's smooth L1 loss.
  ///
  /// - Parameters:
  ///   - prediction: p.
  ///   - target: t, of the same shape.
  ///   - delta: δ.
  ///   - reduction: What becomes of the single losses.
  /// - Precondition: The shapes are equal, and `delta` is positive.
  public static func huber<Scalar: TensorScalar>(
    _ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>, delta: Scalar = 1, reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("huber", prediction, target)
    ShapeCheck.require(delta > 0) { "huber: delta \(delta) is not positive" }
    // With c = d clamped to ±δ both cases are c·d − ½c², whose derivative is c.
    let difference = prediction - target
    let clamped = difference.clamped(to: -delta...delta)
    return (clamped * (difference - 0.5 * clamped)).reduced(by: reduction)
  }
}

// MARK: - Of directions

extension Tensor where Scalar: TensorScalar {
  /// The cosine of the angle between vectors along `axis`: x·y / (‖x‖ ‖y‖), where norms count as ε at least.
  ///
  /// - Parameters:
  ///   - other: y, of the same shape.
  ///   - axis: The axis of the vectors, which is not in the result; negative ones count from the back.
  ///   - epsilon: ε. Vectors of zeros have the cosine 0, and the derivative 0.
  /// - Precondition: The shapes are equal.
  public func cosineSimilarity(to other: Tensor, axis: Int = -1, epsilon: Scalar = 1e-8) -> Tensor {
    Loss.requireEqualShapes("cosineSimilarity", self, other)
    let (x, y) = (Direction(self, axis, epsilon), Direction(other, axis, epsilon))
    let cosine = (x.vectors * y.vectors).sum(axes: [axis]) / (x.norms * y.norms)
    // Rounding may take it beyond 1, where the angle is NaN. The gradient is that of the formula.
    return cosine + (cosine.detached().clamped(to: -1...1) - cosine.detached())
  }
}

/// Vectors and their norms, both divided by a power of two near the largest element of each vector: the squares of large
/// numbers would overflow. A cosine does not depend on it.
private struct Direction<Scalar: TensorScalar> {
  let vectors: Tensor<Scalar>
  let norms: Tensor<Scalar>

  init(_ x: Tensor<Scalar>, _ axis: Int, _ epsilon: Scalar) {
    if x.count == 0 {
      (vectors, norms) = (x, Tensor.maximum(x.square().sum(axes: [axis]), Tensor(epsilon * epsilon)).sqrt())
      return
    }
    let largest = x.detached().abs().max(axes: [axis], keepingDimensions: true)
    let scale = largest.mappingNumbers { size in
      // Below ε the norm is ε.
      let size = max(size, epsilon)
      guard size.isFinite, size >= .leastNormalMagnitude else { return 1 }
      return Scalar(sign: .plus, exponent: size.exponent, significand: 1)
    }
    vectors = x / scale
    let least = (Tensor(epsilon) / scale).squeezed(axes: [axis])
    norms = Tensor.maximum(vectors.square().sum(axes: [axis]), least.square()).sqrt()
  }
}

extension Loss {
  /// The cosine embedding loss of pairs of vectors: 1 − cos of those that should be alike, max(cos − margin, 0) of
  /// those that should not.
  ///
  /// - Parameters:
  ///   - a: [N, D].
  ///   - b: [N, D].
  ///   - areAlike: For each pair whether it should point the same way.
  ///   - margin: A cosine that is small enough.
  ///   - reduction: What becomes of the single losses.
  /// - Precondition: The shapes are equal, with one entry of `areAlike` for each pair.
  public static func cosineEmbedding<Scalar: TensorScalar>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, areAlike: [Bool], margin: Scalar = 0,
    reduction: Reduction = .mean
  ) -> Tensor<Scalar> {
    requireEqualShapes("cosineEmbedding", a, b)
    ShapeCheck.require(a.rank == 2 && a.shape[0] == areAlike.count) {
      "cosineEmbedding: \(areAlike.count) pairs are marked, the vectors \(a.shape) are not [\(areAlike.count), D]"
    }
    let cosine = a.cosineSimilarity(to: b)
    return Tensor.where(Tensor<Bool>(areAlike), 1 - cosine, (cosine - margin).relu()).reduced(by: reduction)
  }
}
