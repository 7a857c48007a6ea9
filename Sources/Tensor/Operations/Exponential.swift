extension Tensor where Scalar: TensorScalar {
  /// e to the power of every element. d/dx = exp(x).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func exp() -> Tensor { elementwise("exp", Kernel { $0.pointee.exp }) { g, y in g * y } }

  /// 2 to the power of every element. d/dx = 2ˣ · log 2.
  public func exp2() -> Tensor {
    elementwise("exp2", Kernel { $0.pointee.exp2 }) { g, y in g * (y * Scalar.log(2)) }
  }

  /// eˣ − 1 of every element, accurate also near 0. d/dx = eˣ.
  public func expm1() -> Tensor { elementwise("expm1", Kernel { $0.pointee.expm1 }) { g in g * exp() } }
}
