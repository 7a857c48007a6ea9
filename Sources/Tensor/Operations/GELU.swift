/// How ``Tensor/gelu(approximation:)`` computes the normal distribution's share below x.
public enum GELUApproximation: Sendable {
  /// By the error function.
  case none
  /// By a hyperbolic tangent, as the first implementations did; off by 0.0005 at most.
  case tanh
}

extension Tensor where Scalar: TensorScalar {
  /// x · Φ(x) of every element, where Φ(x) = (1 + erf(x/√2))/2 is the share of a normal distribution below x.
  /// d/dx = Φ(x) + x · φ(x) with the density φ.
  ///
  /// - Parameter approximation: `.tanh` takes (1 + tanh(√(2/π) · (x + 0.044715 x³)))/2 for Φ(x), and the
  ///   derivative of that.
  public func gelu(approximation: GELUApproximation = .none) -> Tensor {
    switch approximation {
    case .none:
      elementwise("gelu", Kernel { $0.pointee.gelu }, slope: PairKernel { $0.pointee.gelu_slope }) { x in
        let density = (-0.5 * x.square()).exp() / (2 * Scalar.pi).squareRoot()
        return density * (2 - x.square())
      }
    case .tanh:
      elementwise(
        "gelu", Kernel { $0.pointee.gelu_by_tanh }, slope: PairKernel { $0.pointee.gelu_by_tanh_slope }
      ) { x in
        // The function is x · σ(v) with v = 2 · √(2/π) · (x + 0.044715 x³).
        let scale = (8 / Scalar.pi).squareRoot()
        let square = x.square()
        let s = (scale * x * (1 + 0.044715 * square)).sigmoid()
        let slope = scale * (1 + 0.134145 * square)
        let change = s * (1 - s)
        return change * (2 * slope + x * ((1 - 2 * s) * slope.square() + (0.26829 * scale) * x))
      }
    }
  }
}
