import NN
import Tensor
import Testing

@Suite struct BatchesTests {
  @Test("Batches: hold every position once, in order or shuffled; the rest makes a smaller one or is dropped")
  func positions() {
    var generator = RandomGenerator(seed: 3)
    #expect(Array(Batches(of: 4, from: 10)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(Batches(of: 4, from: 10, keepsRest: false).count == 2)
    #expect(Batches(of: 5, from: 10).count == 2)
    #expect(Batches(of: 5, from: 0).isEmpty)
    let shuffled = Batches(of: 7, from: 100, using: &generator)
    #expect(shuffled.count == 15 && shuffled.last?.count == 2)
    #expect(shuffled.joined().sorted() == Array(0..<100))
    #expect(Array(shuffled.joined()) != Array(0..<100))
  }

  @Test("Batches: the order is the seed's, and another in every epoch")
  func seeds() {
    var (first, second) = (RandomGenerator(seed: 3), RandomGenerator(seed: 3))
    let epochs = (0..<2).map { _ in Array(Batches(of: 8, from: 8, using: &first)) }
    #expect(epochs[0] == Array(Batches(of: 8, from: 8, using: &second)))
    #expect(epochs[0] != epochs[1])
    // What another release or machine must give as well.
    var third = RandomGenerator(seed: 1)
    #expect(Batches(of: 6, from: 6, using: &third)[0] == [0, 2, 1, 4, 3, 5])
  }

  @Test("Batches: every position comes to every place about equally often")
  func evenness() {
    var generator = RandomGenerator(seed: 9)
    let (count, rounds) = (5, 20_000)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for _ in 0..<rounds {
      for (place, position) in Batches(of: count, from: count, using: &generator)[0].enumerated() {
        counts[place][position] += 1
      }
    }
    // Five standard deviations of a binomial number.
    let mean = Double(rounds) / Double(count)
    let deviation = (mean * (1 - 1 / Double(count))).squareRoot()
    #expect(counts.joined().allSatisfy { abs(Double($0) - mean) < 5 * deviation })
  }
}

@Suite struct WeightInitializerTests {
  static let deviations: [(WeightInitializer, Double)] = [
    (.normal(standardDeviation: 0.3), 0.3),
    (.uniform(bound: 0.3), 0.3 / 3.0.squareRoot()),
    // The weight [300, 20, 5] has the fan-in 100 and the fan-out 1500.
    (.standard, 1 / (3.0 * 100).squareRoot()),
    (.kaimingUniform(), (2.0 / 100).squareRoot()),
    (.kaimingNormal(gain: 1), 0.1),
    (.xavierUniform(gain: 2), 2 * (2.0 / 1600).squareRoot()),
    (.xavierNormal(), (2.0 / 1600).squareRoot()),
  ]

  @Test("WeightInitializer: has mean 0 and the deviation of its formula", arguments: deviations)
  func deviation(initializer: WeightInitializer, expected: Double) {
    var generator = RandomGenerator(seed: 6)
    let weight: Tensor<Double> = initializer([300, 20, 5], using: &generator)
    let count = Double(weight.count)
    // Five standard deviations of a mean, and of a deviation of normal numbers, which have the heavier tails.
    #expect(abs(weight.mean().scalar) < 5 * expected / count.squareRoot())
    #expect(abs(weight.variance().scalar.squareRoot() / expected - 1) < 5 / (2 * count).squareRoot())
  }

  @Test("WeightInitializer: uniform ones stay in their range, and a constant is one")
  func ranges() {
    var generator = RandomGenerator(seed: 6)
    let weight: Tensor<Float> = WeightInitializer.standard([8, 25], using: &generator)
    #expect(weight.scalars.allSatisfy { abs($0) <= 0.2 } && weight.scalars.contains { abs($0) > 0.19 })
    let constant: Tensor<Float> = WeightInitializer.constant(3)([2], using: &generator)
    #expect(constant.scalars == [3, 3])
    #expect(
      Linear<Float>(inputs: 25, outputs: 50, using: &generator).bias!.scalars.allSatisfy { abs($0) <= 0.2 })
  }
}
