extension Tensor where Scalar: TensorScalar {
  /// eˣ / Σeˣ, the sum running along `axis`: positive numbers that add up to 1. d/dx of g is y · (g − Σg·y).
  ///
  /// No number overflows: the largest one is taken off first. Elements of −∞ give 0; lines that hold nothing else,
  /// or +∞, give NaN.
  ///
  /// - Parameter axis: Negative ones count from the back.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func softmax(axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("softmax", axis, rank: rank)
    if isMapped { return throughMapped { x, shift in x.softmax(axis: axis + shift) } }
    return record(
      "softmax", Tensor(Kernels.softmax(array, axis: axis, isLogarithm: false)),
      inputs: [(self, { g, y in Self.softmaxSlope(g, y, axis: axis) })], pushing: .symmetric)
  }

  /// y · (g − Σg·y). It is linear in g and symmetric: d/dg of u is the same of u. d/dy is u · (g − Σg·y) − g · Σu·y.
  private static func softmaxSlope(_ g: Tensor, _ y: Tensor, axis: Int) -> Tensor {
    let slope = Kernels.softmaxSlope(g.array, y.array, axis: axis, isLogarithm: false)
    return record(
      "softmax's gradient", Tensor(slope),
      (g, { u in softmaxSlope(u, y, axis: axis) }),
      (
        y,
        { u in
          let along = (g * y).sum(axes: [axis], keepingDimensions: true)
          return u * (g - along) - g * (u * y).sum(axes: [axis], keepingDimensions: true)
        }
      ))
  }
}
