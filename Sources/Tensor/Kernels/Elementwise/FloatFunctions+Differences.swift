/// Functions that keep their digits where the plain formula would subtract nearly equal numbers.
///
/// Against `Double`, over all floats, errors stay below 2 ulp for `expm1` and `log1p`, 3 ulp for `erf` and 8 ulp for
/// `erfc`, whose result falls by the square of its argument.
extension FloatFunctions {
  /// eˣ − 1 = 2ⁿ · (eʳ − 1) + (2ⁿ − 1), with n and r as in ``exp(_:)``.
  @inline(__always)
  static func expm1(_ x: Float) -> Float {
    // Beyond these bounds the result is −1 or ∞. A NaN passes both comparisons.
    let bounded = x < -18 ? -18 : x > 89 ? 89 : x
    let (difference, exponent) = reducedExponential(bounded)
    // 2ⁿ in two factors, since 2¹²⁸ is no float; for n = 0 the two ones cancel without a rounding.
    let half = exponent >> 1
    let (first, second) = (powerOfTwo(half), powerOfTwo(exponent &- half))
    let result = (difference * first + (first - powerOfTwo(half &- exponent))) * second
    return withSign(of: x, result)
  }

  /// log(1 + x), corrected by what rounding took from 1 + x.
  @inline(__always)
  static func log1p(_ x: Float) -> Float {
    let u = 1 + x
    let lost = u > 0 && u < .infinity ? ((u - 1) - x) / u : 0
    return withSign(of: x, log(u) - lost)
  }

  /// (2/√π) ∫₀ˣ e^(−t²) dt: an odd polynomial for |x| < 1, and 1 − erfc|x| beyond.
  @inline(__always)
  static func erf(_ x: Float) -> Float {
    let size = x.magnitude
    return withSign(of: x, size < 1 ? errorSeries(size) : 1 - errorTail(size))
  }

  /// 1 − erf(x), without the subtraction where x is large.
  @inline(__always)
  static func erfc(_ x: Float) -> Float {
    let size = x.magnitude
    let tail = errorTail(size)
    return size < 0.45 ? 1 - withSign(of: x, errorSeries(size)) : x < 0 ? 2 - tail : tail
  }

  /// erf(x) for 0 ≤ x < 1 to 2⁻²⁹ of itself: a minimax polynomial in x².
  @inline(__always)
  private static func errorSeries(_ x: Float) -> Float {
    let square = x * x
    var p: Float = 7.853860730634604e-5
    p = p * square - 8.010193705558777e-4
    p = p * square + 5.188327748328447e-3
    p = p * square - 2.6853812858462334e-2
    p = p * square + 1.128358542919159e-1
    p = p * square - 3.761262595653534e-1
    p = p * square + 1.1283791065216064
    return p * x
  }

  /// erfc(x) for x ≥ 0 as e^(−x²) · t · P(t) with t = 1 / (1 + x/2), where P is minimax to 2⁻²⁴ of itself.
  @inline(__always)
  private static func errorTail(_ x: Float) -> Float {
    // From here on the result is 0. A NaN passes.
    let x = x > 10.25 ? 10.25 : x
    let t = 1 / (1 + 0.5 * x)
    var p: Float = -0.0591243543
    p = p * t + 0.284845859
    p = p * t - 0.487762243
    p = p * t + 0.278712273
    p = p * t - 0.0270714331
    p = p * t + 0.202876106
    p = p * t + 0.243055761
    p = p * t + 0.282381922
    p = p * t + 0.282086045
    // x² would be rounded by more than the result may be. The square of x's upper twelve bits is exact, and what
    // is missing is small: its exponential is a short series.
    let upper = Float(bitPattern: x.bitPattern & 0xFFFF_F000)
    let rest = (upper - x) * (upper + x)
    var e: Float = 1 / 24
    e = e * rest + 1 / 6
    e = e * rest + 0.5
    e = e * rest + 1
    e = e * rest + 1
    return p * t * e * exp(-(upper * upper))
  }

  @inline(__always)
  private static func withSign(of x: Float, _ size: Float) -> Float {
    Float(bitPattern: size.magnitude.bitPattern | (x.bitPattern & 0x8000_0000))
  }
}
