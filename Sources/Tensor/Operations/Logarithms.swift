extension Tensor where Scalar: TensorScalar {
  /// The natural logarithm of every element: −∞ at 0, NaN below. d/dx = 1/x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func log() -> Tensor { elementwise("log", Kernel { $0.pointee.log }) { g in g / self } }

  /// The logarithm to base 2 of every element: −∞ at 0, NaN below. d/dx = 1/(x · log 2).
  public func log2() -> Tensor {
    elementwise("log2", Kernel { $0.pointee.log2 }) { g in g / (self * Scalar.log(2)) }
  }

  /// The logarithm to base 10 of every element: −∞ at 0, NaN below. d/dx = 1/(x · log 10).
  public func log10() -> Tensor {
    elementwise("log10", Kernel { $0.pointee.log10 }) { g in g / (self * Scalar.log(10)) }
  }

  /// log(1 + x) of every element, accurate also near 0: −∞ at −1, NaN below. d/dx = 1/(1 + x).
  public func log1p() -> Tensor { elementwise("log1p", Kernel { $0.pointee.log1p }) { g in g / (1 + self) } }
}
