extension Tensor {
  /// The tensor with its axes in another order, without a copy: axis i of the result is axis `axes[i]`.
  /// d/dx is the gradient in the old order.
  ///
  /// - Precondition: `axes` names every axis once; negative ones count from the back.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func transposed(axes: [Int]) -> Tensor {
    let order = axes.map { ShapeCheck.axis("transposed", $0, rank: rank) }
    ShapeCheck.require(order.sorted() == Array(0..<rank)) {
      "transposed: the axes \(axes) do not name each axis of \(shape) once"
    }
    if order == Array(0..<rank) { return self }
    if isMapped {
      return throughMapped { x, shift in x.transposed(axes: Array(0..<shift) + order.map { $0 + shift }) }
    }
    var inverse = order
    for (axis, source) in order.enumerated() { inverse[source] = axis }
    return record(
      "transposed", Tensor(array.transposed(order)), (self, { g in g.transposed(axes: inverse) }),
      pushing: { $0.transposed(axes: order) })
  }

  /// The matrices in the last two axes, transposed: `[…, M, N]` becomes `[…, N, M]`, without a copy.
  ///
  /// - Precondition: The tensor has two axes at least.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func transposed() -> Tensor {
    ShapeCheck.require(rank >= 2) { "transposed: the shape \(shape) has fewer than two axes" }
    return transposed(axes: Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
