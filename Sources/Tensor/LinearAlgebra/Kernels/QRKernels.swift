extension Kernels {
  /// Q `[…, M, N]` and R `[…, N, N]` of the matrices M×N in the last two axes, M ≥ N. The diagonal of R is not negative.
  static func orthogonalFactors<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> (q: StridedArray<Scalar>, r: StridedArray<Scalar>) {
    let columns = x.shape.last!
    let q = StridedArray<Scalar>(uninitialized: x.shape)
    let r = StridedArray<Scalar>(uninitialized: x.shape.dropLast(2) + [columns, columns])
    // Without columns there is nothing to factor; without rows there are none.
    if q.count > 0 { try orthogonalLoop(operation, q, r, x) }
    return (q, r)
  }

  /// Throws for the first matrix R of a QR decomposition, by number, in which a column is a combination of those before
  /// it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func checkFullRank<Scalar: TensorScalar>(
    _ operation: StaticString, _ r: StridedArray<Scalar>, rows: Int
  ) throws(LinearAlgebraError) {
    let r = r.contiguous()
    if r.count == 0 { return }
    let order = r.shape.last!
    let source = r.pointer
    defer { withExtendedLifetime(r.storage) {} }
    try forEachMatrix(operation, of: Array(r.shape.dropLast(2)), order: order) { index in
      rankDeficiency(of: source + index * order * order, order: order, rows: rows)
    }
  }

  /// The first column of a triangle R `[order, order]` of a QR decomposition that is, within rounding, a combination of those
  /// before it.
  @inline(__always)
  static func rankDeficiency<Scalar: TensorScalar>(
    of r: UnsafePointer<Scalar>, order: Int, rows: Int
  ) -> LinearAlgebraError.Cause? {
    for column in 0..<order {
      var square = 0.0
      for row in 0...column {
        let element = Double(r[row &* order &+ column])
        square += element * element
      }
      let rounding = Double(rows) * Double(Scalar.ulpOfOne) * square.squareRoot()
      if Double(r[column &* (order &+ 1)].magnitude) <= rounding { return .rankDeficient(column: column) }
    }
    return nil
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func orthogonalLoop<S: TensorScalar>(
  _ operation: StaticString, _ q: StridedArray<S>, _ r: StridedArray<S>, _ x: StridedArray<S>
) throws(LinearAlgebraError) {
  let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
  let batch = Array(x.shape.dropLast(2))
  let step = Drivers.paddedStep(rows)
  // In LAPACK's order of columns: the matrices first, and then the factors Q.
  let size = columns * step
  let work = StridedArray<S>(uninitialized: [batch.elementCount, 2, columns, step])
  func part(offset: Int) -> StridedArray<S> {
    let strides = batch.rowMajorStrides.map { $0 * 2 * size } + [1, step]
    let layout = Layout(shape: x.shape, strides: strides, offset: work.layout.offset + offset)
    return StridedArray(storage: work.storage, layout: layout)
  }
  Kernels.copyInto(part(offset: 0), x)
  let (start, target) = (work.pointer, r.pointer)
  defer { withExtendedLifetime((work.storage, r.storage)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: rows) { index in
    let matrix = start + index * 2 * size
    let cause = Kernels.nonFiniteElement(
      matrix, rows: rows, columns: columns, rowStep: 1, columnStep: step)
    if let cause { return cause }
    let reflectors = Drivers.qr(matrix, rows, columns, step)
    let r = target + index * columns * columns
    for row in 0..<columns {
      // The diagonal of R is not negative.
      let sign: S = matrix[row * (step + 1)] < 0 ? -1 : 1
      for column in 0..<row { r[row &* columns &+ column] = 0 }
      for column in row..<columns { r[row &* columns &+ column] = sign * matrix[column &* step &+ row] }
      let line = matrix + size + row * step
      line.update(repeating: 0, count: rows)
      line[row] = sign
    }
    reflectors.apply(toRows: columns, of: matrix + size, leadingDimension: step, zerosBeyondDiagonal: true)
    return nil
  }
  Kernels.copyInto(q, part(offset: size))
}
