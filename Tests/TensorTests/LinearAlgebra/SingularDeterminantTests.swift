import Testing

@testable import Tensor

@Suite("Determinants of singular matrices")
struct SingularDeterminantTests {
  /// The cofactors by their definition.
  private func cofactors(_ a: Tensor<Double>) throws -> Tensor<Double> {
    let order = a.shape[0]
    var result = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0..<order {
        let rows = (0..<order).filter { $0 != row }
        let columns = (0..<order).filter { $0 != column }
        let minor = rows.flatMap { r in columns.map { a[r, $0].scalar } }
        let sign: Double = (row + column) % 2 == 0 ? 1 : -1
        result[row * order + column] =
          try sign * Tensor(minor, shape: [order - 1, order - 1]).determinant().scalar
      }
    }
    return Tensor(result, shape: [order, order])
  }

  private static let matrices: [Tensor<Double>] = [
    Tensor([[0]]),
    Tensor([[0, 1], [0, 1]]),
    Tensor([[1, 2], [2, 4]]),
    .zeros([2, 2]),
    .zeros([3, 3]),
    Tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
    // Of rank 1, and of rank 2 with two equal singular values.
    Tensor([[1, -1, 2], [2, -2, 4], [0, 0, 0]]),
    Tensor([[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
    Tensor([[2, 0, 0, 1], [0, 0, 0, 0], [0, 1, 3, 0], [1, 1, 1, 1]]),
    // A regular one, with a negative determinant.
    Tensor([[0, 2, 0], [1, 0, 0], [0, 0, 3]]),
  ]

  @Test("the gradient is the matrix of the cofactors, which every matrix has", arguments: matrices)
  func gradients(a: Tensor<Double>) throws {
    let slope = try gradient(at: a) { try $0.determinant() }
    let expected = try a.shape[0] == 1 ? .ones([1, 1]) : cofactors(a)
    #expect((slope - expected).abs().max().scalar <= 64 * .ulpOfOne * expected.abs().max().scalar + 1e-14)
  }

  @Test("second derivatives agree with differences", arguments: matrices)
  func secondDerivatives(a: Tensor<Double>) {
    for order in [GradientCheck.Order.first, .second] {
      let result = GradientCheck.check(at: a, order: order) {
        try! ($0 * 0.5).determinant() * 3 + ($0.sum() * 0.1).sin()
      }
      #expect(result.passed, "\(result)")
    }
  }

  @Test("a singular matrix does no harm to the others of its batch, in either precision")
  func batch() throws {
    let a = Tensor<Double>.stacked([
      Tensor([[0, 1], [0, 1]]), Tensor([[2, 1], [1, 3]]), .zeros([2, 2]),
    ])
    let expected = Tensor<Double>([1, 0, -1, 0, 3, -1, -1, 2, 0, 0, 0, 0], shape: [3, 2, 2])
    let weights = Tensor<Double>([1, 2, 3])
    let slope = try gradient(at: a) { try ($0.determinant() * weights).sum() }
    #expect((slope - expected * Tensor([1, 2, 3], shape: [3, 1, 1])).abs().max().scalar < 1e-14)
    let single = try gradient(at: Tensor<Float>(a)) { try $0.determinant().sum() }
    #expect((Tensor<Double>(single) - expected).abs().max().scalar < 1e-6)
    #expect(
      try gradient(at: Tensor<Double>.zeros([0, 2, 2])) { try $0.determinant().sum() }.shape == [0, 2, 2])
  }

  @Test("a determinant that is held to 0 is reached by its gradient")
  func constraint() throws {
    var a = Tensor<Double>([[0, 1], [0, 1]])
    for _ in 0..<200 {
      a = a - 0.1 * (try gradient(at: a) { try ($0.determinant() - 1).square().sum() })
    }
    #expect(abs(try a.determinant().scalar - 1) < 1e-6)
  }
}
