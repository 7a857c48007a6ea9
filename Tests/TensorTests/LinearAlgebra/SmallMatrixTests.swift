import Testing

@testable import Tensor

/// Matrices of a few rows, which LAPACK is not called for, and the first that it is called for.
@Suite("Linear algebra: small matrices")
struct SmallMatrixTests {
  private func check<S: TensorScalar>(_: S.Type, order: Int) throws {
    var generator = RandomGenerator(seed: UInt64(order))
    var a = Tensor<S>.normal([5, order, order], using: &generator)
    // The first pivot has to be looked for.
    if order > 1 { a[0..., 0, 0] = Tensor<S>(0) }
    let bound = 200 * Double(order) * Double(S.ulpOfOne)
    let one = Tensor<S>.identity(order)
    let inverse = try a.inverse()
    let size = Double(inverse.abs().max().scalar)
    #expect(Double((a.matrixProduct(inverse) - one).abs().max().scalar) <= bound * size)
    let (permutation, lower, upper) = try a.lu()
    let product = permutation.matrixProduct(lower).matrixProduct(upper)
    #expect(Double((product - a).abs().max().scalar) <= bound)
    #expect(lower.abs().max().scalar <= 1)
    let right = Tensor<S>.normal([order, 2], using: &generator)
    let solution = try a.solve(right)
    let rest = a.matrixProduct(solution) - right.expanded(axis: 0)
    #expect(Double(rest.abs().max().scalar) <= bound * Double(solution.abs().max().scalar))
    let definite = a.matrixProduct(a, transposingRight: true) + one
    let factor = try definite.cholesky()
    let again = factor.matrixProduct(factor, transposingRight: true)
    #expect(Double((again - definite).abs().max().scalar) <= bound * Double(definite.abs().max().scalar))
    #expect(factor.lowerTriangle().scalars == factor.scalars)
    #expect(factor.diagonal().min().scalar > 0)
  }

  @Test("factors, inverses and solutions hold, also with exchanged rows", arguments: 1...18)
  func factors(order: Int) throws {
    try check(Float.self, order: order)
    try check(Double.self, order: order)
  }

  @Test("no row has the bits of another matrix of its batch")
  func batches() throws {
    var generator = RandomGenerator(seed: 3)
    let a = Tensor<Float>.normal([7, 3, 3], using: &generator)
    let (all, alone) = (try a.inverse(), try a[4].inverse())
    #expect(all[4].scalars == alone.scalars)
  }

  @Test("the first pivot that is 0 or below is named", arguments: [3, 16, 17])
  func pivots(order: Int) throws {
    // Rows 1 and 2 are alike, and so are columns.
    var singular = Tensor<Double>.identity(order)
    singular[1, 2] = Tensor(1.0)
    singular[2, 1] = Tensor(1.0)
    let inverse = try #require(throws: LinearAlgebraError.self) { _ = try singular.inverse() }
    #expect(inverse.cause == .singular(pivot: 2))
    var indefinite = Tensor<Double>.identity(order)
    indefinite[2, 2] = Tensor(-0.5)
    let cholesky = try #require(throws: LinearAlgebraError.self) { _ = try indefinite.cholesky() }
    #expect(cholesky.cause == .notPositiveDefinite(pivot: 2, value: -0.5))
  }
}
