import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// By how much each function that CKernels computes itself is wrong, on each processor that this machine is: no more
/// than the function's comment says. `Float` is compared with `Double`, and that with fixtures.
@Suite("Elements: bounds of errors")
struct ElementBoundTests {
  /// In units of the result's last place, or in `ulpOfOne` where the result passes through 0.
  enum Bound: Sendable {
    case ulps(Double)
    /// Times max(1, x²): where the function falls by e^(−x²/2), it multiplies x's own rounding.
    case ulpsOfSquare(Double)
    case ofOne(Double)
  }

  struct Function: Sendable, CustomTestStringConvertible {
    /// As in `Tests/Fixtures/functions.json`.
    let testDescription: String
    let apply: Apply
    let formula: @Sendable (Double) -> Double
    /// What `Float` is measured over; beyond, where results vanish, they are between 0 and twice what they should be.
    let range: ClosedRange<Double>
    let float: Bound
    /// `nil` where `Double` is the C library's.
    let double: Bound?

    enum Apply: Sendable {
      case map(@Sendable (ckernels_elements) -> ckernels_map)
      case slope(@Sendable (ckernels_elements) -> ckernels_pairs)
      case elu, eluSlope
    }

    func callAsFunction<S: TensorScalar>(_ x: [S], on processor: Processor) -> [S] {
      let loops = processor.elements(S.self).pointee
      var y = [S](repeating: -1, count: x.count + 1)
      let one: [S] = [1]
      switch apply {
      case .map(let loop): loop(loops)(x, x.count, &y)
      case .slope(let loop): loop(loops)(one, 0, x, 1, x.count, &y)
      case .elu: loops.elu(x, 0.5, x.count, &y)
      case .eluSlope: loops.elu_slope(one, 0, x, 1, 0.5, x.count, &y)
      }
      #expect(y.last == -1, "wrote beyond the end")
      return y.dropLast()
    }
  }

