extension Kernels {
  /// The X `[…, N, K]` that make the sums of squares of A·X − B least, for the matrices A `[…, M, N]` and B `[…, M, K]` in
  /// the last two axes, whose batches agree, and R `[…, N, N]` with A = Q·R, whose diagonal may be negative: Qᵀ·B follows from
  /// the reflections of A, and Q is never made.
  static func leastSquares<Scalar: TensorScalar>(
    _ operation: StaticString, _ a: StridedArray<Scalar>, _ b: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> (solution: StridedArray<Scalar>, r: StridedArray<Scalar>) {
    let (batch, columns) = (Array(a.shape.dropLast(2)), a.shape.last!)
    let result = StridedArray<Scalar>(uninitialized: batch + [columns, b.shape.last!])
    let r = StridedArray<Scalar>(uninitialized: batch + [columns, columns])
    if r.count > 0 { try leastSquaresLoop(operation, result, r, a, b) }
    return (result, r)
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func leastSquaresLoop<S: TensorScalar>(
  _ operation: StaticString, _ result: StridedArray<S>, _ r: StridedArray<S>, _ a: StridedArray<S>,
  _ b: StridedArray<S>
) throws(LinearAlgebraError) {
  let batch = Array(a.shape.dropLast(2))
  let (rows, columns, sides) = (a.shape[batch.count], a.shape[batch.count + 1], b.shape[batch.count + 1])
  let step = Drivers.paddedStep(rows)
  // In LAPACK's order of columns: those of A, and then those of B.
  let size = (columns + sides) * step
  let work = StridedArray<S>(uninitialized: [batch.elementCount, columns + sides, step])
  func part(_ shape: Shape, offset: Int) -> StridedArray<S> {
    let strides = batch.rowMajorStrides.map { $0 * size } + [1, step]
    let layout = Layout(shape: shape, strides: strides, offset: work.layout.offset + offset)
    return StridedArray(storage: work.storage, layout: layout)
  }
  Kernels.copyInto(part(a.shape, offset: 0), a)
  Kernels.copyInto(part(b.shape, offset: columns * step), b)
  let (start, target, triangles) = (work.pointer, result.pointer, r.pointer)
  defer { withExtendedLifetime((work.storage, result.storage, r.storage)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: rows) { index in
    let (matrix, triangle) = (start + index * size, triangles + index * columns * columns)
    let cause = Kernels.nonFiniteElement(
      matrix, rows: rows, columns: columns, rowStep: 1, columnStep: step)
    if let cause { return cause }
    _ = Drivers.qr(matrix, rows, columns, step, beside: sides)
    for row in 0..<columns {
      for column in 0..<columns {
        triangle[row &* columns &+ column] = row <= column ? matrix[column &* step &+ row] : 0
      }
    }
    if let cause = Kernels.rankDeficiency(of: triangle, order: columns, rows: rows) { return cause }
    for side in 0..<sides {
      // R·x = c, column after column of R from the last.
      let c = matrix + (columns + side) * step
      let x = target + index * columns * sides + side
      for column in (0..<columns).reversed() {
        let line = matrix + column * step
        let value = c[column] / line[column]
        x[column * sides] = value
        for row in 0..<column { c[row] -= value * line[row] }
      }
    }
    return nil
  }
}
