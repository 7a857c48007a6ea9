import Foundation

/// What the tests of random numbers measure.
enum RandomStatistics {
  static func moment(_ numbers: [Double], about centre: Double, _ power: Int) -> Double {
    var sum = 0.0
    for number in numbers {
      var product = 1.0
      for _ in 0..<power { product *= number - centre }
      sum += product
    }
    return sum / Double(numbers.count)
  }

  /// The largest difference between the numbers' distribution function and the given one.
  static func kolmogorovDistance(_ numbers: [Double], _ distribution: (Double) -> Double) -> Double {
    let count = Double(numbers.count)
    var worst = 0.0
    for (index, number) in numbers.sorted().enumerated() {
      let expected = distribution(number)
      let (below, above) = (Double(index) / count, Double(index + 1) / count)
      worst = max(worst, max(abs(expected - below), abs(expected - above)))
    }
    return worst
  }

  /// What the distance exceeds with a probability of 1e-6, by Kolmogorov's 2·exp(−2·n·d²).
  static func kolmogorovBound(_ count: Int) -> Double {
    (Foundation.log(2 / 1e-6) / (2 * Double(count))).squareRoot()
  }
}