  static let everywhere = -Double.infinity...Double.infinity
  static let finite = -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude)

  static let functions: [Function] = [
    Function(
      testDescription: "exp", apply: .map { $0.exp }, formula: exp, range: everywhere, float: .ulps(1),
      double: .ulps(1)),
    Function(
      testDescription: "expm1", apply: .map { $0.expm1 }, formula: expm1, range: everywhere,
      float: .ulps(1.6), double: nil),
    Function(
      testDescription: "log", apply: .map { $0.log }, formula: log, range: everywhere, float: .ulps(0.85),
      double: nil),
    Function(
      testDescription: "log1p", apply: .map { $0.log1p }, formula: log1p, range: everywhere,
      float: .ulps(1.6), double: nil),
    Function(
      testDescription: "tanh", apply: .map { $0.tanh }, formula: tanh, range: everywhere, float: .ulps(1.35),
      double: .ulps(1.2)),
    Function(
      testDescription: "sigmoid", apply: .map { $0.sigmoid }, formula: sigmoid, range: -88...(.infinity),
      float: .ulps(2.5), double: .ulps(2)),
    // The C library's own, beyond a million radians, are off by 0.56.
    Function(
      testDescription: "sin", apply: .map { $0.sin }, formula: sin, range: everywhere, float: .ulps(0.57),
      double: nil),
    Function(
      testDescription: "cos", apply: .map { $0.cos }, formula: cos, range: everywhere, float: .ulps(0.57),
      double: nil),
    Function(
      testDescription: "erf", apply: .map { $0.erf }, formula: erf, range: everywhere, float: .ulps(2.5),
      double: nil),
    Function(
      testDescription: "erfc", apply: .map { $0.erfc }, formula: erfc, range: everywhere, float: .ulps(5.5),
      double: nil),
    // Below 0 it is the C library's.
    Function(
      testDescription: "log_gamma", apply: .map { $0.log_gamma },
      formula: { $0 > 0 ? lgamma($0) : Double(lgammaf(Float($0))) }, range: everywhere, float: .ulps(1),
      double: nil),
    Function(
      testDescription: "logit", apply: .map { $0.logit }, formula: { log($0) - log1p(-$0) },
      range: everywhere,
      float: .ulps(2), double: .ulps(1.6)),
    Function(
      testDescription: "softplus", apply: .map { $0.softplus }, formula: softplus, range: -87...(.infinity),
      float: .ulps(2), double: .ulps(1.7)),
    Function(
      testDescription: "silu", apply: .map { $0.silu }, formula: { $0 * sigmoid($0) },
      range: -80...finite.upperBound, float: .ulps(2.5), double: .ulps(2)),
    Function(
      testDescription: "gelu", apply: .map { $0.gelu }, formula: { $0 * share($0) },
      range: -12...finite.upperBound, float: .ulpsOfSquare(8), double: .ulpsOfSquare(2)),
    Function(
      testDescription: "gelu_by_tanh", apply: .map { $0.gelu_by_tanh },
      formula: { $0 * sigmoid(inner($0)) }, range: -9...finite.upperBound, float: .ulpsOfSquare(4),
      double: .ulpsOfSquare(3)),
    Function(
      testDescription: "mish", apply: .map { $0.mish }, formula: { $0 * tanh(softplus($0)) },
      range: -80...finite.upperBound, float: .ulps(4), double: .ulps(3.5)),
    Function(
      testDescription: "elu", apply: .elu, formula: { $0 > 0 ? $0 : expm1($0) / 2 }, range: everywhere,
      float: .ulps(1), double: .ulps(0.75)),
    Function(
      testDescription: "softplus_slope", apply: .slope { $0.softplus_slope }, formula: sigmoid,
      range: -88...(.infinity), float: .ulps(2.5), double: .ulps(2)),
    Function(
      testDescription: "silu_slope", apply: .slope { $0.silu_slope },
      formula: { sigmoid($0) * (1 + $0 * sigmoid(-$0)) }, range: finite, float: .ofOne(9),
      double: .ofOne(18)),
    Function(
      testDescription: "gelu_slope", apply: .slope { $0.gelu_slope },
      formula: { share($0) + $0 * exp(-$0 * $0 / 2) * 0.39894228040143267794 }, range: finite,
      float: .ofOne(2), double: .ofOne(1.2)),
    Function(
      testDescription: "gelu_by_tanh_slope", apply: .slope { $0.gelu_by_tanh_slope },
      formula: {
        let s = sigmoid(inner($0))
        let change = $0 * sigmoid(-inner($0)) * 1.5957691216057307 * (1 + 0.134145 * $0 * $0)
        return s * (1 + (change.isNaN ? 0 : change))
      }, range: finite, float: .ofOne(18), double: .ofOne(45)),
    Function(
      testDescription: "mish_slope", apply: .slope { $0.mish_slope },
      formula: {
        let t = tanh(softplus($0))
        return t + $0 * sigmoid($0) * (1 - t * t)
      }, range: finite, float: .ofOne(2), double: .ofOne(1.5)),
    Function(
      testDescription: "elu_slope", apply: .eluSlope, formula: { $0 > 0 ? 1 : exp($0) / 2 },
      range: everywhere, float: .ulps(1), double: .ulps(1)),
  ]

  @Test("functions of Float keep their bounds over all floats", arguments: functions)
  func floats(_ function: Function) {
    // A prime step visits four million floats of both signs, subnormal ones, infinities and NaNs among them.
    let x = stride(from: UInt32(0), through: .max - 1009, by: 1009).map { Float(bitPattern: $0) }
    let exact = x.map { function.formula(Double($0)) }
    for processor in Processor.available {
      var worst = (error: 0.0, at: Float.zero)
      var mismatches: [Float] = []
      for (index, found) in function(x, on: processor).enumerated() {
        let (x, exact) = (x[index], exact[index])
        let rounded = Float(exact)
        if !found.isFinite || !rounded.isFinite {
          // At −∞ and beyond the last place of x³ some activations are the product of 0 and ∞.
          if x.isFinite || function.range.contains(Double(x)), found != rounded,
            !(found.isNaN && rounded.isNaN)
          {
            mismatches.append(x)
          }
          continue
        }
        if found == 0, rounded == 0, found.sign != rounded.sign, x == 0 { mismatches.append(x) }
        if !function.range.contains(Double(x)) {
          if abs(Double(found) - exact) > abs(exact) + Double(Float.leastNonzeroMagnitude) {
            mismatches.append(x)
          }
          continue
        }
        let error = function.float.error(
          Double(found), at: Double(x), exact: exact, rest: 0, ulp: Double(rounded.ulp),
          ulpOfOne: Double(Float.ulpOfOne))
        if error > worst.error { worst = (error, x) }
      }
      #expect(mismatches.isEmpty, "\(processor.name)")
      #expect(worst.error <= function.float.value, "at \(worst.at), \(processor.name)")
    }
  }

  @Test("the logarithm of Γ keeps its bound next to its zeros, and is 0 at them")
  func logGammaNearZeros() throws {
    let function = try #require(Self.functions.first { $0.testDescription == "log_gamma" })
    let x = [Float(1), 2].flatMap { zero in
      let bits = zero.bitPattern
      return (bits - 100_000...bits + 100_000).map { Float(bitPattern: $0) }
    }
    for processor in Processor.available {
      let found = function(x, on: processor)
      let errors = zip(x, found).map { x, y in
        let exact: Double = lgamma(Double(x))
        return exact == 0 ? Double(y.magnitude) : abs(Double(y) - exact) / Double(Float(exact).ulp)
      }
      #expect(errors.max()! <= 1, "\(processor.name)")
      #expect(zip(x, found).allSatisfy { x, y in x != 1 && x != 2 || y == 0 }, "\(processor.name)")
    }
  }

  @Test(
    "functions of Double keep their bounds at the points of the fixture",
    arguments: functions.filter { $0.double != nil })
  func doubles(_ function: Function) throws {
    let bound = try #require(function.double)
    let rows = try #require(Self.fixture.get()[function.testDescription])
    #expect(rows.count > 100)
    for processor in Processor.available {
      for (row, found) in zip(rows, function(rows.map { $0[0] }, on: processor)) {
        let error = bound.error(
          found, at: row[0], exact: row[1], rest: row[2], ulp: row[1].ulp, ulpOfOne: .ulpOfOne)
        #expect(error <= bound.value, "at \(row[0]), \(processor.name)")
      }
    }
  }

  private static let fixture = Result {
    try FixtureFile.json("functions.json", as: [String: [[Double]]].self)
  }
}

extension ElementBoundTests.Bound {
  var value: Double {
    switch self {
    case .ulps(let value), .ulpsOfSquare(let value), .ofOne(let value): value
    }
  }

  /// The error of `found`, in units of the bound, when f(x) is `exact` + `rest`.
  func error(
    _ found: Double, at x: Double, exact: Double, rest: Double, ulp: Double, ulpOfOne: Double
  ) -> Double {
    let error = abs((found - exact) - rest)
    return switch self {
    case .ulps: error / ulp
    case .ulpsOfSquare: error / ulp / max(1, x * x)
    case .ofOne: error / ulpOfOne / max(1, abs(exact))
    }
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
/// Of a normal distribution, what is below x.
private func share(_ x: Double) -> Double { 0.5 * erfc(-x * 0.70710678118654752440) }
/// Twice the argument of GELU's hyperbolic tangent.
private func inner(_ x: Double) -> Double { 1.5957691216057307 * x * (1 + 0.044715 * x * x) }
