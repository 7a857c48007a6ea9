import Tensor
import Testing

@testable import NN

@Suite struct PyramidAdamTests {
  private static func drawn(_ shape: Shape, seed: UInt64) -> Tensor<Double> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, mean: 0.5, standardDeviation: 0.2, using: &generator)
  }

  @Test("PyramidAdam: with one level it is Adam to the bit")
  func oneLevel() {
    let target = Self.drawn([1, 3, 9, 12], seed: 1)
    func path(_ optimizer: some Optimizer<Double>) -> [Double] {
      var (optimizer, x) = (optimizer, Tensor<Double>.zeros(target.shape))
      for _ in 0..<4 { _ = optimizer.step(&x) { x in ((x - target).square().sum(), 2 * (x - target)) } }
      return x.scalars
    }
    #expect(
      path(PyramidAdam(learningRate: 0.01, levelCount: 1)) == path(Adam(learningRate: 0.01)))
  }

  @Test(
    "PyramidAdam: the first step of an even gradient moves every level by the rate", arguments: [1, 2, 3])
  func levels(count: Int) {
    var optimizer = PyramidAdam<Double>(learningRate: 0.01, epsilon: 0, levelCount: count)
    var x = Tensor<Double>(repeating: 0.5, shape: [1, 1, 16, 16])
    optimizer.update(&x, along: Tensor(repeating: 3, shape: x.shape))
    #expect(x.scalars.allSatisfy { abs($0 - (0.5 - 0.01 * Double(count))) < 1e-12 })
  }

  @Test("PyramidAdam: large areas move faster than by Adam, and the bounds hold", arguments: [false, true])
  func area(isPeriodic: Bool) {
    let target = Tensor<Double>(repeating: 1.5, shape: [1, 3, 13, 21])
    func rest(_ optimizer: some Optimizer<Double>) -> Double {
      var (optimizer, x) = (optimizer, Tensor<Double>.zeros(target.shape))
      for _ in 0..<10 { _ = optimizer.step(&x) { x in ((x - target).square().sum(), 2 * (x - target)) } }
      #expect(x.scalars.allSatisfy { (0...1).contains($0) })
      return Vectors.squaredDistance(x, target)
    }
    let plain = rest(Adam(learningRate: 0.01, bounds: 0...1))
    #expect(rest(PyramidAdam(learningRate: 0.01, bounds: 0...1, isPeriodic: isPeriodic)) < 0.9 * plain)
  }

  @Test("PyramidAdam: one that goes on from a state gives the bits of one that went on")
  func state() throws {
    let target = Self.drawn([1, 3, 9, 12], seed: 2)
    func steps(_ optimizer: inout PyramidAdam<Double>, _ x: inout Tensor<Double>) {
      for _ in 0..<3 { _ = optimizer.step(&x) { x in ((x - target).square().sum(), 2 * (x - target)) } }
    }
    var (optimizer, x) = (PyramidAdam<Double>(learningRate: 0.01), Tensor<Double>.zeros(target.shape))
    steps(&optimizer, &x)
    var (other, y) = (PyramidAdam<Double>(learningRate: 0.01), x)
    try other.restore(optimizer.state)
    steps(&optimizer, &x)
    steps(&other, &y)
    #expect(x.scalars == y.scalars)
  }
}
