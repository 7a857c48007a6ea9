/// A polygamma function ψ⁽ⁿ⁾: derivative n + 1 of log Γ. Computed in `Double` for both scalars.
///
/// For x > 0, ψ(x) = log y − 1/(2y) − Σ B₂ₖ / (2k y²ᵏ) − Σ 1/(x + i), and for n > 0
/// ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x) with Hurwitz's ζ by Euler's and Maclaurin's sum: terms are added one by one up to
/// a y = x + N that is large enough for the asymptotic series. For x < 0,
/// ψ⁽ⁿ⁾(x) = (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − π dⁿ/dxⁿ cot(πx).
struct Polygamma: ElementFormula {
  private let order: Int
  /// (−1)ⁿ⁺¹ n!
  private let factor: Double
  /// The coefficients, lowest first, of the polynomial P with dⁿ/dxⁿ cot(πx) = πⁿ P(cot(πx)).
  private let reflection: [Double]

  init(order: Int) {
    self.order = order
    factor = (0..<order).reduce(-1.0) { (product: Double, k: Int) -> Double in -product * Double(k + 1) }
    var polynomial = [0.0, 1]
    for _ in 0..<order {
      // d/dx P(cot(πx)) = −π (1 + cot²) P′(cot).
      var next = [Double](repeating: 0, count: polynomial.count + 1)
      for power in 1..<polynomial.count {
        next[power - 1] -= Double(power) * polynomial[power]
        next[power + 1] -= Double(power) * polynomial[power]
      }
      polynomial = next
    }
    reflection = polynomial
  }

  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S(value(Double(x))) }

  private func value(_ x: Double) -> Double {
    guard x > -.infinity else { return .nan }
    if x > 0 { return positiveValue(x) }
    let isOdd = order % 2 == 1
    let fraction = x - x.rounded()
    if fraction == 0 {
      // A pole: the two sides agree for odd orders only, but the two zeros know their side.
      return isOdd ? .infinity : x < 0 ? .nan : x.sign == .minus ? .infinity : -.infinity
    }
    let cotangent = Double.cos(.pi * fraction) / Double.sin(.pi * fraction)
    let derivative = reflection.reversed().reduce(0) { $0 * cotangent + $1 }
    let other = positiveValue(1 - x)
    return (isOdd ? -other : other) - Double.pow(.pi, Double(order + 1)) * derivative
  }

  private func positiveValue(_ x: Double) -> Double { order == 0 ? Self.digamma(x) : factor * zeta(x) }

  private static func digamma(_ x: Double) -> Double {
    var (y, sum) = (x, 0.0)
    while y < 12 {
      sum += 1 / y
      y += 1
    }
    let z = 1 / (y * y)
    var series = 3617 / 8160.0
    series = 1 / 12.0 - z * series
    series = 691 / 32760.0 - z * series
    series = 1 / 132.0 - z * series
    series = 1 / 240.0 - z * series
    series = 1 / 252.0 - z * series
    series = 1 / 120.0 - z * series
    series = 1 / 12.0 - z * series
    return Double.log(y) - (0.5 / y + z * series) - sum
  }

  /// ζ(s, x) = Σ (x + i)⁻ˢ for s = n + 1 and x > 0.
  private func zeta(_ x: Double) -> Double {
    let s = Double(order + 1)
    func inversePower(_ y: Double) -> Double { order == 1 ? 1 / (y * y) : Double.pow(y, -s) }
    var (y, sum) = (x, 0.0)
    // The more the factors of the series grow with n, the later it may start.
    let start = Double(12 + 2 * order)
    while y < start {
      sum += inversePower(y)
      y += 1
    }
    let power = inversePower(y)
    var term = s * power / y
    var tail = 0.0
    for (k, coefficient) in Self.bernoulliOverFactorial.enumerated() {
      tail += coefficient * term
      term *= (s + Double(2 * k + 1)) * (s + Double(2 * k + 2)) / (y * y)
    }
    // At ∞ the quotient of the sum's integral would be 0 · ∞.
    let integral = y == .infinity ? 0 : power * y / (s - 1)
    return sum + (integral + (0.5 * power + tail))
  }

  /// B₂ₖ / (2k)! from k = 1 on.
  private static let bernoulliOverFactorial: [Double] = [
    1 / 12.0, -1 / 720.0, 1 / 30240.0, -1 / 1_209_600.0, 1 / 47_900_160.0, -691 / 1_307_674_368_000.0,
    1 / 74_724_249_600.0, -3617 / 10_670_622_842_880_000.0, 43867 / 5_109_094_217_170_944_000.0,
  ]
}
