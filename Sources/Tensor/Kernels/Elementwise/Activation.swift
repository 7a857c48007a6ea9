import CKernels

/// The activation functions f that have kernels for their values and for their gradients.
enum Activation: Sendable {
  case softplus, silu, gelu, geluByTanh, mish, hardSigmoid, hardSwish
  /// The parameters are `Double`, which holds those of a `Float` tensor exactly.
  case elu(alpha: Double)
  case leakyReLU(slope: Double)

  /// f(x) of every element.
  func values<Scalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    switch self {
    case .softplus: Kernels.map(x, Functions.Softplus())
    case .silu: Kernels.map(x, Functions.SiLU())
    case .gelu: Kernels.map(x, Functions.GELU())
    case .geluByTanh: Kernels.map(x, Functions.GELUByTanh())
    case .mish: Kernels.map(x, Functions.Mish())
    case .hardSigmoid: Kernels.map(x, Functions.HardSigmoid())
    case .hardSwish: Kernels.map(x, Functions.HardSwish())
    case .elu(let alpha): Kernels.map(x, Functions.ELU(alpha: alpha))
    case .leakyReLU(let slope): Kernels.map(x, Functions.LeakyReLU(factor: slope))
    }
  }

  /// g · f′(x) of every pair of elements; the shapes are equal.
  func gradient<Scalar>(_ g: StridedArray<Scalar>, at x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    let shape = x.shape
    return switch self {
    case .softplus: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.Softplus()))
    case .silu: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.SiLU()))
    case .gelu: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.GELU()))
    case .geluByTanh: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.GELUByTanh()))
    case .mish: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.Mish()))
    case .hardSigmoid: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.HardSigmoid()))
    case .hardSwish: Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.HardSwish()))
    case .elu(let alpha): Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.ELU(alpha: alpha)))
    case .leakyReLU(let slope):
      Kernels.zip(g, x, shape: shape, Functions.Chain(f: Functions.LeakyReLU(factor: slope)))
    }
  }

  /// f″(x), in operations that can be differentiated in turn.
  func curvature<Scalar>(at x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .softplus:
      let s = x.sigmoid()
      return s * (1 - s)
    case .silu:
      let s = x.sigmoid()
      return s * (1 - s) * (2 + x * (1 - 2 * s))
    case .gelu:
      let density = (-0.5 * x.square()).exp() / (2 * Scalar.pi).squareRoot()
      return density * (2 - x.square())
    case .geluByTanh:
      // x · σ(v) with v = 2 · √(2/π) · (x + 0.044715 x³).
      let scale = (8 / Scalar.pi).squareRoot()
      let square = x.square()
      let s = (scale * x * (1 + 0.044715 * square)).sigmoid()
      let slope = scale * (1 + 0.134145 * square)
      let change = s * (1 - s)
      return change * (2 * slope + x * ((1 - 2 * s) * slope.square() + (0.26829 * scale) * x))
    case .mish:
      let (t, s) = (x.softplus().tanh(), x.sigmoid())
      return (1 - t.square()) * s * (2 + x * ((1 - s) - 2 * t * s))
    case .hardSwish:
      return (x .> -3) * (x .< 3) / 3
    case .elu(let alpha):
      return Tensor.where(x .> 0, Tensor(0), Scalar(alpha) * x.exp())
    case .hardSigmoid, .leakyReLU:
      return .zeros(x.shape)
    }
  }
}

/// A function of one number with its derivative.
protocol DifferentiableFunction: UnaryFunction {
  func slope<Scalar: TensorScalar>(_ x: Scalar) -> Scalar
  /// The loop of `kernels` for g · f′(x) of neighbours, if there is one for their scalar.
  func slopeKernel(_ kernels: ElementKernels) -> ckernels_pairs?
}

extension DifferentiableFunction {
  @inline(__always) func slopeKernel(_ kernels: ElementKernels) -> ckernels_pairs? { nil }
}

