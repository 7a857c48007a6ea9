import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite("Splitting and shuffling")
struct RandomSplitTests {
  @Test("splits are unrelated to each other and to what they are split from, and the same each time")
  func splits() {
    func numbers() -> [[Double]] {
      var parent = RandomGenerator(seed: 3)
      var generators = [parent.split(), parent.split()]
      generators.append(generators[0].split())
      generators.append(parent)
      return generators.map { generator in
        var generator = generator
        return Tensor<Double>.uniform([20_000], using: &generator).scalars
      }
    }
    let found = numbers()
    #expect(found == numbers())
    for first in found.indices {
      for second in 0..<first {
        let products = zip(found[first], found[second]).map { ($0 - 0.5) * ($1 - 0.5) }
        // The product of two independent uniform numbers about 0 has the variance 1/144.
        let error = 5 / 12.0 / Double(products.count).squareRoot()
        #expect(abs(products.reduce(0, +) / Double(products.count)) < error)
      }
    }
  }

  @Test("a permutation has every number once, and each order comes as often as the others")
  func permutations() {
    var generator = RandomGenerator(seed: 5)
    #expect(generator.permutation(1000).sorted() == Array(0..<1000))
    #expect(generator.permutation(1) == [0])
    #expect(generator.permutation(0) == [])
    let trials = 24_000
    var counts: [[Int]: Int] = [:]
    for _ in 0..<trials { counts[generator.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    // Five standard deviations of a count whose mean is 1000.
    #expect(counts.values.allSatisfy { abs($0 - trials / 24) < 160 })
    var copy = generator
    #expect(
      Tensor<Int64>.permutation(50, using: &generator).integers == copy.permutation(50))
  }
}

@Suite("Distributions")
struct DistributionTests {
  private let count = 100_000

  private func draw(_ seed: UInt64, _ body: (inout RandomGenerator) throws -> Tensor<Double>) rethrows
    -> [Double]
  {
    var generator = RandomGenerator(seed: seed)
    return try body(&generator).scalars
  }

  /// Five standard errors of a mean.
  private func bound(variance: Double) -> Double { 5 * (variance / Double(count)).squareRoot() }

  @Test("bernoulli numbers are 1 as often as they should be, and 0 or 1 always", arguments: [0, 0.1, 0.5, 1])
  func bernoulli(probability: Double) {
    let numbers = draw(1) { .bernoulli([count], probability: probability, using: &$0) }
    #expect(numbers.allSatisfy { $0 == 0 || $0 == 1 })
    let variance = probability * (1 - probability)
    #expect(abs(RandomStatistics.moment(numbers, about: 0, 1) - probability) <= bound(variance: variance))
  }

  @Test("bernoulli numbers have probabilities of their own")
  func bernoulliTensor() {
    let probabilities = Tensor<Double>([0, 0.25, 1])
    let numbers = draw(2) {
      .bernoulli(probabilities: probabilities.broadcast(to: [count, 3]), using: &$0).mean(axes: [0])
    }
    #expect(numbers[0] == 0 && numbers[2] == 1)
    #expect(abs(numbers[1] - 0.25) < bound(variance: 3 / 16.0))
  }

  @Test("categorical positions come in proportion to their weights, and those of weight 0 never")
  func categorical() {
    let weights = Tensor<Double>([[0, 1, 3, 0, 6, 0], [2, 0, 0, 0, 0, 0]])
    let numbers = draw(3) { Tensor(Tensor.categorical(weights: weights, count: count, using: &$0)) }
    #expect(numbers.count == 2 * count)
    #expect(numbers.suffix(count).allSatisfy { $0 == 0 })
    for (position, probability) in [0, 0.1, 0.3, 0, 0.6, 0].enumerated() {
      let share = Double(numbers.prefix(count).count { $0 == Double(position) }) / Double(count)
      #expect(abs(share - probability) <= bound(variance: probability * (1 - probability)))
    }
    #expect(
      draw(4) { Tensor(Tensor<Double>.categorical(weights: .ones([0, 3]), count: 5, using: &$0)) } == [])
    // The sum of these is no number.
    let large = draw(3) {
      Tensor(Tensor.categorical(weights: weights * (.greatestFiniteMagnitude / 8), count: count, using: &$0))
    }
    #expect(large == numbers)
  }

  @Test("gamma numbers have the distribution function of the definition", arguments: [0.5, 1, 1.5, 4.5, 30])
  func gamma(concentration: Double) {
    let numbers = draw(5) { .gamma([count], concentration: concentration, scale: 2, using: &$0) }
    let floats = draw(6) {
      Tensor(
        Tensor<Float>.gamma([count], concentration: Float(concentration), scale: 2, using: &$0))
    }
    for numbers in [numbers, floats] {
      #expect(numbers.allSatisfy { $0 > 0 })
      // Mean α·θ, variance α·θ², and the variance of (x − mean)² is (2α² + 6α)·θ⁴.
      let (mean, variance) = (concentration * 2, concentration * 4)
      #expect(abs(RandomStatistics.moment(numbers, about: 0, 1) - mean) < bound(variance: variance))
      let spread = (2 * concentration * concentration + 6 * concentration) * 16
      #expect(abs(RandomStatistics.moment(numbers, about: mean, 2) - variance) < bound(variance: spread))
      let distance = RandomStatistics.kolmogorovDistance(numbers) { gammaDistribution(concentration, $0 / 2) }
      #expect(distance < RandomStatistics.kolmogorovBound(count))
    }
  }

