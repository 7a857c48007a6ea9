import TestSupport
import Testing

@testable import Tensor

@Suite("Sorting")
struct SortingTests {
  @Test(
    "lines of every length are sorted as the standard library sorts them",
    arguments: [1, 2, 47, 48, 1000, 70_000])
  func lengths(length: Int) {
    var random = RandomGenerator(seed: 5)
    let x = Tensor<Float>.normal([2, length], using: &random)
    let y = Tensor<Double>.normal([2, length], standardDeviation: 1e200, using: &random)
    for row in 0..<2 {
      #expect(x.sorted()[row].scalars == x[row].scalars.sorted())
      #expect(y.sorted(descending: true)[row].scalars == y[row].scalars.sorted(by: >))
    }
  }

  @Test("equal elements keep their order in both directions, and −0 equals 0", arguments: [40, 400])
  func stability(length: Int) {
    let scalars = (0..<length).map { [0, 1, -0.0, -1][$0 % 4] as Double }
    func positions(_ order: [[Int]]) -> [Int] {
      order.flatMap { rest in (0..<length).filter { rest.contains($0 % 4) } }
    }
    #expect(Tensor(scalars).argsort().integers == positions([[3], [0, 2], [1]]))
    #expect(Tensor(scalars).argsort(descending: true).integers == positions([[1], [0, 2], [3]]))
  }

  @Test("NaN of either sign is the largest number")
  func notANumber() {
    let x = Tensor<Float>([-.nan, 1, .nan, .infinity, -.infinity])
    #expect(x.argsort().scalars == [4, 1, 3, 0, 2])
    #expect(x.argsort(descending: true).scalars == [0, 2, 3, 1, 4])
    #expect(x.topK(1).positions.scalars == [0])
    #expect(x.median().scalar.isNaN && x.quantile(0).scalar.isNaN)
  }

  @Test("the order does not depend on the number of threads")
  func threads() {
    var random = RandomGenerator(seed: 6)
    let x = Tensor<Float>.uniform([300, 500], in: 0..<1, using: &random)
    func positions() -> [Int] { x.argsort(axis: 0).integers }
    func largest() -> [Float] { x.topK(9, axis: 1).values.scalars }
    #expect(withThreadCount(1, positions) == withThreadCount(4, positions))
    #expect(withThreadCount(1, largest) == withThreadCount(4, largest))
  }

  @Test("the derivative of a quantile is shared by the two neighbours")
  func quantileGradient() {
    let (value, slope) = valueWithGradient(at: Tensor<Double>([10, 0, 5, 20])) { $0.quantile(0.75) }
    #expect(value.scalar == 12.5)
    #expect(slope.scalars == [0.75, 0, 0, 0.25])
  }

  @Test("every element of the range is in one bin, its bounds too")
  func histogram() {
    let x = Tensor<Float>([0, 0.25, 0.5, 1, 1.0001, -0.0001, .nan, .infinity])
    #expect(x.histogram(binCount: 4, in: 0...1).scalars == [1, 1, 1, 1])
    var random = RandomGenerator(seed: 7)
    let y = Tensor<Float>.normal([1000], using: &random)
    #expect(y.histogram(binCount: 17).sum().scalar == 1000)
  }
}
