extension Tensor where Scalar: TensorScalar {
  /// The logarithm of ``softmax(axis:)``, x − log Σeˣ, exact also where the softmax is too small for a number.
  /// d/dx of g is g − eʸ · Σg.
  ///
  /// Elements of −∞ stay so; lines that hold nothing else, or +∞, give NaN.
  ///
  /// - Parameter axis: Negative ones count from the back.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func logSoftmax(axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("logSoftmax", axis, rank: rank)
    if isMapped { return throughMapped { x, shift in x.logSoftmax(axis: axis + shift) } }
    return record(
      "logSoftmax", Tensor(Kernels.softmax(array, axis: axis, isLogarithm: true)),
      (self, { g, y in Self.logSoftmaxSlope(g, y, axis: axis) }))
  }

  /// g − eʸ · Σg. d/dg of u is u − Σu·eʸ; d/dy is −u · eʸ · Σg.
  private static func logSoftmaxSlope(_ g: Tensor, _ y: Tensor, axis: Int) -> Tensor {
    let slope = Kernels.softmaxSlope(g.array, y.array, axis: axis, isLogarithm: true)
    return record(
      "logSoftmax's gradient", Tensor(slope),
      (g, { u in u - (u * y.exp()).sum(axes: [axis], keepingDimensions: true) }),
      (y, { u in -(u * y.exp() * g.sum(axes: [axis], keepingDimensions: true)) }))
  }
}
