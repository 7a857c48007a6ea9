extension Tensor where Scalar: TensorScalar {
  /// log |Γ(x)| of every element, ∞ at 0 and at the negative whole numbers. d/dx = ψ(x), ``digamma()``.
  public func logGamma() -> Tensor {
    elementwise("logGamma", Kernel { $0.pointee.log_gamma }) { g in g * digamma() }
  }

  /// The digamma function of every element, ψ(x) = d/dx log Γ(x): ∓∞ at ±0, NaN at the negative whole numbers,
  /// where it has poles. d/dx = ψ′(x), ``polygamma(_:)`` of order 1.
  public func digamma() -> Tensor { polygamma(0) }

  /// The polygamma function of every element, ψ⁽ⁿ⁾(x) = dⁿ⁺¹/dxⁿ⁺¹ log Γ(x): digamma for n = 0, trigamma for
  /// n = 1. d/dx = ψ⁽ⁿ⁺¹⁾(x).
  ///
  /// At the poles, 0 and the negative whole numbers, it is ∞ for odd n; for even n, ∓∞ at ±0 and else NaN.
  ///
  /// - Parameter order: n, from 0 to 100.
  /// - Complexity: About 12 + 2n powers an element.
  public func polygamma(_ order: Int) -> Tensor {
    ShapeCheck.require((0...100).contains(order)) { "polygamma: the order \(order) is not in 0...100" }
    return polygammaOfAnyOrder(order)
  }

  private func polygammaOfAnyOrder(_ order: Int) -> Tensor {
    elementwise("polygamma", Polygamma(order: order)) { g in g * polygammaOfAnyOrder(order + 1) }
  }
}
