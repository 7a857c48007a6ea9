extension Tensor where Scalar: TensorScalar {
  /// The differences of neighbours along `axis`, xᵢ₊₁ − xᵢ, `order` times over: each time the axis has an element less.
  ///
  /// d/dx of g is gᵢ₋₁ − gᵢ.
  ///
  /// - Parameters:
  ///   - order: How often differences are taken; 0 for the tensor itself.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: `order` is not negative.
  public func diff(order: Int = 1, axis: Int = -1) -> Tensor {
    ShapeCheck.require(order >= 0) { "diff: the order \(order) is negative" }
    let axis = ShapeCheck.axis("diff", axis, rank: rank)
    var result = self
    for _ in 0..<Swift.min(order, shape[axis]) {
      result = result.sliced(1..., axis: axis) - result.sliced(..<(result.shape[axis] - 1), axis: axis)
    }
    return result
  }

  /// The value at each of the tensor's elements of the lines through points (xᵢ, yᵢ); beyond the first and the last point,
  /// their values. NaN stays.
  ///
  /// d/dx is the slope of the line, 0 beyond the points and that of the line on the left at a point; d/dyᵢ is the share that
  /// yᵢ has.
  ///
  /// ```swift
  /// age.interp(xs: Tensor([0, 10, 20]), ys: Tensor([50, 140, 175]))
  /// ```
  ///
  /// - Parameters:
  ///   - xs: The points' places, ascending, `[N]`; not differentiated.
  ///   - ys: The values there, `[N]`.
  /// - Precondition: There is one point at least, as many values as places, and no place is below the one before it.
  public func interp(xs: Tensor, ys: Tensor) -> Tensor {
    ShapeCheck.require(xs.rank == 1 && ys.shape == xs.shape && xs.count > 0) {
      "interp: places of shape \(xs.shape) and values of shape \(ys.shape) are no points, [N] and [N] with N above 0"
    }
    let xs = xs.detached()
    ShapeCheck.require(!xs.isNaN().any().scalar && !(xs.diff() .< 0).any().scalar) {
      "interp: the places xs are not numbers in ascending order"
    }
    let last = xs.count - 1
    let position = xs.searchSorted(self)
    let right = Tensor<Int64>(
      position.integers.map { Int64(Swift.min(Swift.max($0, Swift.min(1, last)), last)) }, shape: shape)
    let left = Tensor<Int64>(right.integers.map { Int64(Swift.max($0 - 1, 0)) }, shape: shape)
    let (x0, x1) = (xs.elements(at: left, axis: 0), xs.elements(at: right, axis: 0))
    let width = x1 - x0
    let inside = clamped(to: xs[0].scalar...xs[last].scalar)
    let weight = (inside - x0) / Tensor.where(width .== 0, Tensor(1), width)
    return ys.elements(at: left, axis: 0).lerp(to: ys.elements(at: right, axis: 0), weight: weight)
  }
}
