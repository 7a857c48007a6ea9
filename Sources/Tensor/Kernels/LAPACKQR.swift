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
  let offsets = BatchOffsets(x.layout, batch)
  let (rowStep, columnStep) = (x.layout.strides[x.layout.rank - 2], x.layout.strides[x.layout.rank - 1])
  let (source, target) = (x.pointer, result.pointer)
  defer { withExtendedLifetime((x.storage, result.storage)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: rows) { index in
    let (matrix, q) = (source + offsets[index], target + index * (rows + columns) * columns)
    let r = q + rows * columns
    for row in 0..<rows {
      for column in 0..<columns {
        q[row &* columns &+ column] = matrix[row &* rowStep &+ column &* columnStep]
      }
    }
    if let cause = Kernels.nonFiniteElement(q, rows: rows, columns: columns) { return cause }
    // LAPACK sees Aᵀ = L·P, and L, read in rows, is R, as P is Q.
    withUnsafeTemporaryAllocation(of: S.self, capacity: columns) { factors in
      LAPACK.gelqf(columns, rows, q, factors.baseAddress!)
      for row in 0..<columns {
        for column in 0..<columns {
          r[row &* columns &+ column] = column < row ? 0 : q[row &* columns &+ column]
        }
      }
      LAPACK.orglq(columns, rows, q, factors.baseAddress!)
    }
    for pivot in 0..<columns where r[pivot * (columns + 1)] < 0 {
      for column in pivot..<columns { r[pivot &* columns &+ column].negate() }
      for row in 0..<rows { q[row &* columns &+ pivot].negate() }
    }
    return nil
  }
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
