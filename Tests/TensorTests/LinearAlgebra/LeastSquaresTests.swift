import TestSupport
import Testing

@testable import Tensor

@Suite("leastSquares: without Q")
struct LeastSquaresTests {
  struct Sizes: Sendable, CustomTestStringConvertible {
    let a: Shape, b: Shape
    var testDescription: String { "\(a), \(b)" }
  }

  @Test(
    "the solution is that of the pseudo-inverse, which is made of singular values",
    arguments: [
      Sizes(a: [7, 3], b: [7]), Sizes(a: [5, 5], b: [5, 2]), Sizes(a: [300, 70], b: [300]),
      Sizes(a: [90, 33], b: [90, 4]), Sizes(a: [2, 3, 40, 9], b: [2, 3, 40, 2]), Sizes(a: [4, 6, 2], b: [6]),
      Sizes(a: [3, 6, 2], b: [6, 2]), Sizes(a: [6, 2], b: [3, 6, 2]),
    ])
  func agrees(sizes: Sizes) throws {
    func check<S: TensorScalar>(_: S.Type) throws {
      func draw(_ seed: Int, _ shape: Shape) -> Tensor<S> {
        Tensor(
          DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1).map { S($0) }, shape: shape)
      }
      let (a, b) = (draw(1, sizes.a), draw(2, sizes.b))
      let found = try a.leastSquares(b)
      let product = try a.pinv().matrixProduct(sizes.b.count == 1 ? b.expanded(axis: 1) : b)
      let expected = sizes.b.count == 1 ? product.squeezed(axes: [-1]) : product
      #expect(found.shape == expected.shape)
      let error = (found - expected).abs().max().scalar / expected.abs().max().scalar
      #expect(error < 5000 * S.ulpOfOne, "\(error)")
      // Aᵀ·(A·X − B) = 0.
      let columns = sizes.b.count == 1
      let rest =
        a.matrixProduct(columns ? found.expanded(axis: -1) : found)
        - (columns ? b.expanded(axis: 1) : b)
      #expect(a.matrixProduct(rest, transposingLeft: true).abs().max().scalar < 1000 * S.ulpOfOne)
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test("no bit depends on the number of threads")
  func threads() throws {
    let previous = Parallelism.threadCount
    defer { Parallelism.threadCount = previous }
    let values = DeterministicValues(seed: 3).uniform(500 * 90, in: -1...1)
    let (a, b) = (Tensor(values, shape: [500, 90]), Tensor(Array(values[..<1000]), shape: [500, 2]))
    Parallelism.threadCount = 1
    let one = try a.leastSquares(b).scalars
    Parallelism.threadCount = 3
    #expect(try a.leastSquares(b).scalars == one)
  }
}
