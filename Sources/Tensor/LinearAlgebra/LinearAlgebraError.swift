/// Why a matrix could not be factored: which matrix of the batch, where in it, and what to do.
///
/// Its description is one sentence, fit to be shown to a user:
/// `cholesky: matrix [3] of the batch [8] is not positive definite: pivot 2 is -0.5, not above 0; …`.
public struct LinearAlgebraError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the matrix.
  public enum Cause: Hashable, Sendable {
    /// An element is a NaN or an infinity.
    case notFinite(row: Int, column: Int, value: Double)
    /// The elimination met a pivot, counted from 0, that is not above 0.
    case notPositiveDefinite(pivot: Int, value: Double)
    /// An eigenvalue is below 0 by more than rounding explains.
    case notPositiveSemidefinite(eigenvalue: Double, largest: Double)
    /// The elimination met a pivot, counted from 0, that is exactly 0.
    case singular(pivot: Int)
    /// A column, counted from 0, is a combination of those before it, within rounding.
    case rankDeficient(column: Int)
    /// The iteration for the eigenvalues or singular values did not end.
    case notConverged
  }

  /// The operation that failed.
  public let operation: String
  /// The shape of the batch: the axes before the last two.
  public let batch: Shape
  /// The matrix's position along the axes of the batch; empty for a single matrix. The first that failed, in
  /// row-major order.
  public let matrix: [Int]
  /// What is wrong with it.
  public let cause: Cause

  /// - Parameter matrix: The matrix's number in row-major order.
  init(_ operation: StaticString, batch: Shape, matrix: Int, _ cause: Cause) {
    self.operation = "\(operation)"
    self.batch = batch
    self.cause = cause
    self.matrix = batch.place(ofElement: matrix)
  }

  /// The same fault of a matrix that `operation` was given and handed on.
  init(_ operation: StaticString, _ error: LinearAlgebraError) {
    self.operation = "\(operation)"
    (batch, matrix, cause) = (error.batch, error.matrix, error.cause)
  }

  public var description: String {
    let subject = batch.isEmpty ? "the matrix" : "matrix \(matrix) of the batch \(batch)"
    return "\(operation): \(subject) \(explanation)"
  }

  private var explanation: String {
    switch cause {
    case .notFinite(let row, let column, let value):
      "has the element \(value) at [\(row), \(column)]; look for what made it so"
    case .notPositiveDefinite(let pivot, let value):
      "is not positive definite: pivot \(pivot) is \(value), not above 0; "
        + "add a small multiple of the identity to it"
    case .notPositiveSemidefinite(let eigenvalue, let largest):
      "is not positive semidefinite: it has the eigenvalue \(eigenvalue) beside \(largest); "
        + "add a small multiple of the identity to it"
    case .singular(let pivot):
      "is singular: pivot \(pivot) is 0; add a small multiple of the identity to it"
    case .rankDeficient(let column):
      "has dependent columns: column \(column) is a combination of those before it; use pinv()"
    case .notConverged:
      "has eigenvalues or singular values that the iteration did not find; scale it so that its elements are nearer 1"
    }
  }
}

extension ShapeCheck {
  /// Traps unless the last two axes hold matrices.
  static func matrices(_ operation: String, _ shape: Shape) {
    require(shape.count >= 2) { "\(operation): the shape \(shape) has no matrix in its last two axes" }
  }

  /// Traps unless the last two axes hold square matrices.
  static func squareMatrices(_ operation: String, _ shape: Shape) {
    matrices(operation, shape)
    require(shape[shape.count - 2] == shape[shape.count - 1]) {
      "\(operation): the matrices of \(shape) are not square"
    }
  }

  /// Traps unless `b` is a right-hand side, `[N]` or `[…, N, K]`, of systems with the matrices `[…, N, N]` of `a`.
  static func system(_ operation: String, _ a: Shape, _ b: Shape) {
    squareMatrices(operation, a)
    rightHandSide(operation, a, b)
  }

  /// Traps unless `b` is a right-hand side, `[M]` or `[…, M, K]`, for the matrices `[…, M, N]` of `a`.
  static func rightHandSide(_ operation: String, _ a: Shape, _ b: Shape) {
    require(!b.isEmpty) { "\(operation): a right-hand side of rank 0 is neither a vector nor a matrix" }
    let rows = b.count == 1 ? b[0] : b[b.count - 2]
    require(rows == a[a.count - 2]) {
      "\(operation): \(a) and \(b): the matrix has \(a[a.count - 2]) rows, the right-hand side \(rows)"
        // What would be a vector for each matrix of a batch.
        + (b.count == a.count - 1 && b.last == a[a.count - 2]
          ? "; to take its last axis for vectors, add one behind it with expanded(axis: -1)" : "")
    }
    require(Array(a.dropLast(2)).broadcast(with: Array(b.dropLast(2))) != nil) {
      "\(operation): \(a) and \(b): the batches \(Array(a.dropLast(2))) and \(Array(b.dropLast(2))) do not broadcast"
    }
  }
}
