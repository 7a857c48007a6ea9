import Tensor
import TestSupport
import Testing

@testable import NN

@Suite("Spectrum loss")
struct SpectrumLossTests {
  private func picture(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: 0...1), shape: shape)
  }

  private func norm(_ x: Tensor<Double>) -> Double { x.square().sum().scalar.squareRoot() }

  /// A picture whose opposite edges are the same, so that as a tile it has no step.
  private func tile(_ height: Int, _ width: Int, seed: Int) -> Tensor<Double> {
    picture([1, 3, height - 1, width - 1], seed: seed)
      .padded([(0, 0), (0, 0), (0, 1), (0, 1)], mode: .circular)
  }

  @Test("a tile that is moved round has the spectrum of the tile", arguments: [(6, 8), (5, 7)])
  func moved(height: Int, width: Int) {
    let y = tile(height, width, seed: 1)
    let loss = SpectrumLoss(target: y, height: height, width: width, isPeriodic: true)
    #expect(loss(y.rolled(by: 2, axis: 2).rolled(by: 3, axis: 3)).scalar < 1e-24)
    #expect(loss(picture([1, 3, height, width], seed: 2)).scalar > 0.1)
  }

  @Test(
    "what is next to a picture has the spectrum, the colours' phases together, and is no farther than the other picture"
  )
  func nearest() {
    let (x, y) = (picture([1, 3, 6, 8], seed: 3), tile(6, 8, seed: 4))
    let loss = SpectrumLoss(target: y, height: 6, width: 8, isPeriodic: true)
    let next = loss.nearest(to: x)
    let (a, b) = (next.rfft2D(), y.rfft2D())
    #expect(norm(a.real.square() + a.imaginary.square() - b.real.square() - b.imaginary.square()) < 1e-9)
    // conj(red)·green, in which a common phase does not show.
    func mixed(_ z: ComplexParts<Double>) -> Tensor<Double> {
      z.real[0, 0] * z.imaginary[0, 1] - z.imaginary[0, 0] * z.real[0, 1]
    }
    #expect(norm(mixed(a) - mixed(b)) < 1e-9)
    #expect(norm(loss.nearest(to: next) - next) < 1e-12)
    let mean = y.mean(axes: [2, 3], keepingDimensions: true)
    let size = norm(y - mean) * norm(y - mean)
    let distance = norm(x - next) * norm(x - next) / size
    #expect(abs(loss(x).scalar / distance - 1) < 1e-12)
    for shift in 0..<8 {
      let moved = y.rolled(by: shift, axis: 3)
      #expect(loss(x).scalar <= norm(x - moved) * norm(x - moved) / size)
    }
  }

  @Test("steps between opposite edges pull at no frame of a picture")
  func frame() {
    // Slopes from left to right, as skies have them, with the same grain: they differ in how high the step is.
    func slope(_ height: Double) -> Tensor<Double> {
      let grain = (picture([1, 3, 32, 48], seed: 17) - 0.5) * 0.02
      let values = (0..<3 * 32 * 48).map { 0.5 + height * (Double($0 % 48) / 47 - 0.5) }
      return Tensor<Double>(values, shape: [1, 3, 32, 48]) + grain
    }
    let loss = SpectrumLoss(target: slope(0.3), height: 32, width: 48, longestWave: 8)
    let pull = valueWithGradient(at: slope(0.6)) { loss($0) }.gradient
    func strength(_ part: Tensor<Double>) -> Double { part.square().mean().scalar.squareRoot() }
    let inside = strength(pull[..., 4..<44])
    #expect(strength(pull[..., ..<1]) < 2 * inside && strength(pull[..., 47...]) < 2 * inside)
  }

  @Test("gradients agree with differences, the second ones too")
  func derivatives() {
    for isPeriodic in [false, true] {
      let loss = SpectrumLoss(
        target: picture([1, 3, 5, 6], seed: 5), height: 5, width: 6, isPeriodic: isPeriodic)
      for order in [GradientCheck.Order.first, .second] {
        let result = GradientCheck.check(at: [picture([1, 3, 5, 6], seed: 6)], order: order) { loss($0[0]) }
        #expect(result.passed, "\(result)")
        #expect(result.inputs[0].analytic.magnitude > 1e-6)
      }
    }
  }

  @Test("waves that are too long are left as they are, and those that count are the other picture's")
  func longestWave() {
    let (x, y) = (picture([1, 3, 12, 16], seed: 14), tile(12, 16, seed: 15))
    let loss = SpectrumLoss(target: y, height: 12, width: 16, isPeriodic: true, longestWave: 4)
    let (next, before, other) = (loss.nearest(to: x).rfft2D(), x.rfft2D(), y.rfft2D())
    func power(_ z: ComplexParts<Double>, _ v: Int, _ u: Int) -> Double {
      (z.real[0, 0, v, u].square() + z.imaginary[0, 0, v, u].square()).scalar
    }
    for v in 0..<12 {
      for u in 0...8 {
        // 3 and 4 waves across are of 4 pixels down and to the right.
        let (down, right) = (Double(min(v, 12 - v)) / 3, Double(u) / 4)
        let isShort = down * down + right * right >= 1 - 1e-12
        #expect(abs(power(next, v, u) - power(isShort ? other : before, v, u)) < 1e-9)
        if !isShort {
          #expect(abs((next.real - before.real)[0, 1, v, u].scalar) < 1e-12)
        }
      }
    }
    // What differs in long waves alone has no distance.
    let slow = Tensor<Double>(
      (0..<3 * 12 * 16).map { Double.cos(2 * .pi * Double($0 % 16) / 16) }, shape: [1, 3, 12, 16])
    let whole = SpectrumLoss(target: y, height: 12, width: 16, isPeriodic: true)
    #expect(loss(y + slow).scalar < 1e-24 && whole(y + slow).scalar > 0.1)
    let check = GradientCheck.check(at: [x]) { loss($0[0]) }
    #expect(check.passed && check.inputs[0].analytic.magnitude > 1e-6, "\(check)")
  }

  @Test("a larger picture has the same power in each pixel, and a smaller one is cut out of the middle")
  func sizes() {
    let y = picture([1, 3, 64, 64], seed: 7) - 0.5
    // Noise has the same variance everywhere, so that the sum of what is left of the mean says how many pixels there are.
    let (own, large) = (
      SpectrumLoss(target: y, height: 64, width: 64), SpectrumLoss(target: y, height: 96, width: 128)
    )
    func power(_ loss: SpectrumLoss<Double>, _ height: Int, _ width: Int) -> Double {
      let next = loss.nearest(to: picture([1, 3, height, width], seed: 8))
      return (next - next.mean(axes: [2, 3], keepingDimensions: true)).square().mean().scalar
    }
    #expect(abs(power(large, 96, 128) / power(own, 64, 64) - 1) < 0.05)
    let small = SpectrumLoss(target: y, height: 32, width: 48)
    let middle = SpectrumLoss(target: y[..., 16..<48, 8..<56], height: 32, width: 48)
    let x = picture([1, 3, 32, 48], seed: 9)
    // The means are those of all of it.
    #expect(abs(small(x).scalar / middle(x).scalar - 1) < 0.05)
  }

  @Test("of a tile the step between opposite edges is left out, and nothing else")
  func periodic() {
    // A slope from left to right is all step.
    let slope = Tensor<Double>((0..<3 * 8 * 16).map { Double($0 % 16) / 16 }, shape: [1, 3, 8, 16])
    let part = PeriodicPart<Double>(height: 8, width: 16)(slope)
    func steps(_ x: Tensor<Double>) -> Double { norm(x[..., 15...] - x[..., ..<1]) }
    #expect(steps(part) < 0.35 * steps(slope))
    #expect(abs(part.mean().scalar - slope.mean().scalar) < 1e-14)
    // There is none where opposite edges are the same.
    let inner = picture([1, 3, 7, 15], seed: 13)
    let closed = inner.padded([(0, 0), (0, 0), (0, 1), (0, 1)], mode: .circular)
    #expect(norm(PeriodicPart<Double>(height: 8, width: 16)(closed) - closed) < 1e-13)
    let (tile, whole) = (
      SpectrumLoss(target: slope, height: 8, width: 16, isPeriodic: true),
      SpectrumLoss(target: slope, height: 8, width: 16)
    )
    #expect(whole(slope).scalar < 1e-24 && tile(part).scalar < 1e-20 && tile(slope).scalar > 0.1)
  }

  @Test("what cannot be seen counts as the mean of the rest")
  func opacity() {
    let y = picture([1, 3, 16, 16], seed: 10)
    let seen = Tensor<Double>((0..<256).map { $0 % 16 < 8 ? 1 : 0 }, shape: [1, 1, 16, 16])
    let other = y * seen + 7 * (1 - seen)
    let (a, b) = (
      SpectrumLoss(target: y, height: 16, width: 16, opacity: seen),
      SpectrumLoss(target: other, height: 16, width: 16, opacity: seen)
    )
    let x = picture([1, 3, 16, 16], seed: 11)
    #expect(abs(a(x).scalar / b(x).scalar - 1) < 1e-12)
    #expect(a(x).scalar.isFinite)
  }

  @Test("objective: the term is the styles' losses by their parts, and needs the picture's size")
  func objective() throws {
    let (a, b) = (try Fixture.picture("style"), try Fixture.picture("noise"))
    let x = Tensor<Float>(
      DeterministicValues(seed: 12).uniform(3 * 40 * 36, in: 0...1).map(Float.init), shape: [1, 3, 40, 36])
    let large = Tensor<Float>(
      DeterministicValues(seed: 16).uniform(3 * 96 * 120, in: 0...1).map(Float.init), shape: [1, 3, 96, 120])
    let objective = try StyleTransferObjective(
      network: Fixture.network(), content: nil,
      styles: [.init(a, weight: 3), .init(b, weight: 1), .init(large, weight: 4)],
      styleLayers: [.init(.convolution(1))], weights: .init(content: 0, style: 1, spectrum: 0.5),
      size: (height: 40, width: 36))
    let (total, gradient, terms) = try objective.valueWithGradient(at: x)
    // Waves of which 12 go across a style at least, and those of 8 pixels.
    let own = zip([a, b, large], [8.0, 8, 10]).map {
      SpectrumLoss(target: $0, height: 40, width: 36, longestWave: $1)(x).scalar
    }
    let mean = 0.375 * own[0] + 0.125 * own[1] + 0.5 * own[2]
    #expect(abs(terms.spectrum / Double(mean) - 1) < 1e-5)
    #expect(abs(Double(total.scalar) / (terms.style + 0.5 * terms.spectrum) - 1) < 1e-5)
    #expect(gradient.shape == x.shape)
  }
}
