import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite("Special functions")
struct SpecialFunctionTests {
  @Test("polygamma has its known values, and obeys its recurrence on both sides of 0")
  func polygammaValues() {
    let one = Tensor<Double>(1)
    let apery = 1.202056903159594
    #expect(abs(one.digamma().scalar + 0.5772156649015329) < 4 * .ulpOfOne)
    #expect(abs(one.polygamma(1).scalar / (.pi * .pi / 6) - 1) < 4 * .ulpOfOne)
    #expect(abs(one.polygamma(2).scalar / (-2 * apery) - 1) < 4 * .ulpOfOne)
    #expect(abs(one.polygamma(3).scalar / (Double.pow(.pi, 4) / 15) - 1) < 4 * .ulpOfOne)
    let x = Tensor<Double>([-7.3, -2.6, -0.4, 0.3, 1.7, 9.2, 40])
    for order in 0...8 {
      let sign: Double = order % 2 == 0 ? 1 : -1
      let factorial = (1...max(order, 1)).reduce(1) { $0 * Double($1) }
      let step = sign * factorial / x.pow(Double(order + 1))
      let (left, right) = ((x + 1).polygamma(order), x.polygamma(order) + step)
      let size = (x.polygamma(order).abs() + step.abs()).scalars
      for (index, pair) in zip(left.scalars, right.scalars).enumerated() {
        #expect(abs(pair.0 - pair.1) < 64 * .ulpOfOne * size[index], "order \(order) at \(x.scalars[index])")
      }
    }
  }

  @Test("polygamma at its poles and at the infinities")
  func polygammaPoles() {
    let poles = Tensor<Double>([0, -0.0, -3, .infinity, -.infinity, .nan])
    func isSame(_ a: [Double], _ b: [Double]) -> Bool {
      zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
    #expect(isSame(poles.digamma().scalars, [-.infinity, .infinity, .nan, .infinity, .nan, .nan]))
    #expect(isSame(poles.polygamma(1).scalars, [.infinity, .infinity, .infinity, 0, .nan, .nan]))
    #expect(isSame(poles.polygamma(2).scalars, [-.infinity, .infinity, .nan, 0, .nan, .nan]))
  }

  @Test("Float polygamma is Double's, rounded")
  func floatPolygamma() {
    let x = Tensor<Float>([-1.25, 0.5, 3, 12.5])
    let exact = Tensor<Float>(Tensor<Double>(x).polygamma(1))
    #expect(x.polygamma(1).scalars == exact.scalars)
  }

  @Test("an order of polygamma below 0 traps")
  func polygammaMisuse() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([3]).polygamma(-1)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("polygamma: the order -1 is not in 0...100"))
  }

  @Test("distance and angle have the derivative 0 at the origin")
  func origin() {
    let (_, distance) = valueWithGradient(at: Tensor<Double>(0), Tensor<Double>(0)) { Tensor.hypot($0, $1) }
    #expect(distance.0.scalar == 0 && distance.1.scalar == 0)
    let (_, angle) = valueWithGradient(at: Tensor<Double>(0), Tensor<Double>(0)) {
      Tensor.atan2(y: $0, x: $1)
    }
    #expect(angle.0.scalar == 0 && angle.1.scalar == 0)
  }

  @Test("distances and angles of large and small Float keep their derivatives")
  func largeAngles() {
    for size: Float in [1e-30, 1e30] {
      let (value, slopes) = valueWithGradient(at: Tensor(size), Tensor(size)) { Tensor.atan2(y: $0, x: $1) }
      #expect(abs(value.scalar - .pi / 4) < 2 * .ulpOfOne)
      #expect(abs(slopes.0.scalar * size - 0.5) < 4 * .ulpOfOne)
      let (_, distance) = valueWithGradient(at: Tensor(size), Tensor(size)) { Tensor.hypot($0, $1) }
      #expect(abs(distance.0.scalar - Float(0.5).squareRoot()) < 4 * .ulpOfOne)
    }
  }

  @Test("a remainder has the sign of the divisor, and rounding is not tracked")
  func remainders() {
    let x = Tensor<Double>([5, -5, 5, -5])
    #expect(x.remainder(modulo: Tensor([3, 3, -3, -3])).scalars == [2, 1, -1, -2])
    let slope = gradient(at: Tensor<Double>([3, 3, -3, -3])) { x.remainder(modulo: $0).sum() }
    #expect(slope.scalars == [-1, 2, 2, -1])
    let tracked = x.tracked()
    #expect(![tracked.floor(), tracked.ceil(), tracked.round(), tracked.trunc()].contains { $0.isTracked })
  }

  /// The activations under their names, in either scalar.
  private static func activations<S: TensorScalar>() -> KeyValuePairs<String, (Tensor<S>) -> Tensor<S>> {
    [
      "softplus": { $0.softplus() }, "silu": { $0.silu() }, "gelu": { $0.gelu() },
      "gelu, tanh": { $0.gelu(approximation: .tanh) }, "mish": { $0.mish() },
      "hardSigmoid": { $0.hardSigmoid() }, "hardSwish": { $0.hardSwish() }, "elu": { $0.elu(alpha: 0.5) },
      "leakyReLU": { $0.leakyReLU(slope: 0.25) },
    ]
  }

  @Test("activations of Float agree with those of Double, far out too")
  func floatActivations() {
    // Up to where the result is a normal float.
    let points = (-1000...1000).map { Float($0) * 0.012 }
    let (x, exact) = (Tensor(points), Tensor(points.map { Double($0) }))
    for (float, double) in zip(
      Self.activations() as KeyValuePairs<String, (Tensor<Float>) -> Tensor<Float>>,
      Self.activations() as KeyValuePairs<String, (Tensor<Double>) -> Tensor<Double>>)
    {
      // A function of x that falls by e⁻ˣ multiplies x's own rounding, half an ulp, by |x|; by x² does GELU.
      for (index, pair) in zip(float.value(x).scalars, double.value(exact).scalars).enumerated() {
        let size = max(1, points[index] * points[index])
        #expect(
          abs(Double(pair.0) - pair.1) <= 8 * Double(Float.ulpOfOne * size) * max(abs(pair.1), 1e-30),
          "\(float.key) at \(points[index])")
      }
      let slopes = gradient(at: x) { float.value($0).sum() }.scalars
      let exactSlopes = gradient(at: exact) { double.value($0).sum() }.scalars
      for (index, pair) in zip(slopes, exactSlopes).enumerated() {
        #expect(
          abs(Double(pair.0) - pair.1) <= 16 * Double(Float.ulpOfOne),
          "\(float.key), slope at \(points[index])")
      }
    }
  }

  @Test("gelu by tanh keeps its derivative where x³ is too large for a number")
  func farGELU() {
    func slopes<S: TensorScalar>(_ x: [S]) -> [S] {
      gradient(at: Tensor(x)) { $0.gelu(approximation: .tanh).sum() }.scalars
    }
    #expect(slopes([-2e35, -1e14, 1e14, 2e35] as [Float]) == [0, 0, 1, 1])
    #expect(slopes([-7e280, -1e110, 1e110, 7e280] as [Double]) == [0, 0, 1, 1])
  }
}
