extension Tensor {
  /// log(1 + eˣ) of every element, a smooth max(x, 0). d/dx = σ(x).
  public func softplus() -> Tensor { activated("softplus", by: .softplus) }

  /// x · σ(x) of every element, also called swish. d/dx = σ(x) · (1 + x · (1 − σ(x))).
  public func silu() -> Tensor { activated("silu", by: .silu) }

  /// x · Φ(x) of every element, where Φ(x) = (1 + erf(x/√2))/2 is the share of a normal distribution below x.
  /// d/dx = Φ(x) + x · φ(x) with the density φ.
  ///
  /// - Parameter approximation: `.tanh` takes (1 + tanh(√(2/π) · (x + 0.044715 x³)))/2 for Φ(x), and the
  ///   derivative of that.
  public func gelu(approximation: GELUApproximation = .none) -> Tensor {
    switch approximation {
    case .none: activated("gelu", by: .gelu)
    case .tanh: activated("gelu", by: .geluByTanh)
    }
  }

  /// x for positive elements, α · (eˣ − 1) for others. d/dx = 1 or α · eˣ.
  public func elu(alpha: Scalar = 1) -> Tensor { activated("elu", by: .elu(alpha: Double(alpha))) }

  /// x for positive elements, `slope` · x for others. d/dx = 1 or `slope`, the latter also at 0.
  public func leakyReLU(slope: Scalar = 0.01) -> Tensor {
    activated("leakyReLU", by: .leakyReLU(slope: Double(slope)))
  }

  /// x · tanh(log(1 + eˣ)) of every element. With t the hyperbolic tangent, d/dx = t + x · σ(x) · (1 − t²).
  public func mish() -> Tensor { activated("mish", by: .mish) }

  /// σ(x) in three straight pieces: x/6 + ½, at least 0 and at most 1. d/dx = 1/6 for −3 < x < 3, else 0.
  public func hardSigmoid() -> Tensor { activated("hardSigmoid", by: .hardSigmoid) }

  /// x · hardSigmoid(x) of every element. d/dx = x/3 + ½ for −3 < x < 3, 0 below and 1 above.
  public func hardSwish() -> Tensor { activated("hardSwish", by: .hardSwish) }

  /// x moved into [−1, 1], for every element. d/dx is 1 inside, the bounds included, and 0 outside.
  public func hardTanh() -> Tensor { clamped(to: -1...1) }

  private func activated(_ name: StaticString, by activation: Activation) -> Tensor {
    record(
      name, Tensor(activation.values(array)), (self, { g in self.pulledBack(g, through: activation) }))
  }

  /// g · f′(x). It reads memory once, and is an operation with derivatives of its own.
  private func pulledBack(_ g: Tensor, through activation: Activation) -> Tensor {
    record(
      "activation's gradient", Tensor(activation.gradient(g.array, at: array)),
      (g, { h in self.pulledBack(h, through: activation) }),
      (self, { h in h * g * activation.curvature(at: self) }))
  }
}

/// How ``Tensor/gelu(approximation:)`` computes the normal distribution's share below x.
public enum GELUApproximation: Sendable {
  /// By the error function.
  case none
  /// By a hyperbolic tangent, as the first implementations did; off by 0.0005 at most.
  case tanh
}
