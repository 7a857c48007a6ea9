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

  /// The same for a matrix of any shape, in row-major order or, with a row step of 1, in column-major order.
  @inline(__always)
  static func nonFiniteElement<S: TensorScalar>(
    _ a: UnsafePointer<S>, rows: Int, columns: Int, rowStep: Int? = nil, columnStep: Int = 1
  ) -> LinearAlgebraError.Cause? {
    let rowStep = rowStep ?? columns
    var (lines, length, step) = (rows, columns, rowStep)
    if columnStep != 1 { (lines, length, step) = (columns, rows, columnStep) }
    if step == length { (lines, length) = (1, lines * length) }
    var isFinite = true
    for line in 0..<lines {
      let elements = a + line * step
      // Without a way out in the middle, the loop is a vector loop.
      for i in 0..<length { isFinite = isFinite && elements[i].isFinite }
    }
    if isFinite { return nil }
    for row in 0..<rows {
      for column in 0..<columns {
        let value = a[row * rowStep + column * columnStep]
        if !value.isFinite { return .notFinite(row: row, column: column, value: Double(value)) }
      }
    }
    return nil
  }
}

/// Writes the symmetric part ½(A + Aᵀ) of an N×N matrix, with the steps `rowStep` and `columnStep`, in row-major
/// order: all of it, or its lower triangle with zeros above.
///
/// Tiles of Aᵀ are turned round in a buffer whose rows are longer than they are: where rows of the matrices lie a
/// power of two apart, a tile's columns would push each other out of the cache.
@inline(__always)
func writeSymmetricPart<S: TensorScalar>(
  of a: UnsafePointer<S>, _ rowStep: Int, _ columnStep: Int, order: Int, lowerOnly: Bool,
  to target: UnsafeMutablePointer<S>
) {
  let (tile, step) = (32, 33)
  let rowTiles = (order + tile - 1) / tile
  Parallel.forEachRange(rowTiles, grain: max(1, Kernels.elementGrain / (tile * order))) { rowTiles in
    withUnsafeTemporaryAllocation(of: S.self, capacity: tile * step) { buffer in
      let turned = buffer.baseAddress!
      for firstRow in rowTiles.lazy.map({ $0 * tile }) {
        for firstColumn in stride(from: 0, through: firstRow, by: tile) {
          let (height, width) = (min(tile, order - firstRow), min(tile, order - firstColumn))
          for column in 0..<width {
            let source = a + (firstColumn + column) * rowStep + firstRow * columnStep
            for row in 0..<height { turned[row &* step &+ column] = source[row &* columnStep] }
          }
          for row in 0..<height {
            let source = a + (firstRow + row) * rowStep + firstColumn * columnStep
            let (line, result) = (turned + row &* step, target + (firstRow + row) * order + firstColumn)
            // Halved first: the sum of two large elements would be infinite.
            for column in 0..<width {
              line[column] = source[column &* columnStep] / 2 + line[column] / 2
            }
            for column in 0..<width { result[column] = line[column] }
            if lowerOnly, firstColumn == firstRow {
              for column in row + 1..<max(width, row + 1) { result[column] = 0 }
            }
          }
          if firstColumn == firstRow { continue }
          for column in 0..<width {
            let result = target + (firstColumn + column) * order + firstRow
            for row in 0..<height { result[row] = lowerOnly ? 0 : turned[row &* step &+ column] }
          }
        }
      }
    }
  }
}
