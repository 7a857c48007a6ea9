extension Tensor where Scalar: TensorScalar {
  /// The hyperbolic tangent of every element. d/dx = 1 − tanh²(x).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func tanh() -> Tensor {
    elementwise("tanh", Kernel { $0.pointee.tanh }) { g, y in g * (1 - y.square()) }
  }

  /// The hyperbolic sine of every element, (eˣ − e⁻ˣ)/2. d/dx = cosh(x).
  public func sinh() -> Tensor { elementwise("sinh", Kernel { $0.pointee.sinh }) { g in g * cosh() } }

  /// The hyperbolic cosine of every element, (eˣ + e⁻ˣ)/2. d/dx = sinh(x).
  public func cosh() -> Tensor { elementwise("cosh", Kernel { $0.pointee.cosh }) { g in g * sinh() } }

  /// The number whose hyperbolic sine is x. d/dx = 1/√(x² + 1).
  public func asinh() -> Tensor {
    elementwise("asinh", Kernel { $0.pointee.asinh }) { g in g / Tensor.hypot(self, Tensor(1)) }
  }

  /// The number in [0, ∞) whose hyperbolic cosine is x, NaN for x < 1. d/dx = 1/√(x² − 1), ∞ at 1.
  public func acosh() -> Tensor {
    // Two roots, where one of the product would overflow.
    elementwise("acosh", Kernel { $0.pointee.acosh }) { g in g / ((self - 1).sqrt() * (self + 1).sqrt()) }
  }

  /// The number whose hyperbolic tangent is x, ±∞ at ±1, NaN for |x| > 1. d/dx = 1/(1 − x²).
  public func atanh() -> Tensor {
    elementwise("atanh", Kernel { $0.pointee.atanh }) { g in g / ((1 - self) * (1 + self)) }
  }
}
