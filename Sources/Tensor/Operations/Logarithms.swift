extension Tensor {
  /// 2 to the power of every element. d/dx = 2ˣ · log 2.
  public func exp2() -> Tensor {
    record(
      "exp2", Tensor(Kernels.map(array, Functions.Exp2())), (self, { g, y in g * (y * Scalar.log(2)) }))
  }

  /// eˣ − 1 of every element, accurate also near 0. d/dx = eˣ.
  public func expm1() -> Tensor {
    record("expm1", Tensor(Kernels.map(array, Functions.Expm1())), (self, { g in g * self.exp() }))
  }

  /// The logarithm to base 2 of every element: −∞ at 0, NaN below. d/dx = 1/(x · log 2).
  public func log2() -> Tensor {
    record("log2", Tensor(Kernels.map(array, Functions.Log2())), (self, { g in g / (self * Scalar.log(2)) }))
  }

  /// The logarithm to base 10 of every element: −∞ at 0, NaN below. d/dx = 1/(x · log 10).
  public func log10() -> Tensor {
    record(
      "log10", Tensor(Kernels.map(array, Functions.Log10())), (self, { g in g / (self * Scalar.log(10)) }))
  }

  /// log(1 + x) of every element, accurate also near 0: −∞ at −1, NaN below. d/dx = 1/(1 + x).
  public func log1p() -> Tensor {
    record("log1p", Tensor(Kernels.map(array, Functions.Log1p())), (self, { g in g / (1 + self) }))
  }
}
