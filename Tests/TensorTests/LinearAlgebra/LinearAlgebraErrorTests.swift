import Tensor
import Testing

@Suite("Errors of linear algebra")
struct LinearAlgebraErrorTests {
  /// Regular but for matrix [1, 0] of the batch [2, 2], which is `odd`.
  private func batch(_ odd: [Double]) -> Tensor<Double> {
    let unit: [Double] = [1, 0, 0, 1]
    return Tensor(unit + unit + odd + unit, shape: [2, 2, 2, 2])
  }

  private typealias Operation = @Sendable (Tensor<Double>) throws -> Void

  private func expect(
    _ matrix: [Double], _ operation: Operation, _ cause: LinearAlgebraError.Cause, _ message: String
  ) {
    let error = #expect(throws: LinearAlgebraError.self) { try operation(batch(matrix)) }
    #expect(error?.matrix == [1, 0])
    #expect(error?.cause == cause)
    #expect(error?.description == message)
  }

  @Test("a matrix that is not positive definite is named, with its pivot")
  func notPositiveDefinite() {
    expect(
      [1, 2, 2, 1], { _ = try $0.cholesky() },
      .notPositiveDefinite(pivot: 1, value: -3),
      "cholesky: matrix [1, 0] of the batch [2, 2] is not positive definite: pivot 1 is -3.0, not above 0; "
        + "add a small multiple of the identity to it")
    #expect(throws: LinearAlgebraError.self) { try Tensor<Float>.zeros([200, 200]).cholesky() }
  }

  @Test("the pivot of a large matrix is counted from its first row")
  func pivotBeyondOneBlock() {
    var matrix = [Double](repeating: 0, count: 300 * 300)
    for row in 0..<300 { matrix[row * 301] = row == 250 ? -0.5 : 1 }
    let error = #expect(throws: LinearAlgebraError.self) {
      try Tensor(matrix, shape: [300, 300]).cholesky()
    }
    #expect(error?.cause == .notPositiveDefinite(pivot: 250, value: -0.5))
    #expect(error?.description.hasPrefix("cholesky: the matrix is not positive definite: pivot 250") == true)
  }

  @Test("a square root of a matrix with a negative eigenvalue is refused")
  func notPositiveSemidefinite() {
    let error = #expect(throws: LinearAlgebraError.self) { try batch([1, 2, 2, 1]).matrixSquareRoot() }
    #expect(error?.matrix == [1, 0])
    guard case .notPositiveSemidefinite(let eigenvalue, let largest) = error?.cause else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((eigenvalue + 1).magnitude < 1e-14 && (largest - 3).magnitude < 1e-14)
  }

  @Test("a singular matrix is named, with its pivot")
  func singular() {
    let suffix =
      " matrix [1, 0] of the batch [2, 2] is singular: pivot 1 is 0; "
      + "add a small multiple of the identity to it"
    let operations: [(String, Operation)] = [
      ("solve", { _ = try $0.solve(.ones([2])) }),
      ("inverse", { _ = try $0.inverse() }),
      ("logDeterminant", { _ = try $0.logDeterminant() }),
    ]
    for (name, operation) in operations {
      expect([1, 2, 2, 4], operation, .singular(pivot: 1), name + ":" + suffix)
    }
    for lower in [true, false] {
      expect(
        [1, 2, 2, 0],
        { _ = try $0.triangularSolve(.ones([2]), lower: lower) },
        .singular(pivot: 1), "triangularSolve:" + suffix)
    }
  }

  @Test("a matrix with dependent columns is named, with the column, whatever the columns' scales")
  func rankDeficient() {
    expect(
      [1, 2, 2, 4], { _ = try $0.leastSquares(.ones([2])) }, .rankDeficient(column: 1),
      "leastSquares: matrix [1, 0] of the batch [2, 2] has dependent columns: "
        + "column 1 is a combination of those before it; use pinv()")
    let scaled = Tensor<Double>([[1, 1e-30], [1, 0], [0, 1e-30]])
    #expect(throws: Never.self) { try scaled.leastSquares(.ones([3])) }
    #expect(throws: LinearAlgebraError.self) { try Tensor<Float>.zeros([3, 2]).leastSquares(.ones([3])) }
  }

  @Test("of a wide matrix all columns are looked at for a NaN")
  func wideNotFinite() {
    let wide = Tensor<Double>([[1, 2, 3], [4, 5, .nan]])
    let error = #expect(throws: LinearAlgebraError.self) { try wide.qr() }
    #expect(error?.description == "qr: the matrix has the element nan at [1, 2]; look for what made it so")
  }

  @Test("in a large matrix the first NaN by rows is named, however the matrix lies in memory")
  func notFiniteInLarge() {
    var numbers = [Double](repeating: 1, count: 200 * 150)
    numbers[70 * 150 + 90] = .nan
    numbers[71 * 150 + 3] = .infinity
    let tall = Tensor(numbers, shape: [200, 150])
    let operations: [Operation] = [
      { _ = try $0.qr() }, { _ = try $0.svd() }, { _ = try $0.svd(full: true) },
      { _ = try $0.singularValues() },
    ]
    for operation in operations {
      let error = #expect(throws: LinearAlgebraError.self) { try operation(tall) }
      #expect(error?.description.contains("has the element nan at [70, 90]") == true)
      let turned = #expect(throws: LinearAlgebraError.self) { try operation(tall.transposed()) }
      #expect(turned?.description.contains("has the element inf at [3, 71]") == true)
    }
  }

  @Test("a NaN or an infinity is an error, with its place", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) {
    let operations: [Operation] = [
      { _ = try $0.cholesky() },
      { _ = try $0.eigh() },
      { _ = try $0.matrixSquareRoot() },
      { _ = try $0.triangularSolve(.ones([2])) },
      { _ = try $0.solve(.ones([2])) },
      { _ = try $0.inverse() },
      { _ = try $0.determinant() },
      { _ = try $0.logDeterminant() },
      { _ = try $0.svd() },
      { _ = try $0.svd(full: true) },
      { _ = try $0.singularValues() },
      { _ = try $0.pinv() },
      { _ = try $0.qr() },
      { _ = try $0.leastSquares(.ones([2])) },
      { _ = try $0.matrixExponential() },
    ]
    for operation in operations {
      let error = #expect(throws: LinearAlgebraError.self) { try operation(batch([1, 0, 0, value])) }
      #expect(error?.matrix == [1, 0])
      #expect(error?.description.contains("has the element \(value) at [1, 1]") == true)
    }
  }
}
