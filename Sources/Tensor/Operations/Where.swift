extension Tensor {
  /// x where `condition` is true, else y; shapes broadcast. A comparison makes such a condition.
  ///
  /// d/dx is 1 where x is taken and d/dy where y is, else 0; the condition has no derivative. A NaN or an infinity that
  /// is not taken does no harm here. It does further back if the *derivative* of what made it is infinite or NaN, as
  /// that of √x is at 0: 0 · ∞ is NaN. Then choose the argument as well:
  ///
  /// ```swift
  /// let isInside = x .> 0
  /// let root = Tensor.where(isInside, Tensor.where(isInside, x, Tensor(1)).sqrt(), Tensor(0))
  /// ```
  public static func `where`(_ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor) -> Tensor {
    let branches = ShapeCheck.broadcast("where", x.shape, y.shape)
    let shape = ShapeCheck.broadcast("where", condition.shape, branches)
    if condition.isMapped || x.isMapped || y.isMapped {
      return choosing(
        condition, x, y, deepest(condition.mapped, deepest(x.mapped, y.mapped)), rank: shape.count)
    }
    let result = Tensor(Kernels.select(condition.array, x.array, y.array, shape: shape))
    if leavesNoTrace(x), leavesNoTrace(y) { return result }
    return record(
      "where", result,
      inputs: [
        (x, { g in Tensor.where(condition, g, .zeros([])) }),
        (y, { g in Tensor.where(condition, .zeros([]), g) }),
      ], pushing: .diagonal)
  }

  private static func choosing(
    _ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor, _ axes: MappedAxes, rank: Int
  ) -> Tensor {
    Tensor.where(
      condition.aligned(to: axes, rank: rank), x.aligned(to: axes, rank: rank),
      y.aligned(to: axes, rank: rank)
    ).asMapped(axes)
  }
}
