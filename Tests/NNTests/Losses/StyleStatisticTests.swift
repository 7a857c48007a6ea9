import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct StyleStatisticTests {
  /// Those of a single layer.
  private static let single = StyleStatistic.allCases.filter { $0 != .crossLayer }
  /// Of those the ones that are made of distances of numbers: patches are found among others, which is never quite certain.
  private static let cases = single.filter { $0 != .correspondence }.flatMap { statistic in
    LossNormalization.allCases.map { (statistic, $0) }
  }

  /// Features with means of about the size of their deviations, as VGG's are.
  private func features(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...2), shape: shape)
  }

  @Test("StyleLoss: is zero at its target, positive elsewhere, and knows its size", arguments: cases)
  func zero(statistic: StyleStatistic, normalization: LossNormalization) {
    let (f, s) = (features([1, 4, 6, 5], seed: 1), features([1, 4, 6, 5], seed: 2))
    let loss = StyleLoss(target: s, statistic: statistic, normalization: normalization)
    #expect(abs(loss(s).scalar) < 1e-10 * loss.zeroFeaturesLoss)
    #expect(loss(f).scalar > 1e-4 * loss.zeroFeaturesLoss)
    let zeros = loss(.zeros([1, 4, 6, 5])).scalar
    // The softening of variances shows in a part of its root.
    #expect(abs(zeros / loss.zeroFeaturesLoss - 1) < 5e-3)
    if normalization == .relative {
      // Means and covariances are each a part of something of their own.
      let largest = statistic == .covariance ? 2 * statistic.relativeScale : statistic.relativeScale
      #expect(zeros > 0.9 * statistic.relativeScale && zeros < 1.01 * largest)
    }
  }

  @Test("StyleLoss: a style repeated over a larger picture is the same style", arguments: cases)
  func size(statistic: StyleStatistic, normalization: LossNormalization) {
    let s = features([1, 3, 4, 5], seed: 2)
    let loss = StyleLoss(target: s, statistic: statistic, normalization: normalization)
    #expect(abs(loss(.concatenated([s, s, s], axis: 2)).scalar) < 1e-10 * loss.zeroFeaturesLoss)
  }

  @Test("StyleLoss: relative ones do not depend on the features' scale", arguments: single)
  func scale(statistic: StyleStatistic) {
    let (f, s) = (features([1, 3, 4, 5], seed: 1), features([1, 3, 4, 5], seed: 2))
    func value(_ scale: Double) -> Double {
      StyleLoss(target: s * scale, statistic: statistic)(f * scale).scalar
    }
    #expect(abs(value(1e3) / value(1) - 1) < 1e-9)
  }

  @Test(
    "StyleLoss: covariance and moments are their formulas", arguments: [StyleStatistic.covariance, .moments])
  func formulas(statistic: StyleStatistic) {
    let (f, s) = (features([1, 3, 4, 5], seed: 1), features([1, 3, 4, 5], seed: 2))
    func row(_ x: Tensor<Double>, _ i: Int) -> [Double] { Array(x.scalars[i * 20..<(i + 1) * 20]) }
    func mean(_ x: Tensor<Double>, _ i: Int) -> Double { row(x, i).reduce(0, +) / 20 }
    func covariance(_ x: Tensor<Double>, _ i: Int, _ j: Int) -> Double {
      let (a, b) = (mean(x, i), mean(x, j))
      return zip(row(x, i), row(x, j)).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) } / 20
    }
    func square(_ x: Double) -> Double { x * x }
    var (means, rest) = (0.0, 0.0)
    for i in 0..<3 {
      means += square(mean(f, i) - mean(s, i))
      if statistic == .moments {
        rest += square(covariance(f, i, i).squareRoot() - covariance(s, i, i).squareRoot())
      } else {
        for j in 0..<3 { rest += square(covariance(f, i, j) - covariance(s, i, j)) / 3 }
      }
    }
    let loss = StyleLoss(target: s, statistic: statistic, normalization: .mean)
    #expect(abs(loss(f).scalar / ((means + rest) / 3) - 1) < 1e-5)
  }

  @Test("StyleLoss: wasserstein of independent channels is Δμ² + Δσ², that of moments")
  func wassersteinOfDiagonals() {
    /// Channels that are waves of different frequencies, which are orthogonal.
    func waves(_ means: [Double], _ deviations: [Double]) -> Tensor<Double> {
      let count = 48
      return Tensor(
        (0..<3).flatMap { channel in
          (0..<count).map { pixel in
            let angle = 2 * Double.pi * Double((channel + 1) * pixel) / Double(count)
            return means[channel] + deviations[channel] * 2.0.squareRoot() * Double.cos(angle)
          }
        }, shape: [1, 3, 6, 8])
    }
    let target = waves([0, 1, -1], [1, 2, 0.5])
    let loss = StyleLoss(target: target, statistic: .wasserstein, normalization: .mean)
    let found = loss(waves([1, 1, 1], [2, 2, 1.5])).scalar
    // (1 + 0 + 4) + (1 + 0 + 1) over three channels; variances are softened by 1e-4.
    #expect(abs(found - 7.0 / 3) < 1e-3)
    #expect(abs(loss(target).scalar) < 1e-10)
  }

  @Test(
    "StyleLoss: what a picture has in directions in which its style does not vary counts with its variance")
  func wassersteinOutsideOfTheStyle() {
    /// Four channels that are waves of different frequencies, the last of them with a variance of its own.
    func waves(_ variance: Double) -> Tensor<Double> {
      Tensor(
        [1.0, 0.7, 0, variance.squareRoot()].enumerated().flatMap { channel, deviation in
          (0..<48).map {
            deviation * 2.0.squareRoot() * Double.cos(2 * .pi * Double((channel + 1) * $0) / 48)
          }
        }, shape: [1, 4, 6, 8])
    }
    let loss = StyleLoss(target: waves(0), statistic: .wasserstein)
    let (one, three) = (loss(waves(1)).scalar, loss(waves(3)).scalar)
    #expect(abs(loss(waves(0)).scalar) < 1e-12 * one)
    // A ten-thousandth of the style's variance, added to both sides in these directions too, would make it 3.02.
    #expect(abs(three / one - 3) < 1e-9)
    let slope = gradient(at: waves(1)) { loss($0) }
    let expected = waves(1)[0..., 3...] * (2 / 48 * one)
    #expect((slope[0..., 3...] - expected).abs().max().scalar < 1e-9 * one)
  }

  @Test(
    "StyleLoss: gradients agree with central differences, also with fewer pixels than channels",
    arguments: cases, [[1, 3, 4, 5], [1, 9, 2, 2]])
  func gradients(of loss: (StyleStatistic, LossNormalization), shape: [Int]) {
    let (x, target) = (features(shape, seed: 1), features([1, shape[1], 4, 4], seed: 2))
    let loss = StyleLoss(target: target, statistic: loss.0, normalization: loss.1)
    let result = GradientCheck.check(at: x) { loss($0) }
    #expect(result.passed, "\(result)")
    #expect(result.inputs[0].analytic != 0)
  }

  @Test(
    "StyleLoss: second derivatives agree with central differences",
    arguments: [StyleStatistic.gram, .covariance, .moments])
  func secondDerivatives(statistic: StyleStatistic) {
    let loss = StyleLoss(target: features([1, 3, 4, 5], seed: 2), statistic: statistic)
    let result = GradientCheck.check(at: features([1, 3, 4, 5], seed: 1), order: .second) { loss($0) }
    #expect(result.passed, "\(result)")
  }

  @Test("StyleLoss: a second derivative of wasserstein traps instead of being wrong")
  func noSecondDerivative() async {
    await #expect(processExitsWith: .failure) {
      let loss = StyleLoss(target: Tensor<Double>.ones([1, 2, 2, 2]), statistic: .wasserstein)
      let x = Tensor<Double>([1, 2, 3, 4, 5, 6, 7, 9], shape: [1, 2, 2, 2])
      _ = hessianVectorProduct(at: x, along: x) { loss($0) }
    }
  }

  @Test("StyleLoss: flat, empty of pixels and huge features give finite losses", arguments: cases)
  func degenerate(statistic: StyleStatistic, normalization: LossNormalization) {
    let busy = Tensor<Float>(features([1, 8, 6, 6], seed: 1))
    let flat = Tensor<Float>(repeating: 3, shape: [1, 8, 6, 6])
    let zeros = Tensor<Float>.zeros([1, 8, 6, 6])
    let pixel = Tensor<Float>.ones([1, 8, 1, 1])
    for target in [busy, flat, zeros, pixel] {
      let loss = StyleLoss(target: target, statistic: statistic, normalization: normalization)
      for x in [busy, flat, zeros, pixel, busy * Float(1e3)] {
        let (value, gradient) = valueWithGradient(at: x) { loss($0) }
        #expect(value.scalar.isFinite)
        #expect(gradient.scalars.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test("StyleLoss: features that are not finite give a loss that is not", arguments: single)
  func notFinite(statistic: StyleStatistic) {
    let loss = StyleLoss(target: features([1, 3, 4, 5], seed: 2), statistic: statistic)
    let (value, gradient) = valueWithGradient(at: Tensor(repeating: .nan, shape: [1, 3, 4, 5])) { loss($0) }
    #expect(value.scalar.isNaN && gradient.scalars.allSatisfy { $0.isNaN })
  }

  @Test(
    "objective: the style terms of all statistics and their gradients are PyTorch's",
    arguments: [StyleStatistic.covariance, .moments, .wasserstein], [LossNormalization.relative, .mean])
  func agreement(statistic: StyleStatistic, normalization: LossNormalization) throws {
    let file = try Fixture.file("statistics.safetensors")
    let objective = try StyleTransferObjective(
      network: Fixture.network(), content: nil, styles: [.init(Fixture.picture("style"))],
      weights: .init(content: 0, style: 1), statistic: statistic, normalization: normalization)
    let (_, gradient, terms) = try objective.valueWithGradient(at: Fixture.picture("image"))
    let name = "\(statistic).\(normalization)"
    let expected = try file.tensor(name, as: Double.self).scalar
    #expect(abs(terms.style / expected - 1) < 1e-4)
    let slope = try file.tensor("\(name).gradient", as: Double.self).scalars
    #expect(relativeDistance(samples(gradient, slope.count), slope) < 1e-3)
    let length = try file.tensor("\(name).gradient.norm", as: Double.self).scalar
    #expect(abs(norm(gradient) / length - 1) < 1e-3)
  }
}
