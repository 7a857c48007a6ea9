// Modified Bessel functions of the first kind, as Kaiser's window and the von Mises distribution need them.

extension Tensor where Scalar: TensorScalar {
  /// I₀(x) of every element, the modified Bessel function of order 0: Σ (x²/4)ᵏ/k!². d/dx = I₁(x).
  public func i0() -> Tensor {
    elementwise("i0", ModifiedBessel(order: 0, isScaled: false)) { g in g * i1() }
  }

  /// e^(−|x|) · I₀(x) of every element, which does not overflow. d/dx = e^(−|x|) · I₁(x) − sign(x) · y with the result y.
  public func i0e() -> Tensor {
    elementwise("i0e", ModifiedBessel(order: 0, isScaled: true)) { g, y in g * (i1e() - sign() * y) }
  }

  /// I₁(x) of every element, the modified Bessel function of order 1: (x/2) Σ (x²/4)ᵏ/(k!·(k + 1)!).
  /// d/dx = I₀(x) − I₁(x)/x, ½ at 0.
  public func i1() -> Tensor {
    elementwise("i1", ModifiedBessel(order: 1, isScaled: false)) { g, y in g * (i0() - ratio(y)) }
  }

  /// e^(−|x|) · I₁(x) of every element, which does not overflow.
  /// d/dx = e^(−|x|) · I₀(x) − y · (sign(x) + 1/x) with the result y, ½ at 0.
  public func i1e() -> Tensor {
    elementwise("i1e", ModifiedBessel(order: 1, isScaled: true)) { g, y in g * (i0e() - sign() * y - ratio(y))
    }
  }

  /// I₁(x)/x, which is ½ at 0.
  private func ratio(_ y: Tensor) -> Tensor {
    let isZero = self .== 0
    return .where(isZero, Tensor(0.5), y / Tensor.where(isZero, Tensor(1), self))
  }
}

/// Computed in `Double` for both scalars: by the power series, whose terms are all of one sign, up to 30, and from there by
/// the asymptotic series in 1/x, whose smallest term is below 10⁻²⁵.
private struct ModifiedBessel: ElementFormula {
  let order: Int
  let isScaled: Bool

  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S { S(value(Double(x))) }

  private func value(_ x: Double) -> Double {
    let size = x.magnitude
    if x.isNaN { return x }
    if x.isInfinite { return isScaled ? 0 : order == 1 && x < 0 ? -.infinity : .infinity }
    let value: Double
    if size < 30 {
      let quarter = size * size / 4
      var (term, sum, k) = (order == 0 ? 1 : size / 2, 0.0, 0.0)
      while term > sum * 0x1p-56 || k == 0 {
        sum += term
        k += 1
        term *= quarter / (k * (k + Double(order)))
      }
      value = isScaled ? sum * Double.exp(-size) : sum
    } else {
      // Σ (−1)ᵏ (μ − 1²)(μ − 3²) … (μ − (2k − 1)²) / (k! (8x)ᵏ) with μ = 4·order².
      let mu = Double(4 * order * order)
      var (term, sum) = (1.0, 1.0)
      for k in 1...30 {
        let odd = Double(2 * k - 1)
        term *= -(mu - odd * odd) / (Double(k) * 8 * size)
        sum += term
      }
      let scaled = sum / (2 * .pi * size).squareRoot()
      // In two steps, since e^|x| overflows before the function does.
      let half = Double.exp(size / 2)
      value = isScaled ? scaled : scaled * half * half
    }
    return order == 1 && x < 0 ? -value : value
  }
}
