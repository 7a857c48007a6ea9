import Tensor

/// Each misuse of linear algebra, and the message with which it traps.
enum MatrixMisuse: String, CaseIterable, Codable {
  case vector, oblong, rows, rowsOfBatch, number, batches, wide, row, fullBasis, tolerance

  var message: String {
    switch self {
    case .vector: "cholesky: the shape [3] has no matrix in its last two axes"
    case .oblong: "eigh: the matrices of [4, 2, 3] are not square"
    case .rows: "solve: [2, 2] and [3, 1]: the matrix has 2 rows, the right-hand side 3"
    case .rowsOfBatch:
      "solve: [2, 3, 3] and [2, 3]: the matrix has 3 rows, the right-hand side 2; to take its last axis for vectors, "
        + "add one behind it with expanded(axis: -1)"
    case .number: "triangularSolve: a right-hand side of rank 0 is neither a vector nor a matrix"
    case .batches: "solve: [2, 2, 2] and [3, 2, 1]: the batches [2] and [3] do not broadcast"
    case .wide: "leastSquares: the matrices of [2, 3] have fewer rows than columns, so that many X are best"
    case .row: "svd: the shape [3] has no matrix in its last two axes"
    case .fullBasis: "svd: the vectors that complete a full basis have no derivative; use svd() or detached()"
    case .tolerance: "pinv: the tolerance -1.0 is negative"
    }
  }

  func commit() throws {
    let x = Tensor<Double>.ones([2, 2])
    switch self {
    case .vector: _ = try Tensor<Double>.ones([3]).cholesky()
    case .oblong: _ = try Tensor<Double>.ones([4, 2, 3]).eigh()
    case .rows: _ = try x.solve(.ones([3, 1]))
    case .rowsOfBatch: _ = try Tensor<Double>.ones([2, 3, 3]).solve(.ones([2, 3]))
    case .number: _ = try x.triangularSolve(Tensor(1))
    case .batches: _ = try Tensor<Double>.ones([2, 2, 2]).solve(.ones([3, 2, 1]))
    case .wide: _ = try Tensor<Double>.ones([2, 3]).leastSquares(.ones([2]))
    case .row: _ = try Tensor<Double>.ones([3]).svd()
    case .fullBasis: _ = try x.tracked().svd(full: true)
    case .tolerance: _ = try x.pinv(tolerance: -1)
    }
  }
}
