import Tensor
import TestSupport

extension Misuse {
  /// Misuses of linear algebra.
  static let matrices = list { misuse in
    let x = Tensor<Double>.ones([2, 2])
    misuse("vector", "cholesky: the shape [3] has no matrix in its last two axes") {
      _ = try Tensor<Double>.ones([3]).cholesky()
    }
    misuse("oblong", "eigh: the matrices of [4, 2, 3] are not square") {
      _ = try Tensor<Double>.ones([4, 2, 3]).eigh()
    }
    misuse("rows", "solve: [2, 2] and [3, 1]: the matrix has 2 rows, the right-hand side 3") {
      _ = try x.solve(.ones([3, 1]))
    }
    misuse(
      "rowsOfBatch",
      "solve: [2, 3, 3] and [2, 3]: the matrix has 3 rows, the right-hand side 2; to take its last axis for vectors, "
        + "add one behind it with expanded(axis: -1)"
    ) {
      _ = try Tensor<Double>.ones([2, 3, 3]).solve(.ones([2, 3]))
    }
    misuse("number", "triangularSolve: a right-hand side of rank 0 is neither a vector nor a matrix") {
      _ = try x.triangularSolve(Tensor(1))
    }
    misuse("batches", "solve: [2, 2, 2] and [3, 2, 1]: the batches [2] and [3] do not broadcast") {
      _ = try Tensor<Double>.ones([2, 2, 2]).solve(.ones([3, 2, 1]))
    }
    misuse(
      "wide", "leastSquares: the matrices of [2, 3] have fewer rows than columns, so that many X are best"
    ) {
      _ = try Tensor<Double>.ones([2, 3]).leastSquares(.ones([2]))
    }
    misuse("row", "svd: the shape [3] has no matrix in its last two axes") {
      _ = try Tensor<Double>.ones([3]).svd()
    }
    misuse(
      "fullBasis", "svd: the vectors that complete a full basis have no derivative; use svd() or detached()"
    ) {
      _ = try x.tracked().svd(full: true)
    }
    misuse(
      "rowLengths",
      "nearestRows: the shapes [2, 2] and [2, 3] are not [M, D] and [N, D] with a row to be found"
    ) {
      _ = x.nearestRows(in: .ones([2, 3]))
    }
    misuse(
      "noRows", "nearestRows: the shapes [2, 2] and [0, 2] are not [M, D] and [N, D] with a row to be found"
    ) {
      _ = x.nearestRows(in: .ones([0, 2]))
    }
    misuse("tolerance", "pinv: the tolerance -1.0 is negative") { _ = try x.pinv(tolerance: -1) }
  }
}
