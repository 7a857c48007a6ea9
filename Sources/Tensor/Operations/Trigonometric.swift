extension Functions {
  struct Sin: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.sin(x) }
  }
  struct Cos: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.cos(x) }
  }
}

extension Tensor {
  /// The sine of every element, in radians. d/dx = cos(x).
  public func sin() -> Tensor {
    record("sin", Tensor(Kernels.map(array, Functions.Sin())), (self, { g in g * self.cos() }))
  }

  /// The cosine of every element, in radians. d/dx = −sin(x).
  public func cos() -> Tensor {
    record("cos", Tensor(Kernels.map(array, Functions.Cos())), (self, { g in -(g * self.sin()) }))
  }
}
