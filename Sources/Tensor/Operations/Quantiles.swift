extension Tensor where Scalar: TensorScalar {
  /// The element in the middle of those along `axes` in order, or of all; the mean of the middle two of an
  /// even number, infinite where one of them is; NaN if there is one. d/dx goes to the elements in the middle, shared evenly
  /// by all that equal one of them, as that of `max`.
  ///
  /// NumPy's definition; PyTorch's `median` takes the lower one of two.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func median(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    quantile("median", 0.5, axes, keepingDimensions)
  }

  /// The number below which a `fraction` of the elements along `axes` lies, or of all; NaN if there is one.
  ///
  /// Of n elements in order, x₀ to xₙ₋₁, it is the one at (n − 1) · fraction, on the line between two
  /// neighbours: xₖ + w (xₖ₊₁ − xₖ), as by default in PyTorch and NumPy; infinite where one of them is. d/dx is 1 − w for
  /// xₖ and w for xₖ₊₁, each shared evenly by all elements that equal it.
  ///
  /// - Parameters:
  ///   - fraction: 0 gives the smallest element, 1 the largest.
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: `fraction` is in `0...1`; there is at least one element along `axes`.
  public func quantile(_ fraction: Double, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    ShapeCheck.require(0 <= fraction && fraction <= 1) {
      "quantile: the fraction \(fraction) is not in 0...1"
    }
    return quantile("quantile", fraction, axes, keepingDimensions)
  }

  private func quantile(
    _ operation: String, _ fraction: Double, _ axes: [Int]?, _ keepingDimensions: Bool
  ) -> Tensor {
    let axes = ShapeCheck.axes(operation, axes, rank: rank)
    let length = axes.reduce(1) { $0 * shape[$1] }
    ShapeCheck.require(length > 0) {
      "\(operation): the shape \(shape) has no elements along the axes \(axes)"
    }
    let kept = shape.indices.filter { !axes.contains($0) }
    let keptShape = kept.map { shape[$0] }
    let lines = transposed(axes: kept + axes).reshaped(to: keptShape + [length])
    let sorted = lines.detached().sorted()
    let place = fraction * Double(length - 1)
    let below = Int(place)
    let weight = Scalar(place - Double(below))
    var result = lines.share(of: sorted.sliced(below, axis: -1))
    if weight > 0 {
      let next = lines.share(of: sorted.sliced(below + 1, axis: -1))
      let distance = next - result
      // From an infinity, or over a distance that is too large, the line is their weighted mean, which is the same.
      let isFinite = distance.detached().abs() .< Tensor(.infinity)
      result = .where(
        isFinite, result + distance * weight,
        .where(isFinite, Tensor(0), result) * (1 - weight) + .where(isFinite, Tensor(0), next) * weight)
    }
    // NaN is sorted to the end.
    let last = sorted.sliced(-1, axis: -1)
    result = .where(last .!= last, last, result)
    if !keepingDimensions { return result }
    return result.reshaped(to: shape.indices.map { axes.contains($0) ? 1 : shape[$0] })
  }
  /// `value`, which some element of each line along the last axis equals: all that do share its derivative evenly.
  private func share(of value: Tensor) -> Tensor {
    record(
      "quantile", value,
      (
        self,
        { g in
          let isEqual = self .== value.expanded(axis: -1)
          // None equals a NaN.
          let count = Tensor(isEqual.countTrue(axes: [-1], keepingDimensions: true)).clamped(to: 1...)
          return g.expanded(axis: -1) / count * Tensor(isEqual)
        }
      ))
  }
}
