extension Tensor {
  /// The hyperbolic sine of every element, (eˣ − e⁻ˣ)/2. d/dx = cosh(x).
  public func sinh() -> Tensor {
    record("sinh", Tensor(Kernels.map(array, Functions.Sinh())), (self, { g in g * self.cosh() }))
  }

  /// The hyperbolic cosine of every element, (eˣ + e⁻ˣ)/2. d/dx = sinh(x).
  public func cosh() -> Tensor {
    record("cosh", Tensor(Kernels.map(array, Functions.Cosh())), (self, { g in g * self.sinh() }))
  }

  /// The number whose hyperbolic sine is x. d/dx = 1/√(x² + 1).
  public func asinh() -> Tensor {
    record(
      "asinh", Tensor(Kernels.map(array, Functions.Asinh())),
      (self, { g in g / Tensor.hypot(self, Tensor(1)) }))
  }

  /// The number in [0, ∞) whose hyperbolic cosine is x, NaN for x < 1. d/dx = 1/√(x² − 1), ∞ at 1.
  public func acosh() -> Tensor {
    record(
      "acosh", Tensor(Kernels.map(array, Functions.Acosh())),
      // Two roots, where one of the product would overflow.
      (self, { g in g / ((self - 1).sqrt() * (self + 1).sqrt()) }))
  }

  /// The number whose hyperbolic tangent is x, ±∞ at ±1, NaN for |x| > 1. d/dx = 1/(1 − x²).
  public func atanh() -> Tensor {
    record(
      "atanh", Tensor(Kernels.map(array, Functions.Atanh())), (self, { g in g / ((1 - self) * (1 + self)) }))
  }
}
