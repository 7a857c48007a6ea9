import CKernels

extension Kernels {
  /// Calls `body` with the number of every matrix of a batch, in parallel, and throws what the first of them, by
  /// number, failed of.
  ///
  /// - Parameter order: The matrices' N.
  static func forEachMatrix(
    _ operation: StaticString, of batch: Shape, order: Int,
    _ body: (Int) -> LinearAlgebraError.Cause?
  ) throws(LinearAlgebraError) {
    let failure = Guarded<(matrix: Int, cause: LinearAlgebraError.Cause)?>(nil)
    Parallel.forEachRange(batch.elementCount, grain: matrixGrain(order: order)) { matrices in
      for matrix in matrices {
        guard let cause = body(matrix) else { continue }
        failure.withLock { if matrix < $0?.matrix ?? .max { $0 = (matrix, cause) } }
      }
    }
    if let (matrix, cause) = failure.withLock({ $0 }) {
      throw LinearAlgebraError(operation, batch: batch, matrix: matrix, cause)
    }
  }

  /// How many matrices of a batch are worth a thread: each is taken to need about N³ operations, and the smallest as many as
  /// what is done around them.
  static func matrixGrain(order: Int) -> Int {
    let (smallestPiece, smallestMatrix) = (1 << 18, 1 << 8)
    return max(1, smallestPiece / max(order * order * order, smallestMatrix))
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
    let scalar = ckernels_scalar(S.self)
    if (0..<lines).allSatisfy({ ckernels_are_finite(scalar, a + $0 * step, length) }) { return nil }
    for row in 0..<rows {
      for column in 0..<columns {
        let value = a[row * rowStep + column * columnStep]
        if !value.isFinite { return .notFinite(row: row, column: column, value: Double(value)) }
      }
    }
    return nil
  }

  /// Throws for the first matrix of the last two axes, by number, with a NaN or an infinity.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func checkFinite<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) {
    let x = x.contiguous()
    if x.count == 0 { return }
    let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
    let source = x.pointer
    defer { withExtendedLifetime(x.storage) {} }
    try forEachMatrix(operation, of: Array(x.shape.dropLast(2)), order: 1) { index in
      nonFiniteElement(source + index * rows * columns, rows: rows, columns: columns)
    }
  }
}

extension Layout {
  /// The steps between the rows and between the columns of the matrices in the last two axes.
  var matrixSteps: (row: Int, column: Int) { (strides[rank - 2], strides[rank - 1]) }
}

extension StridedArray {
  /// The same array with the last two axes exchanged.
  var withTransposedMatrices: StridedArray {
    let rank = layout.rank
    return transposed(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
