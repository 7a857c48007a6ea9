extension Tensor where Scalar: TensorScalar {
  /// x where `condition` is not 0, else y; shapes broadcast. A comparison makes such a condition.
  ///
  /// d/dx is 1 where x is taken and d/dy where y is, else 0; the condition has no derivative. A NaN or an infinity that
  /// is not taken does no harm here. It does further back if the *derivative* of what made it is infinite or NaN, as
  /// that of √x is at 0: 0 · ∞ is NaN. Then choose the argument as well:
  ///
  /// ```swift
  /// let isInside = x .> 0
  /// let root = Tensor.where(isInside, Tensor.where(isInside, x, Tensor(1)).sqrt(), Tensor(0))
  /// ```
  public static func `where`(_ condition: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
    let branches = ShapeCheck.broadcast("where", x.shape, y.shape)
    let shape = ShapeCheck.broadcast("where", condition.shape, branches)
    let condition = condition.detached()
    return record(
      "where", Tensor(Kernels.zip(condition.array, x.array, y.array, shape: shape, Select())),
      (x, { g in Tensor.where(condition, g, Tensor(0)) }), (y, { g in Tensor.where(condition, Tensor(0), g) })
    )
  }
}

private struct Select: TripleFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ condition: S, _ x: S, _ y: S) -> S { condition != 0 ? x : y }
}
