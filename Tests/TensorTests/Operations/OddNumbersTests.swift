import Tensor
import Testing

/// Numbers at the ends of what a scalar holds, and exactly between two parts.
@Suite("Operations on odd numbers")
struct OddNumbersTests {
  private let infinity = Double.infinity

  @Test("a quantile beside an infinity is infinite, and NaN only between two of either sign")
  func infiniteQuantiles() {
    func median(_ numbers: [Double]) -> Double { Tensor(numbers).median().scalar }
    #expect(median([infinity, infinity]) == infinity)
    #expect(median([-infinity, -infinity]) == -infinity)
    #expect(median([-infinity, 1]) == -infinity)
    #expect(median([1, infinity]) == infinity)
    #expect(median([-infinity, infinity]).isNaN)
    #expect(median([infinity, 2, infinity, 1]) == infinity)
    #expect(median([.nan, 1]).isNaN)
    #expect(Tensor<Double>([1, 2, infinity]).quantile(0.5).scalar == 2)
    #expect(Tensor<Double>([1, 2, infinity]).quantile(0.25).scalar == 1.5)
    #expect(Tensor<Float>([-.infinity, 1, 2]).quantile(0.25).scalar == -.infinity)
    // Finite numbers farther apart than the largest one.
    #expect(median([-1.5e308, 1.5e308]) == 0)
    #expect(Tensor<Double>([-1.5e308, 1.5e308]).quantile(0.75).scalar == 0.75e308)
  }

  @Test("the gradient of a quantile beside an infinity is that of the line")
  func infiniteQuantileGradients() {
    let slope = gradient(at: Tensor<Double>([[1, infinity, 3], [5, 1, 3]])) {
      ($0.quantile(0.75, axes: [1]) * Tensor([1, 2])).sum()
    }
    #expect(slope.scalars == [0, 0.5, 0.5, 1, 0, 1])
    let distant = gradient(at: Tensor<Double>([-1.5e308, 1.5e308])) { $0.quantile(0.25).sum() }
    #expect(distant.scalars == [0.75, 0.25])
  }

  @Test(
    "whole numbers fall into the bins that begin with them, for every number of bins", arguments: [0, -3, 7])
  func wholeNumbers(first: Int) {
    for count in 1...1000 {
      let range = Double(first)...Double(first + count)
      let numbers = Tensor<Double>((first..<first + count).map(Double.init))
      let counts = numbers.histogram(binCount: count, in: range).integers
      #expect(counts == [Int](repeating: 1, count: count), "\(count)")
      let single = Tensor<Float>(numbers).histogram(
        binCount: count, in: Float(first)...Float(first + count))
      #expect(single.integers == [Int](repeating: 1, count: count), "\(count)")
    }
  }

  @Test("a bin's lower bound belongs to it, its upper one to the next, and the last one's to the last")
  func bounds() {
    for (lower, upper, bins) in [
      (0.1, 0.8, 7), (-1, 2, 93), (0, 1, 49), (1e-300, 3e-300, 10), (-5, 1e10, 151),
    ] {
      let bounds = (0...bins).map {
        $0 == bins ? upper : lower + Double($0) * ((upper - lower) / Double(bins))
      }
      let counts = Tensor(bounds).histogram(binCount: bins, in: lower...upper).integers
      #expect(counts == [Int](repeating: 1, count: bins - 1) + [2])
      let below = Tensor(bounds.dropFirst().dropLast().map(\.nextDown))
      #expect(
        below.histogram(binCount: bins, in: lower...upper).integers == [Int](repeating: 1, count: bins - 1)
          + [0])
    }
    // A range as narrow as rounding: the two ends are in the first and in the last bin.
    let narrow = Tensor<Double>([1, 1.nextUp]).histogram(binCount: 10, in: 1...1.nextUp)
    #expect(narrow.scalars == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  }

  @Test("a bound that is no sum of powers of two belongs to its bin as the elements' type has it")
  func roundedBounds() {
    for (lower, upper, bins) in [(0, 1, 10), (0.1, 0.8, 7), (-0.3, 0.6, 90), (0, 2.55, 255)]
      as [(Double, Double, Int)]
    {
      let (first, last) = (Float(lower), Float(upper))
      let step = (Double(last) - Double(first)) / Double(bins)
      let bounds = (0..<bins).map { Float(Double(first) + Double($0) * step) }
      let counts = Tensor(bounds).histogram(binCount: bins, in: first...last).integers
      #expect(counts == [Int](repeating: 1, count: bins), "\(bins) from \(lower) to \(upper)")
    }
  }

  @Test("a branch of `where` that is not taken is kept out of the gradient by choosing its argument")
  func chosenArgument() {
    let slope = gradient(at: Tensor<Double>([0, -1, 4])) { x in
      let isInside = x .> 0
      return Tensor.where(isInside, Tensor.where(isInside, x, Tensor(1)).sqrt(), Tensor(0)).sum()
    }
    #expect(slope.scalars == [0, 0, 0.25])
  }

  @Test(
    "so are the infinite slopes of logarithms, quotients, roots and powers",
    arguments: ["log", "quotient", "root", "power"])
  func chosenArguments(name: String) {
    func apply(_ x: Tensor<Double>) -> Tensor<Double> {
      switch name {
      case "log": x * x.log()
      case "quotient": 1 / x
      case "root": (x - 1).sqrt()
      default: x.pow(-1.5)
      }
    }
    let expected = ["log": 1 + Double.log(4), "quotient": -1.0 / 16, "root": 0.5 / 3.0.squareRoot()]
    let slope = gradient(at: Tensor<Double>([0, -1, 1, 4])) { x in
      let isInside = x .> 1
      return Tensor.where(isInside, apply(Tensor.where(isInside, x, Tensor(2))), Tensor(0)).sum()
    }
    #expect(slope.scalars.prefix(3) == [0, 0, 0])
    #expect(abs(slope.scalars[3] - (expected[name] ?? -1.5 / 32)) < 1e-15)
  }

  @Test("lengths, distances and deviations of numbers whose squares are too large, or vanish, are right")
  func lengths() {
    for size in [Float(0x1p100), 0x1p-100] {
      let x = size * Tensor<Float>([3, 4])
      #expect(x.norm().scalar == 5 * size)
      #expect(x.normalized(epsilon: 0).scalars == [0.6, 0.8])
      let distances = x.expanded(axis: 0).pairwiseDistances(to: Tensor.zeros([1, 2]))
      #expect(distances.scalars == [5 * size])
      #expect((size * Tensor<Float>([1, 3, 1, 3])).standardDeviation(correction: 0).scalar == size)
      #expect((size * Tensor<Float>([1, 3, .nan, 1, 3])).nanStandardDeviation(correction: 0).scalar == size)
      let slope = gradient(at: x) { $0.norm() }
      #expect(slope.scalars == [0.6, 0.8])
    }
  }
}
