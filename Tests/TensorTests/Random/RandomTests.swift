import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite("Philox")
struct PhiloxTests {
  /// The lines "philox4x32 10" of `kat_vectors` in the Random123 distribution: counter, key, result.
  @Test(
    "agrees with the published vectors",
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
      ),
      (
        SIMD4(repeating: UInt32.max), SIMD2(repeating: UInt32.max),
        SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
        SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox(key: key).block(counter) == expected)
  }

  @Test("seed and stream fill key and counter, low words first")
  func seedAndStream() {
    let philox = Philox(seed: 0x0000_0002_0000_0001)
    #expect(philox.key == SIMD2(1, 2))
    #expect(
      philox.block(0x0000_0004_0000_0003, stream: 0x0000_0006_0000_0005) == philox.block(SIMD4(3, 4, 5, 6)))
  }
}

@Suite("RandomGenerator")
struct RandomGeneratorTests {
  @Test("its 64-bit numbers are the halves of the blocks")
  func halvesOfBlocks() {
    var generator = RandomGenerator(seed: 0)
    #expect(generator.next() == 0xe169_c58d_6627_e8d5)
    #expect(generator.next() == 0x9b00_dbd8_bc57_ac4c)
  }

  @Test("seeds and streams differ, and equal ones repeat")
  func independence() {
    func numbers(_ seed: UInt64, _ stream: UInt64) -> [Float] {
      var generator = RandomGenerator(seed: seed, stream: stream)
      return Tensor<Float>.uniform([8], using: &generator).scalars
    }
    #expect(numbers(1, 0) == numbers(1, 0))
    #expect(
      Set([numbers(1, 0), numbers(2, 0), numbers(1, 1), numbers(1 << 32, 0), numbers(1, 1 << 32)]).count == 5)
  }

  @Test("a tensor takes whole blocks, from the next one that is untouched")
  func positions() {
    var first = RandomGenerator(seed: 3)
    _ = first.next()
    let (a, b) = (
      Tensor<Float>.uniform([5], using: &first), Tensor<Double>.uniform([3], using: &first)
    )
    var second = RandomGenerator(seed: 3)
    for _ in 0..<2 { _ = second.next() }
    // Five Floats take two blocks, which are four halves, and three Doubles again.
    #expect(Tensor<Float>.uniform([8], using: &second).scalars.prefix(5) == a.scalars[...])
    #expect(Tensor<Double>.uniform([4], using: &second).scalars.prefix(3) == b.scalars[...])
    #expect(first == second)
  }

  @Test("continues after it was stored and read back")
  func storing() throws {
    var generator = RandomGenerator(seed: .max, stream: 9)
    _ = generator.next()
    var copy = try JSONDecoder().decode(RandomGenerator.self, from: JSONEncoder().encode(generator))
    #expect(copy == generator)
    #expect(copy.next() == generator.next())
  }
}

@Suite("Random tensors")
struct RandomTensorTests {
  /// The first numbers of the seed 42, which must never change: pictures are made again from their seeds.
  @Test("the streams are what they were")
  func pinned() {
    var generator = RandomGenerator(seed: 42)
    let uniform = Tensor<Float>.uniform([4], using: &generator).scalars.map(\.bitPattern)
    let wide = Tensor<Double>.uniform([2], in: -1..<3, using: &generator).scalars.map(\.bitPattern)
    let normal = Tensor<Float>.normal([4], using: &generator).scalars.map(\.bitPattern)
    let normals = Tensor<Double>.normal([2], mean: 1, standardDeviation: 2, using: &generator)
      .scalars.map(\.bitPattern)
    #expect(uniform == [0x3f1c_eaf0, 0x3eef_ea92, 0x3d95_fa80, 0x3eae_8566])
    #expect(wide == [0x3fd3_ba6c_fdfc_db20, 0x3fea_2703_7dc1_c7ac])
    #expect(normal == [0xbeac_8644, 0xbf04_ccb7, 0x3e18_21f1, 0xbf7e_c66d])
    #expect(normals == [0xbfd2_f9e0_871f_ae14, 0x4001_d902_d7ab_f09c])
  }

  @Test("element i is the same in tensors of any length, and for any number of threads")
  func counterBased() {
    func numbers(_ count: Int, threads: Int) -> [Float] {
      var generator = RandomGenerator(seed: 11)
      return withThreadCount(threads) { Tensor<Float>.normal([count], using: &generator).scalars }
    }
    let long = numbers(100_001, threads: 1)
    #expect(numbers(100_001, threads: 3) == long)
    #expect(numbers(6, threads: 1) == Array(long.prefix(6)))
    #expect(numbers(0, threads: 1) == [])
  }

  @Test("uniform numbers stay below the upper bound when rounding would reach it")
  func halfOpen() {
    var generator = RandomGenerator(seed: 5)
    let bound = Float(1 << 24)
    let numbers = Tensor<Float>.uniform([1000], in: bound..<bound + 4, using: &generator).scalars
    #expect(Set(numbers) == [bound, bound + 2])
  }

