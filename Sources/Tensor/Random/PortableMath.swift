/// Elementary functions from additions, multiplications and divisions alone.
///
/// The C library's differ in their last bits from system to system. IEEE 754 fixes the result of each operation
/// here, and Swift neither reorders them nor fuses a multiplication with an addition, so these give the same bits
/// everywhere.
enum PortableMath {
  /// ln x for a positive, normal x; the relative error is below 4·2⁻⁵³.
  ///
  /// With x = 2ᵉ·m and √½ ≤ m < √2, ln x = e·ln 2 + 2·artanh s for s = (m − 1)/(m + 1). The series
  /// artanh s = s·(1 + s²/3 + s⁴/5 + …) has |s| < 0.1716: up to s²⁰/21, it leaves out less than 2⁻⁶⁰ of itself.
  @inline(__always)
  static func log(_ x: Double) -> Double {
    var exponent = Int(x.exponentBitPattern) - 1023
    var mantissa = Double(
      sign: .plus, exponentBitPattern: 1023, significandBitPattern: x.significandBitPattern)
    if mantissa > 0x1.6a09e667f3bcdp0 {
      mantissa *= 0.5
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let z = s * s
    var sum = z * (1 / 21.0)
    sum = z * (sum + 1 / 19.0)
    sum = z * (sum + 1 / 17.0)
    sum = z * (sum + 1 / 15.0)
    sum = z * (sum + 1 / 13.0)
    sum = z * (sum + 1 / 11.0)
    sum = z * (sum + 1 / 9.0)
    sum = z * (sum + 1 / 7.0)
    sum = z * (sum + 1 / 5.0)
    sum = z * (sum + 1 / 3.0)
    // ln 2 in two parts; the first ends in zeros, so that its product with the exponent is exact.
    let (high, low) = (0x1.62e42fee00000p-1, 0x1.a39ef35793c76p-33)
    let scale = Double(exponent)
    return scale * high + (2 * s + (2 * s * sum + scale * low))
  }

  /// eˣ for a finite x; the relative error is below 4·2⁻⁵³ where the result is a normal number.
  ///
  /// With x = k·ln 2 + r and |r| ≤ ½ ln 2, eˣ = 2ᵏ·eʳ. The series of eʳ up to r¹³/13! leaves out less than 2⁻⁵⁷.
  @inline(__always)
  static func exp(_ x: Double) -> Double {
    // Beyond these bounds the result is ∞ or 0 anyway, and k need not be a large number.
    let x = min(max(x, -800), 800)
    let k = (x * 0x1.71547652b82fep0).rounded(.toNearestOrEven)
    let r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33
    var sum = 1 + r * (1 / 13.0)
    sum = 1 + r * (1 / 12.0) * sum
    sum = 1 + r * (1 / 11.0) * sum
    sum = 1 + r * (1 / 10.0) * sum
    sum = 1 + r * (1 / 9.0) * sum
    sum = 1 + r * (1 / 8.0) * sum
    sum = 1 + r * (1 / 7.0) * sum
    sum = 1 + r * (1 / 6.0) * sum
    sum = 1 + r * (1 / 5.0) * sum
    sum = 1 + r * 0.25 * sum
    sum = 1 + r * (1 / 3.0) * sum
    sum = 1 + r * 0.5 * sum
    sum = 1 + r * sum
    // 2ᵏ in two factors, each of which is a normal number.
    let half = Int(k) / 2
    return sum * Double(sign: .plus, exponent: half, significand: 1)
      * Double(sign: .plus, exponent: Int(k) - half, significand: 1)
  }

  /// The cosine and sine of `turn` whole turns, in 0 ..< 1; the error is below 2⁻⁵².
  ///
  /// What is left after the nearest quarter turn is exact and at most ⅛ turn, θ ≤ π/4 in radians. There the series
  /// of sine up to θ¹⁷/17! and of cosine up to θ¹⁸/18! leave out less than 2⁻⁶².
  @inline(__always)
  static func cosineAndSine(turn: Double) -> (cosine: Double, sine: Double) {
    let quarter = (turn * 4).rounded(.toNearestOrEven)
    let angle = (turn - quarter * 0.25) * (2 * Double.pi)
    let z = -(angle * angle)
    // Each coefficient is the one before it over the two next factors: 1/17! = 1/15! / (16 · 17).
    var sine = z * (1 / 272.0)
    sine = z * (1 / 210.0) * (sine + 1)
    sine = z * (1 / 156.0) * (sine + 1)
    sine = z * (1 / 110.0) * (sine + 1)
    sine = z * (1 / 72.0) * (sine + 1)
    sine = z * (1 / 42.0) * (sine + 1)
    sine = z * (1 / 20.0) * (sine + 1)
    sine = angle + angle * (z * (1 / 6.0) * (sine + 1))
    var cosine = z * (1 / 306.0)
    cosine = z * (1 / 240.0) * (cosine + 1)
    cosine = z * (1 / 182.0) * (cosine + 1)
    cosine = z * (1 / 132.0) * (cosine + 1)
    cosine = z * (1 / 90.0) * (cosine + 1)
    cosine = z * (1 / 56.0) * (cosine + 1)
    cosine = z * (1 / 30.0) * (cosine + 1)
    cosine = z * (1 / 12.0) * (cosine + 1)
    cosine = 1 + z * 0.5 * (cosine + 1)
    switch Int(quarter) & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
  }
}
