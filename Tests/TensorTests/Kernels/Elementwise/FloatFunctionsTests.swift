import Foundation
import Testing

@testable import Tensor

@Suite("Elementary functions of Float")
struct FloatFunctionsTests {
  struct Function: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let float: @Sendable (Float) -> Float
    let double: @Sendable (Double) -> Double
    let bound: Double
  }

  @Test(
    "errors against Double stay within the stated bounds over all floats",
    arguments: [
      Function(testDescription: "exp", float: Float.exp, double: Double.exp, bound: 1),
      Function(testDescription: "log", float: Float.log, double: Double.log, bound: 0.85),
      Function(testDescription: "tanh", float: Float.tanh, double: Double.tanh, bound: 1.35),
      Function(
        testDescription: "expm1", float: Functions.Expm1.float, double: Functions.Expm1.double, bound: 2),
      Function(
        testDescription: "log1p", float: Functions.Log1p.float, double: Functions.Log1p.double, bound: 2),
      Function(testDescription: "erf", float: Functions.Erf.float, double: Functions.Erf.double, bound: 3),
      Function(testDescription: "erfc", float: Functions.Erfc.float, double: Functions.Erfc.double, bound: 8),
    ])
  func accuracy(_ function: Function) {
    var worst = (error: 0.0, at: Float.zero)
    var mismatches: [Float] = []
    // A prime step visits four million floats of both signs, subnormal ones, infinities and NaNs among them.
    for bits in stride(from: UInt32(0), through: UInt32.max - 1009, by: 1009) {
      let x = Float(bitPattern: bits)
      let (found, exact) = (function.float(x), function.double(Double(x)))
      let rounded = Float(exact)
      if !found.isFinite || !rounded.isFinite {
        if found != rounded, !(found.isNaN && rounded.isNaN) { mismatches.append(x) }
        continue
      }
      let error = abs(Double(found) - exact) / Double(max(rounded.magnitude.ulp, .leastNonzeroMagnitude))
      if error > worst.error { worst = (error, x) }
    }
    #expect(mismatches.isEmpty)
    #expect(worst.error <= function.bound, "at \(worst.at)")
  }

  @Test("special values")
  func specialValues() {
    #expect([0, -0.0, .infinity, -.infinity].map(Float.exp) == [1, 1, .infinity, 0])
    #expect([0, -0.0, 1, .infinity].map(Float.log) == [-.infinity, -.infinity, 0, .infinity])
    #expect(Float.log(-1).isNaN && Float.log(-.infinity).isNaN && Float.log(.nan).isNaN)
    #expect([0, .infinity, -.infinity].map(Float.tanh) == [0, 1, -1])
    #expect(Float.tanh(-0.0).sign == .minus)
    #expect(Float.exp(.nan).isNaN && Float.tanh(.nan).isNaN)
  }
}
