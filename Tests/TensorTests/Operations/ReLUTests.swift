import TestSupport
import Testing

@testable import Tensor

@Suite("relu")
struct ReLUTests {
  @Test("the derivative is 0 at 0 and below, 1 above, and 1 at NaN, as in PyTorch")
  func derivative() {
    let x = Tensor<Double>([-1, -0.0, 0, 0.5, .infinity, -.infinity, .nan])
    let slope = gradient(at: x) { $0.relu().sum() }
    #expect(slope.scalars == [0, 0, 0, 1, 1, 0, 1])
  }

  @Test("a gradient that is NaN does not pass where the derivative is 0")
  func maskedGradient() {
    let x = Tensor<Double>([-1, 2])
    let slope = gradient(at: x) { ($0.relu() * Tensor([.nan, 3])).sum() }
    #expect(slope.scalars == [0, 3])
  }

  @Test("tracked and untracked values are equal and lie as the input does", arguments: [1, 8, 1_000, 70_000])
  func layout(count: Int) {
    let x = Tensor(DeterministicValues(seed: 1).uniform(2 * count, in: -1...1), shape: [2, count])
    for input in [x, x.transposed()] {
      let (plain, tracked) = (input.relu(), input.tracked().relu())
      #expect(plain.scalars == input.scalars.map { max($0, 0) })
      #expect(plain.scalars == tracked.scalars)
      #expect(tracked.array.layout.strides == input.array.layout.strides)
    }
  }

  @Test("a gradient in another order of axes meets the right bits")
  func gradientInAnotherOrder() {
    let x = Tensor(DeterministicValues(seed: 2).uniform(15, in: -1...1), shape: [3, 5])
    let weights = Tensor((0..<15).map(Double.init), shape: [5, 3])
    let slope = gradient(at: x) { ($0.relu().transposed() * weights).sum() }
    let expected = zip(x.scalars, weights.transposed().scalars).map { $0 > 0 ? $1 : 0 }
    #expect(slope.scalars == expected)
  }
}
