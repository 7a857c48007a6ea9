extension Kernels {
  /// T⁻¹·B, or T⁻ᵀ·B, for the triangular matrices T `[…, N, N]` and B `[…, N, K]`; the batches broadcast. The other
  /// triangle of T is not read.
  static func triangularSolve<Scalar: TensorScalar>(
    _ t: StridedArray<Scalar>, _ b: StridedArray<Scalar>, lower: Bool, transposed: Bool
  ) -> StridedArray<Scalar> {
    let batch = Array(t.shape.dropLast(2)).broadcast(with: Array(b.shape.dropLast(2)))!
    let result = StridedArray<Scalar>(uninitialized: batch + b.shape.suffix(2))
    if result.count == 0 { return result }
    copyInto(result, b.broadcast(to: result.shape))
    let t = t.withBLASMatrices()
    triangularSolveLoop(t, result, lower, transposed)
    return result
  }

  /// Throws for the first matrix, by number, with a 0 in its diagonal or a number that is not finite in its triangle.
  static func checkTriangular<Scalar: TensorScalar>(
    _ operation: StaticString, _ t: StridedArray<Scalar>, lower: Bool
  ) throws(LinearAlgebraError) {
    if t.count == 0 { return }
    try checkTriangularLoop(operation, t, lower)
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func checkTriangularLoop<S: TensorScalar>(
  _ operation: StaticString, _ t: StridedArray<S>, _ lower: Bool
) throws(LinearAlgebraError) {
  let order = t.shape.last!
  let batch = Array(t.shape.dropLast(2))
  let offsets = BatchOffsets(t.layout, batch)
  let (rowStep, columnStep) = t.layout.matrixSteps
  let source = t.pointer
  defer { withExtendedLifetime(t.storage) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: order) { index in
    let matrix = source + offsets[index]
    for row in 0..<order {
      for column in lower ? 0..<row + 1 : row..<order {
        let value = matrix[row * rowStep + column * columnStep]
        if !value.isFinite { return .notFinite(row: row, column: column, value: Double(value)) }
      }
      if matrix[row * (rowStep + columnStep)] == 0 { return .singular(pivot: row) }
    }
    return nil
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func triangularSolveLoop<S: TensorScalar>(
  _ t: StridedArray<S>, _ x: StridedArray<S>, _ lower: Bool, _ transposed: Bool
) {
  let shape = x.shape
  let (order, columns) = (shape[shape.count - 2], shape[shape.count - 1])
  let batch = Array(shape.dropLast(2))
  let blocks = ColumnBlocks(columns: columns, order: order)
  let offsets = BatchOffsets(t.layout, batch)
  let (matrix, target) = (t.matrix, x.pointer)
  Parallel.forEachRange(batch.elementCount * blocks.count, grain: blocks.grain) { pieces in
    for piece in pieces {
      let (index, range) = (piece / blocks.count, blocks[piece % blocks.count])
      var matrix = matrix
      matrix.start += offsets[index]
      BLAS.trsm(
        .left, order, range.count, matrix, target + index * order * columns + range.lowerBound,
        leadingDimension: columns, lower: lower, transposed: transposed)
    }
  }
  withExtendedLifetime((t.storage, x.storage)) {}
}
