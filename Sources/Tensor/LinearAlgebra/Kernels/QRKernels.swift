extension Kernels {
  /// Q (M×N) and then R (N×N) of the matrices M×N in the last two axes, M ≥ N, in row-major order one after the other
  /// in the last axis of the result. The diagonal of R is not negative.
  static func orthogonalFactors<Scalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> StridedArray<Scalar> {
    let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
    let result = StridedArray<Scalar>(
      uninitialized: Array(x.shape.dropLast(2)) + [(rows + columns) * columns])
    if result.count == 0 { return result }
    if Scalar.self == Float.self {
      try orthogonalLoop(operation, result.assuming(Float.self), x.assuming(Float.self))
    } else {
      try orthogonalLoop(operation, result.assuming(Double.self), x.assuming(Double.self))
    }
    return result
  }

  /// The first matrix R of a QR decomposition, by number, in which a column is a combination of those before it.
  static func checkFullRank<Scalar>(
    _ operation: StaticString, _ r: StridedArray<Scalar>, rows: Int
  ) throws(LinearAlgebraError) {
    let r = r.contiguous()
    if r.count == 0 { return }
    if Scalar.self == Float.self {
      try fullRankLoop(operation, r.assuming(Float.self), rows)
    } else {
      try fullRankLoop(operation, r.assuming(Double.self), rows)
    }
  }

  /// The first matrix of the last two axes, by number, with a NaN or an infinity.
  static func checkFinite<Scalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) {
    let x = x.contiguous()
    if x.count == 0 { return }
    if Scalar.self == Float.self {
      try finiteLoop(operation, x.assuming(Float.self))
    } else {
      try finiteLoop(operation, x.assuming(Double.self))
    }
  }
}

private func orthogonalLoop<S: TensorScalar>(
  _ operation: StaticString, _ result: StridedArray<S>, _ x: StridedArray<S>
) throws(LinearAlgebraError) {
  let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
  let batch = Array(x.shape.dropLast(2))
  let step = LAPACK.paddedStep(rows)
  // In LAPACK's order of columns: the matrices first, and then the factors Q.
  let work = StridedArray<S>(uninitialized: [batch.elementCount, 2, columns, step])
  func view(_ array: StridedArray<S>, _ shape: Shape, _ strides: [Int], offset: Int = 0) -> StridedArray<S> {
    let layout = Layout(shape: shape, strides: strides, offset: array.layout.offset + offset)
    return StridedArray(storage: array.storage, layout: layout)
  }
  let size = columns * step
  let outer = batch.rowMajorStrides
  Kernels.copyInto(view(work, x.shape, outer.map { $0 * 2 * size } + [1, step]), x)
  let (start, target, length) = (work.pointer, result.pointer, (rows + columns) * columns)
  defer { withExtendedLifetime((work.storage, result.storage)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: rows) { index in
    let matrix = start + index * 2 * size
    let cause = Kernels.nonFiniteElement(
      matrix, rows: rows, columns: columns, rowStep: 1, columnStep: step)
    if let cause { return cause }
    let reflectors = reduce(matrix, rows, columns, step)
    let r = target + index * length + rows * columns
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
  Kernels.copyInto(
    view(result, x.shape, outer.map { $0 * length } + [columns, 1]),
    view(work, x.shape, outer.map { $0 * 2 * size } + [1, step], offset: size))
}

/// Overwrites the upper triangle of a matrix in column-major order by R, with A = Q·R; the reflections of Q.
///
/// LAPACK reduces a few columns at a time, and threads share the columns to the right of them.
private func reduce<S: TensorScalar>(
  _ matrix: UnsafeMutablePointer<S>, _ rows: Int, _ columns: Int, _ step: Int
) -> Reflectors<S> {
  let reflectors = Reflectors<S>(count: columns, length: rows, .columns(offset: 0))
  withUnsafeTemporaryAllocation(of: S.self, capacity: columns) { factors in
    let factors = factors.baseAddress!
    for block in 0..<reflectors.blockCount {
      let first = block * Reflectors<S>.width
      let next = min(first + Reflectors<S>.width, columns)
      LAPACK.geqrf(
        rows - first, next - first, matrix + first * (step + 1), leadingDimension: step, factors + first)
      reflectors.take(block: block, from: matrix, leadingDimension: step, factors: factors)
      reflectors.applyTransposed(block: block, toRows: next..<columns, of: matrix, leadingDimension: step)
    }
  }
  return reflectors
}

private func fullRankLoop<S: TensorScalar>(
  _ operation: StaticString, _ r: StridedArray<S>, _ rows: Int
) throws(LinearAlgebraError) {
  let order = r.shape.last!
  let source = r.pointer
  defer { withExtendedLifetime(r.storage) {} }
  try Kernels.forEachMatrix(operation, of: Array(r.shape.dropLast(2)), order: order) { index in
    let matrix = source + index * order * order
    for column in 0..<order {
      var square = 0.0
      for row in 0...column {
        let element = Double(matrix[row &* order &+ column])
        square += element * element
      }
      let rounding = Double(rows) * Double(S.ulpOfOne) * square.squareRoot()
      if Double(matrix[column &* (order &+ 1)]) <= rounding { return .rankDeficient(column: column) }
    }
    return nil
  }
}

private func finiteLoop<S: TensorScalar>(
  _ operation: StaticString, _ x: StridedArray<S>
) throws(LinearAlgebraError) {
  let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
  let source = x.pointer
  defer { withExtendedLifetime(x.storage) {} }
  try Kernels.forEachMatrix(operation, of: Array(x.shape.dropLast(2)), order: 1) { index in
    Kernels.nonFiniteElement(source + index * rows * columns, rows: rows, columns: columns)
  }
}
