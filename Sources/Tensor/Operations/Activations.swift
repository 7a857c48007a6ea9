extension Tensor where Scalar: TensorScalar {
  /// σ(x) = 1 / (1 + e⁻ˣ) of every element. d/dx = σ(x) · (1 − σ(x)).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func sigmoid() -> Tensor {
    elementwise("sigmoid", Kernel { $0.pointee.sigmoid }) { g, y in g * (y * (1 - y)) }
  }

  /// log(x / (1 − x)) of every element, the inverse of the sigmoid: −∞ at 0, ∞ at 1, NaN below and above.
  /// d/dx = 1/(x · (1 − x)).
  public func logit() -> Tensor {
    elementwise("logit", Kernel { $0.pointee.logit }) { g in g / (self * (1 - self)) }
  }

  /// log(1 + eˣ) of every element, a smooth max(x, 0). d/dx = σ(x).
  public func softplus() -> Tensor {
    elementwise("softplus", Kernel { $0.pointee.softplus }, slope: PairKernel { $0.pointee.softplus_slope }) {
      x in
      let s = x.sigmoid()
      return s * (1 - s)
    }
  }

  /// x · σ(x) of every element, also called swish. d/dx = σ(x) · (1 + x · (1 − σ(x))).
  public func silu() -> Tensor {
    elementwise("silu", Kernel { $0.pointee.silu }, slope: PairKernel { $0.pointee.silu_slope }) { x in
      let s = x.sigmoid()
      return s * (1 - s) * (2 + x * (1 - 2 * s))
    }
  }

  /// x · tanh(log(1 + eˣ)) of every element. With t the hyperbolic tangent, d/dx = t + x · σ(x) · (1 − t²).
  public func mish() -> Tensor {
    elementwise("mish", Kernel { $0.pointee.mish }, slope: PairKernel { $0.pointee.mish_slope }) { x in
      let (t, s) = (x.softplus().tanh(), x.sigmoid())
      return (1 - t.square()) * s * (2 + x * ((1 - s) - 2 * t * s))
    }
  }

  /// x for positive elements, α · (eˣ − 1) for others. d/dx = 1 or α · eˣ.
  public func elu(alpha: Scalar = 1) -> Tensor {
    // `Double` holds the α of a `Float` tensor exactly.
    let a = Double(alpha)
    return elementwise("elu", ELU(alpha: a), slope: ELUSlope(alpha: a)) { x in
      Tensor.where(x .> 0, Tensor(0), alpha * x.exp())
    }
  }

  /// x for positive elements, `slope` · x for others. d/dx = 1 or `slope`, the latter also at 0.
  public func leakyReLU(slope: Scalar = 0.01) -> Tensor {
    let factor = Double(slope)
    return elementwise("leakyReLU", LeakyReLU(factor: factor), slope: LeakyReLUSlope(factor: factor)) { x in
      .zeros(x.shape)
    }
  }

  /// σ(x) in three straight pieces: x/6 + ½, at least 0 and at most 1. d/dx = 1/6 for −3 < x < 3, else 0.
  public func hardSigmoid() -> Tensor {
    elementwise("hardSigmoid", HardSigmoid(), slope: HardSigmoidSlope()) { x in .zeros(x.shape) }
  }

  /// x · hardSigmoid(x) of every element. d/dx = x/3 + ½ for −3 < x < 3, 0 below and 1 above.
  public func hardSwish() -> Tensor {
    elementwise("hardSwish", HardSwish(), slope: HardSwishSlope()) { x in
      Tensor((x .> -3) .& (x .< 3)) / 3
    }
  }

  /// x/(1 + |x|) of every element. d/dx = 1/(1 + |x|)².
  public func softsign() -> Tensor {
    elementwise("softsign", Softsign()) { g in g / (1 + abs()).square() }
  }

  /// x moved into [−1, 1], for every element. d/dx is 1 inside, the bounds included, and 0 outside.
  public func hardTanh() -> Tensor { clamped(to: -1...1) }
}

private struct ELU: ElementFunction {
  let alpha: Double
  @inline(__always)
  func apply<S: TensorScalar>(_ x: UnsafePointer<S>, _ count: Int, _ y: UnsafeMutablePointer<S>) {
    Processor.best.elements(S.self).pointee.elu(x, alpha, count, y)
  }
}

private struct ELUSlope: PairFunction {
  let alpha: Double
  @inline(__always)
  func apply<S: TensorScalar>(
    _ g: UnsafePointer<S>, _ gStep: Int, _ x: UnsafePointer<S>, _ xStep: Int, _ count: Int,
    _ y: UnsafeMutablePointer<S>
  ) {
    Processor.best.elements(S.self).pointee.elu_slope(g, gStep, x, xStep, alpha, count, y)
  }
}

private struct LeakyReLU: ElementFormula {
  let factor: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x > 0 ? x : S(factor) * x }
}

private struct LeakyReLUSlope: PairFormula {
  let factor: Double
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ g: S, _ x: S) -> S { g * (x > 0 ? 1 : S(factor)) }
}

private struct HardSigmoid: ElementFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S { x < -3 ? 0 : x > 3 ? 1 : (x + 3) / 6 }
}

private struct HardSigmoidSlope: PairFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ g: S, _ x: S) -> S { g * (x > -3 && x < 3 ? 1 / 6 : 0) }
}

private struct HardSwish: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x * HardSigmoid()(x) }
}

private struct HardSwishSlope: PairFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ g: S, _ x: S) -> S { g * (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5) }
}

private struct Softsign: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x / (1 + x.magnitude) }
}
