import CKernels

extension Functions {
  struct Exp: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.exp }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.exp(x) }
  }
  struct Log: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.log(x) }
  }
  struct Tanh: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.tanh }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.tanh(x) }
  }
  struct Sigmoid: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.sigmoid }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { 1 / (1 + S.exp(-x)) }
  }
}

extension Tensor {
  /// e to the power of every element. d/dx = exp(x).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func exp() -> Tensor {
    record("exp", Tensor(Kernels.map(array, Functions.Exp())), (self, { g, y in g * y }))
  }

  /// The natural logarithm of every element: −∞ at 0, NaN below. d/dx = 1/x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func log() -> Tensor {
    record("log", Tensor(Kernels.map(array, Functions.Log())), (self, { g in g / self }))
  }

  /// The hyperbolic tangent of every element. d/dx = 1 − tanh²(x).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func tanh() -> Tensor {
    record("tanh", Tensor(Kernels.map(array, Functions.Tanh())), (self, { g, y in g * (1 - y.square()) }))
  }

  /// σ(x) = 1 / (1 + e⁻ˣ) of every element. d/dx = σ(x) · (1 − σ(x)).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func sigmoid() -> Tensor {
    record("sigmoid", Tensor(Kernels.map(array, Functions.Sigmoid())), (self, { g, y in g * (y * (1 - y)) }))
  }
}
