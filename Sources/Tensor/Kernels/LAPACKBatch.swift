import Synchronization

extension Kernels {
  /// Calls `body` with the number of every matrix of a batch, in parallel, and throws what the first of them, by
  /// number, failed of.
  ///
  /// - Parameter order: The matrices' N; each is taken to need about N³ operations.
  static func forEachMatrix(
    _ operation: StaticString, of batch: Shape, order: Int,
    _ body: (Int) -> LinearAlgebraError.Cause?
  ) throws(LinearAlgebraError) {
    let failure = Mutex<(matrix: Int, cause: LinearAlgebraError.Cause)?>(nil)
    let smallestPiece = 1 << 18
    let grain = max(1, smallestPiece / max(order * order * order, 1))
    Parallel.forEachRange(batch.elementCount, grain: grain) { matrices in
      for matrix in matrices {
        guard let cause = body(matrix) else { continue }
        failure.withLock { if matrix < $0?.matrix ?? .max { $0 = (matrix, cause) } }
      }
    }
    if let (matrix, cause) = failure.withLock({ $0 }) {
      throw LinearAlgebraError(operation, batch: batch, matrix: matrix, cause)
    }
  }

  /// Where the first element of an N×N matrix is that is not a finite number, if there is one.
  @inline(__always)
  static func nonFiniteElement<S: TensorScalar>(
    _ a: UnsafePointer<S>, order: Int
  ) -> LinearAlgebraError.Cause? {
    nonFiniteElement(a, rows: order, columns: order)
  }

  /// The same for a matrix of any shape.
  @inline(__always)
  static func nonFiniteElement<S: TensorScalar>(
    _ a: UnsafePointer<S>, rows: Int, columns: Int
  ) -> LinearAlgebraError.Cause? {
    var isFinite = true
    // Without a way out in the middle, the loop is a vector loop.
    for i in 0..<rows * columns { isFinite = isFinite && a[i].isFinite }
    if isFinite { return nil }
    let i = (0..<rows * columns).first { !a[$0].isFinite }!
    return .notFinite(row: i / columns, column: i % columns, value: Double(a[i]))
  }
}

/// Writes the symmetric part ½(A + Aᵀ) of an N×N matrix, with the steps `rowStep` and `columnStep`, in row-major
/// order: all of it, or its lower triangle with zeros above.
///
/// Square tiles keep both A and Aᵀ in the cache.
@inline(__always)
func writeSymmetricPart<S: TensorScalar>(
  of a: UnsafePointer<S>, _ rowStep: Int, _ columnStep: Int, order: Int, lowerOnly: Bool,
  to target: UnsafeMutablePointer<S>
) {
  let tile = 32
  for firstRow in stride(from: 0, to: order, by: tile) {
    for firstColumn in stride(from: 0, through: firstRow, by: tile) {
      for row in firstRow..<min(firstRow + tile, order) {
        for column in firstColumn..<min(firstColumn + tile, row + 1) {
          // Halved first: the sum of two large elements would be infinite.
          let value =
            a[row &* rowStep &+ column &* columnStep] / 2 + a[column &* rowStep &+ row &* columnStep] / 2
          target[column &* order &+ row] = lowerOnly ? 0 : value
          target[row &* order &+ column] = value
        }
      }
    }
  }
}
