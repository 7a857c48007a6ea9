extension Functions {
  struct Exp: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.exp(x) }
  }
}

extension Tensor {
  /// e to the power of every element. d/dx = exp(x).
  public func exp() -> Tensor {
    record("exp", Tensor(Kernels.map(array, Functions.Exp())), (self, { g, y in g * y }))
  }
}