  /// Five standard errors of a mean of n independent numbers: one test in two million fails by chance, and the
  /// seed is fixed.
  @Test("moments and distribution are those of the definition", arguments: [0, 1, 2] as [UInt64])
  func statistics(seed: UInt64) {
    let count = 200_000
    let error = 5 / Double(count).squareRoot()
    var generator = RandomGenerator(seed: seed)

    let uniform = Tensor<Double>.uniform([count], using: &generator).scalars
    let uniformFloats = Tensor<Float>.uniform([count], using: &generator).scalars.map { Double($0) }
    for numbers in [uniform, uniformFloats] {
      // The variances of x, of (x − ½)² and of the distribution function: 1/12, 1/180, and Kolmogorov's.
      #expect(abs(RandomStatistics.moment(numbers, about: 0, 1) - 0.5) < error / 12.0.squareRoot())
      #expect(abs(RandomStatistics.moment(numbers, about: 0.5, 2) - 1 / 12.0) < error / 180.0.squareRoot())
      #expect(RandomStatistics.kolmogorovDistance(numbers) { $0 } < RandomStatistics.kolmogorovBound(count))
      #expect(numbers.allSatisfy { 0 <= $0 && $0 < 1 })
    }

    let normal = Tensor<Double>.normal([count], using: &generator).scalars
    let normalFloats = Tensor<Float>.normal([count], using: &generator).scalars.map { Double($0) }
    for numbers in [normal, normalFloats] {
      // For a normal x the variance of xᵏ is E x²ᵏ − (E xᵏ)²: 1, 2, 15 and 96 for k = 1 … 4.
      for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
        #expect(abs(RandomStatistics.moment(numbers, about: 0, power) - mean) < error * variance.squareRoot())
      }
      #expect(
        RandomStatistics.kolmogorovDistance(numbers) { erfc(-$0 / 2.0.squareRoot()) / 2 }
          < RandomStatistics.kolmogorovBound(count))
      // Neighbours come from one pair of Box and Muller and must not be correlated.
      let products = stride(from: 0, to: count, by: 2).map { numbers[$0] * numbers[$0 + 1] }
      #expect(abs(RandomStatistics.moment(products, about: 0, 1)) < error * 2.0.squareRoot())
    }
  }

  @Test("mean and standard deviation scale the numbers")
  func scaling() {
    var (a, b) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
    let standard = Tensor<Double>.normal([100], using: &a).scalars
    let scaled = Tensor<Double>.normal([100], mean: 3, standardDeviation: 0.5, using: &b).scalars
    #expect(scaled == standard.map { 3 + 0.5 * $0 })
  }
}

@Suite("PortableMath")
struct PortableMathTests {
  @Test("the logarithm is right to 4 units of the last place")
  func logarithm() {
    var generator = RandomGenerator(seed: 0)
    let numbers = (0..<20_000).map { _ in Double.random(in: 0..<1, using: &generator) }
    let cases =
      numbers.filter { $0 > 0 } + numbers.map { 1 - $0 * 1e-6 } + [0x1p-53, 0x1p-32, 0.5, 1, 0.75, 2e300]
    let worst = cases.map { x in
      let expected = Foundation.log(x)
      let error = abs(PortableMath.log(x) - expected)
      return expected == 0 ? error : error / abs(expected)
    }.max()!
    // The C library's own error is below one unit.
    #expect(worst <= 5 * 0x1p-53)
  }

  @Test("the exponential is right to 4 units of the last place, and rounds to 0 and ∞ at its ends")
  func exponential() {
    let cases = (0..<20_000).map { -708 + 1417 * Double($0) / 20_000 } + [0, 1e-300, -1e-17, 709.7]
    let worst = cases.map { x in
      let expected = Foundation.exp(x)
      return abs(PortableMath.exp(x) - expected) / expected
    }.max()!
    // The C library's own error is below one unit.
    #expect(worst <= 5 * 0x1p-53)
    #expect(PortableMath.exp(-746) == 0 && PortableMath.exp(-1e300) == 0)
    #expect(PortableMath.exp(710) == .infinity && PortableMath.exp(1e300) == .infinity)
    #expect(abs(PortableMath.exp(-740) - Foundation.exp(-740)) <= .leastNonzeroMagnitude)
  }

  @Test("sine and cosine are right to 2⁻⁵²")
  func sineAndCosine() {
    let fractions: [Double] = (0..<20_000).map { Double($0) / 20_000 }
    let edges: [Double] = (0..<64).map { Double($0) / 64 }
    // The C library gets an angle that is off by π's own rounding and the product's: 2·2π·2⁻⁵³ at most.
    let tolerance = 0x1p-52 + 0x1p-49
    let worst = (fractions + edges + [1 - 0x1p-53]).map { turn in
      let (cosine, sine) = PortableMath.cosineAndSine(turn: turn)
      let angle = 2 * Double.pi * turn
      return max(abs(cosine - Foundation.cos(angle)), abs(sine - Foundation.sin(angle)))
    }.max()!
    #expect(worst <= tolerance)
    #expect(PortableMath.cosineAndSine(turn: 0.25) == (0, 1))
    #expect(PortableMath.cosineAndSine(turn: 0.5) == (-1, 0))
  }
}
