import Foundation
import Testing

@testable import Tensor

@Suite("Numbers of 16 bits")
struct StoredElementTests {
  /// By the definition of IEEE 754 binary16 and of bfloat16, in `Double`, where each is exact.
  static func value(bits: UInt16, exponentBits: Int) -> Double {
    let fractionBits = 15 - exponentBits
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits & 0x7fff) >> fractionBits
    let fraction = Double(Int(bits) & (1 << fractionBits - 1)) / Double(1 << fractionBits)
    let bias = 1 << (exponentBits - 1) - 1
    if exponent == 1 << exponentBits - 1 { return fraction == 0 ? sign * .infinity : .nan }
    return exponent == 0
      ? sign * scalbn(fraction, 1 - bias) : sign * scalbn(1 + fraction, exponent - bias)
  }

  @Test("all 65,536 patterns of F16 and BF16 widen to their exact value, signs of zero and NaN included")
  func widening() {
    for bits in UInt16.min...UInt16.max {
      let half = Float16Bits(bits: bits).converted(to: Float.self)
      let brain = BFloat16Bits(bits: bits).converted(to: Double.self)
      expectSame(Double(half), Self.value(bits: bits, exponentBits: 5), bits)
      expectSame(brain, Self.value(bits: bits, exponentBits: 8), bits)
    }
  }

  private func expectSame(_ found: Double, _ expected: Double, _ bits: UInt16) {
    if found.isNaN && expected.isNaN { return }
    #expect(found.bitPattern == expected.bitPattern, "pattern \(bits)")
  }
}