  /// P(α, x) for α in ½·ℕ by P(α + 1, x) = P(α, x) − x^α·e^(−x) / Γ(α + 1), from P(½, x) = erf √x and
  /// P(1, x) = 1 − e^(−x).
  private func gammaDistribution(_ concentration: Double, _ x: Double) -> Double {
    var a = concentration.truncatingRemainder(dividingBy: 1) == 0.5 ? 0.5 : 1
    var p = a == 1 ? -expm1(-x) : erf(x.squareRoot())
    while a < concentration {
      p -= Foundation.exp(a * Foundation.log(x) - x - lgamma(a + 1))
      a += 1
    }
    return p
  }

  @Test("a small concentration gives numbers in range")
  func smallConcentration() {
    let numbers = draw(7) { .gamma([count], concentration: 0.01, using: &$0) }
    #expect(numbers.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect(abs(RandomStatistics.moment(numbers, about: 0, 1) - 0.01) < bound(variance: 0.01))
  }

  @Test("multivariate normal vectors have the mean and the covariance")
  func multivariateNormal() throws {
    let mean = Tensor<Double>([[1, -2], [0, 5]])
    let covariance = Tensor<Double>([[2, 0.6], [0.6, 0.5]])
    var generator = RandomGenerator(seed: 8)
    let x = try Tensor.multivariateNormal(mean: mean, covariance: covariance, count: count, using: &generator)
    #expect(x.shape == [2, count, 2])
    for matrix in 0..<2 {
      let centred = x[matrix] - mean[matrix]
      let found = centred.matrixProduct(centred, transposingLeft: true) / Double(count)
      for i in 0..<2 {
        #expect(abs(centred.mean(axes: [0]).scalars[i]) < bound(variance: covariance[i, i].scalar))
        for j in 0..<2 {
          let (a, b, c) = (covariance[i, i].scalar, covariance[j, j].scalar, covariance[i, j].scalar)
          #expect(abs(found[i, j].scalar - c) < bound(variance: a * b + c * c))
        }
      }
    }
  }

  @Test("multivariate normal vectors have derivatives with respect to mean and covariance")
  func multivariateNormalGradient() {
    let result = GradientCheck.check(at: [Tensor([1, -2]), Tensor([[2, 0.6], [0.6, 0.5]])]) { x in
      var generator = RandomGenerator(seed: 9)
      return try! .multivariateNormal(mean: x[0], covariance: x[1], count: 3, using: &generator)
    }
    #expect(result.passed && result.inputs.allSatisfy { $0.analytic != 0 }, "\(result)")
    let error = #expect(throws: LinearAlgebraError.self) {
      try draw(1) {
        try .multivariateNormal(mean: .zeros([2]), covariance: .zeros([2, 2]), count: 1, using: &$0)
      }
    }
    #expect(error?.operation == "multivariateNormal")
    #expect(error?.cause == .notPositiveDefinite(pivot: 0, value: 0))
  }

  @Test("the numbers are the same for any number of threads")
  func threads() {
    func numbers(_ threads: Int) -> [Double] {
      withThreadCount(threads) {
        draw(10) { generator in
          let gamma = Tensor<Double>.gamma([10_001], concentration: 0.7, using: &generator)
          let weights = Tensor<Double>.uniform([500, 40], using: &generator)
          let positions = Tensor.categorical(weights: weights, count: 10, using: &generator)
          let flips = Tensor<Double>.bernoulli([70_000], using: &generator)
          return .concatenated([gamma, Tensor(positions.reshaped(to: [-1])), flips])
        }
      }
    }
    #expect(numbers(1) == numbers(3))
  }

  /// As for normal numbers, these must never change.
  @Test("the streams are what they were")
  func pinned() {
    var generator = RandomGenerator(seed: 42)
    let gamma = Tensor<Double>.gamma([2], concentration: 0.7, using: &generator).scalars.map(\.bitPattern)
    let gammas = Tensor<Float>.gamma([2], concentration: 3, using: &generator).scalars.map(\.bitPattern)
    let positions = Tensor<Float>.categorical(weights: Tensor([1, 2, 3]), count: 8, using: &generator).scalars
    let order = generator.permutation(8)
    var split = generator.split()
    #expect(gamma == [0x3fca_f917_2e17_0b9c, 0x3ffc_38bd_a7b7_0dca])
    #expect(gammas == [0x3f0b_a934, 0x3fab_a3fc])
    #expect(positions == [2, 2, 2, 1, 2, 1, 1, 0])
    #expect(order == [7, 3, 6, 4, 0, 2, 1, 5])
    #expect([split.next(), generator.next()] == [0x183c_1959_fe7d_4ee4, 0x6fdb_6b81_53ca_7f13])
  }
}
