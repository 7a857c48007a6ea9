extension Functions {
  struct AbsoluteValue: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.magnitude }
  }
  struct Sign: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x > 0 ? 1 : x < 0 ? -1 : 0 }
  }
}

extension Tensor {
  /// |x| of every element. d/dx = sign(x), 0 at 0.
  public func abs() -> Tensor {
    record("abs", Tensor(Kernels.map(array, Functions.AbsoluteValue())), (self, { g in g * self.sign() }))
  }

  /// 1 for positive elements, −1 for negative ones, 0 for zeros and, as in PyTorch, for NaN. Its derivative is
  /// 0, so the result is not tracked.
  public func sign() -> Tensor { Tensor(Kernels.map(array, Functions.Sign())) }
}