extension Functions {
  /// g · f′(x).
  struct Chain<F: DifferentiableFunction>: BinaryFunction {
    let f: F
    @inline(__always)
    func kernel(_ kernels: ElementKernels) -> ckernels_pairs? { f.slopeKernel(kernels) }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ g: S, _ x: S) -> S { g * f.slope(x) }
  }
  struct Softplus: DifferentiableFunction {
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S) -> S { (x < 0 ? 0 : x) + Log1p()(S.exp(-x.magnitude)) }
    @inline(__always) func slope<S: TensorScalar>(_ x: S) -> S { Sigmoid()(x) }
  }
  struct SiLU: DifferentiableFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x / (1 + S.exp(-x)) }
    @inline(__always)
    func slope<S: TensorScalar>(_ x: S) -> S {
      let s = Sigmoid()(x)
      return s * (1 + x * (1 - s))
    }
  }
  struct GELU: DifferentiableFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.gelu }
    @inline(__always)
    func slopeKernel(_ kernels: ElementKernels) -> ckernels_pairs? { kernels.pointee.gelu_slope }
    /// The share of a normal distribution below x.
    @inline(__always)
    private func share<S: TensorScalar>(_ x: S) -> S { 0.5 * Erfc()(-x * S(0.5).squareRoot()) }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x * share(x) }
    @inline(__always)
    func slope<S: TensorScalar>(_ x: S) -> S {
      share(x) + x * S.exp(-0.5 * x * x) * (0.5 / S.pi).squareRoot()
    }
  }
  /// Half of 1 + tanh(u) is σ(2u), which keeps its digits where it is nearly 0.
  struct GELUByTanh: DifferentiableFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.gelu_by_tanh }
    @inline(__always)
    func slopeKernel(_ kernels: ElementKernels) -> ckernels_pairs? { kernels.pointee.gelu_by_tanh_slope }
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S) -> S {
      x * Sigmoid()((8 / S.pi).squareRoot() * x * (1 + 0.044715 * x * x))
    }
    @inline(__always)
    func slope<S: TensorScalar>(_ x: S) -> S {
      let scale = (8 / S.pi).squareRoot()
      let s = Sigmoid()(scale * x * (1 + 0.044715 * x * x))
      return s * (1 + x * (1 - s) * (scale * (1 + 0.134145 * x * x)))
    }
  }
  /// With e = eˣ, tanh(log(1 + e)) = n/(n + 2) for n = e · (e + 2).
  struct Mish: DifferentiableFunction {
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S) -> S {
      let e = S.exp(x < 20 ? x : 20)
      let n = e * (e + 2)
      return x * (n / (n + 2))
    }
    @inline(__always)
    func slope<S: TensorScalar>(_ x: S) -> S {
      // NaN is not above 20, and so stays.
      let e = S.exp(x > 20 ? 20 : x)
      let n = e * (e + 2)
      let t = n / (n + 2)
      // 1 − t² = 4 (n + 1)/(n + 2)², and from 20 on t is 1 to the last digit.
      let change = x > 20 ? 0 : x * (e / (1 + e)) * (4 * (n + 1) / ((n + 2) * (n + 2)))
      return t + change
    }
  }
  struct HardSigmoid: DifferentiableFunction {
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S) -> S { x < -3 ? 0 : x > 3 ? 1 : (x + 3) / 6 }
    @inline(__always) func slope<S: TensorScalar>(_ x: S) -> S { x > -3 && x < 3 ? 1 / 6 : 0 }
  }
  struct HardSwish: DifferentiableFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x * HardSigmoid()(x) }
    @inline(__always)
    func slope<S: TensorScalar>(_ x: S) -> S { x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5 }
  }
  struct ELU: DifferentiableFunction {
    let alpha: Double
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S) -> S { x > 0 ? x : S(alpha) * Expm1()(x) }
    @inline(__always) func slope<S: TensorScalar>(_ x: S) -> S { x > 0 ? 1 : S(alpha) * S.exp(x) }
  }
  struct LeakyReLU: DifferentiableFunction {
    let factor: Double
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x > 0 ? x : S(factor) * x }
    @inline(__always) func slope<S: TensorScalar>(_ x: S) -> S { x > 0 ? 1 : S(factor) }
  }
}
