/// Elementary functions of `Float` without branches or calls, so that a loop over them compiles to vector
/// instructions: two to four times the speed of the C library's.
///
/// The polynomials of `exp`, `log` and `tanh` are those of Cephes (Moshier, single precision). Against `Double`,
/// over all floats, errors stay below 1 ulp for `exp`, 0.85 ulp for `log` and 1.35 ulp for `tanh`.
enum FloatFunctions {
  /// eˣ = 2ⁿ · eʳ with n = round(x / log 2), so that |r| ≤ log(2) / 2.
  @inline(__always)
  static func exp(_ x: Float) -> Float {
    // Beyond these bounds the result is 0 or ∞. A NaN passes both comparisons.
    let x = x < -104 ? -104 : x > 89 ? 89 : x
    let (difference, exponent) = reducedExponential(x)
    // 2ⁿ in two factors, since it may lie below the smallest normal number or above the largest.
    let half = exponent >> 1
    return (difference + 1) * powerOfTwo(half) * powerOfTwo(exponent &- half)
  }

  /// eʳ − 1 and n, for an x whose n is no larger than a float's exponents.
  @inline(__always)
  static func reducedExponential(_ x: Float) -> (difference: Float, exponent: Int32) {
    // Adding 1.5 · 2²³ leaves the whole number nearest to the product in the low bits.
    let shifted = x * 1.44269504 + 12_582_912
    let n = shifted - 12_582_912
    let r = (x - n * 0.693359375) + n * 2.12194440e-4
    var p: Float = 1.9875691500e-4
    p = p * r + 1.3981999507e-3
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    p = p * r + 5.0000001201e-1
    return (p * (r * r) + r, Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000)
  }

  /// log(m · 2ᵉ) = log m + e · log 2 with m between √½ and √2.
  @inline(__always)
  static func log(_ x: Float) -> Float {
    let isSubnormal = x < .leastNormalMagnitude
    let bits = Int32(bitPattern: (isSubnormal ? x * 0x1p23 : x).bitPattern)
    let rootHalf: Int32 = 0x3F35_04F3
    let e = Float((bits &- rootHalf) >> 23) - (isSubnormal ? 23 : 0)
    let m = Float(bitPattern: UInt32(bitPattern: ((bits &- rootHalf) & 0x7F_FFFF) &+ rootHalf)) - 1
    let square = m * m
    var p: Float = 7.0376836292e-2
    p = p * m - 1.1514610310e-1
    p = p * m + 1.1676998740e-1
    p = p * m - 1.2420140846e-1
    p = p * m + 1.4249322787e-1
    p = p * m - 1.6668057665e-1
    p = p * m + 2.0000714765e-1
    p = p * m - 2.4999993993e-1
    p = p * m + 3.3333331174e-1
    let correction = p * m * square - e * 2.12194440e-4 - 0.5 * square
    let y = (m + correction) + e * 0.693359375
    let edge: Float = x == 0 ? -.infinity : x > 0 ? .infinity : .nan
    return x > 0 && x < .infinity ? y : edge
  }

  /// An odd polynomial for small |x|, and 1 − 2 / (e²ˣ + 1) for the rest; the sign is that of x, also at −0.
  @inline(__always)
  static func tanh(_ x: Float) -> Float {
    let size = x.magnitude
    let square = size * size
    var p: Float = -5.70498872745e-3
    p = p * square + 2.06390887954e-2
    p = p * square - 5.37397155531e-2
    p = p * square + 1.33314422036e-1
    p = p * square - 3.33332819422e-1
    let result = size < 0.625 ? p * square * size + size : 1 - 2 / (exp(2 * size) + 1)
    return Float(bitPattern: result.bitPattern | (x.bitPattern & 0x8000_0000))
  }

  @inline(__always)
  static func powerOfTwo(_ exponent: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: (exponent &+ 127) << 23))
  }
}
