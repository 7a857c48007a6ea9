// One number in place of another: blends, bounds and replacements.

extension Tensor where Scalar: TensorScalar {
  /// x + w · (y − x), elementwise: the point between this tensor, at w = 0, and y, at w = 1. Shapes broadcast. Both ends
  /// are exact. d/dx = 1 − w, d/dy = w, d/dw = y − x.
  public func lerp(to y: Tensor, weight: Tensor) -> Tensor {
    let ends = ShapeCheck.broadcast("lerp", shape, y.shape)
    _ = ShapeCheck.broadcast("lerp", ends, weight.shape)
    let distance = y - self
    return .where(weight .< 0.5, self + weight * distance, y - distance * (1 - weight))
  }

  /// x + w · (y − x) for every pair of elements: the point between this tensor, at w = 0, and y, at w = 1.
  /// d/dx = 1 − w, d/dy = w.
  public func lerp(to y: Tensor, weight: Scalar) -> Tensor {
    _ = ShapeCheck.broadcast("lerp", shape, y.shape)
    let distance = y - self
    return weight < 0.5 ? self + weight * distance : y - distance * (1 - weight)
  }

  /// The tensor with other numbers for NaN and the infinities. d/dx is 1 where x is finite, else 0.
  ///
  /// - Parameters:
  ///   - nan: For NaN.
  ///   - positiveInfinity: For +∞; `nil` for the largest finite number.
  ///   - negativeInfinity: For −∞; `nil` for the least finite number.
  public func nanToNum(
    nan: Scalar = 0, positiveInfinity: Scalar? = nil, negativeInfinity: Scalar? = nil
  ) -> Tensor {
    let large = Scalar.greatestFiniteMagnitude
    let isInfinite = self .> large
    let infinities = Tensor.where(
      isInfinite, Tensor(positiveInfinity ?? large), Tensor(negativeInfinity ?? -large))
    return .where(isFinite(), self, .where(isNaN(), Tensor(nan), infinities))
  }

  /// Every element moved to `range.lowerBound` if it is below; NaN stays. d/dx is 1 inside, the bound included, and 0 outside.
  public func clamped(to range: PartialRangeFrom<Scalar>) -> Tensor {
    clamped(to: range.lowerBound ... .infinity)
  }

  /// Every element moved to `range.upperBound` if it is above; NaN stays. d/dx is 1 inside, the bound included, and 0 outside.
  public func clamped(to range: PartialRangeThrough<Scalar>) -> Tensor {
    clamped(to: -Scalar.infinity...range.upperBound)
  }

  /// Every element moved to the nearest number from `lower` to `upper`, bounds of its own; shapes broadcast. NaN stays, and
  /// gives NaN as a bound. Where the bounds cross it is the upper one.
  ///
  /// d/dx is 1 inside and 0 outside, and the bound's derivative is 1 where it is taken, each ½ where x is a bound.
  public func clamped(lower: Tensor, upper: Tensor) -> Tensor {
    let lifted = ShapeCheck.broadcast("clamped", shape, lower.shape)
    _ = ShapeCheck.broadcast("clamped", lifted, upper.shape)
    return Tensor.minimum(Tensor.maximum(self, lower), upper)
  }

  /// x divided by its p-norm along `axes`, or by `epsilon` where the norm is less, so that each line has the length 1.
  /// d/dx of g is (g − s·Σg·y)/norm, with s = y for p = 2.
  ///
  /// PyTorch has it as `F.normalize`.
  ///
  /// - Parameters:
  ///   - p: The order of the norm, at least 0.
  ///   - axes: The axes of a line, negative ones counted from the back; `nil` for all.
  ///   - epsilon: The least divisor.
  public func normalized(_ p: Scalar = 2, axes: [Int]? = nil, epsilon: Scalar = 1e-12) -> Tensor {
    let axes = ShapeCheck.axes("normalized", axes, rank: rank)
    return self / norm(p, axes: axes, keepingDimensions: true).clamped(to: epsilon...)
  }
}

extension Tensor {
  /// The tensor with `value` where `mask` is true; the mask broadcasts to the tensor's shape. d/dx is 0 there, else 1.
  ///
  /// ```swift
  /// scores.maskedFill(where: isPadding, with: -.infinity).softmax(axis: -1)
  /// ```
  ///
  /// - Precondition: The mask's shape broadcasts to that of the tensor.
  public func maskedFill(where mask: Tensor<Bool>, with value: Scalar) -> Tensor {
    ShapeCheck.require(mask.shape.broadcast(with: shape) == shape) {
      "maskedFill: a mask of shape \(mask.shape) does not broadcast to \(shape)"
    }
    return .where(mask, Tensor(value), self)
  }
}
