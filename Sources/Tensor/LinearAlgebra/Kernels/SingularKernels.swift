/// How the factors of an M×N matrix lie one after the other, in row-major order, in the last axis of an array: U
/// (M×P), the singular values (K = min(M, N)) and Vᵀ (Q×N), with P = Q = K or, in full, P = M and Q = N.
struct SingularLayout {
  let rows: Int
  let columns: Int
  let rank: Int
  let leftColumns: Int
  let rightRows: Int

  init(_ shape: Shape, full: Bool) {
    (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    rank = min(rows, columns)
    (leftColumns, rightRows) = full ? (rows, columns) : (rank, rank)
  }

  /// Where the singular values and Vᵀ begin, and the end.
  var values: Int { rows * leftColumns }
  var right: Int { values + rank }
  var count: Int { right + rightRows * columns }
}

extension Kernels {
  /// The singular value decompositions of the matrices in the last two axes, packed by ``SingularLayout`` in the last
  /// axis of the result.
  static func singularFactors<Scalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>, full: Bool
  ) throws(LinearAlgebraError) -> StridedArray<Scalar> {
    let layout = SingularLayout(x.shape, full: full)
    let result = StridedArray<Scalar>(uninitialized: Array(x.shape.dropLast(2)) + [layout.count])
    if result.count == 0 { return result }
    let scratch = overwritable(x)
    if Scalar.self == Float.self {
      try singularLoop(operation, result.assuming(Float.self), scratch.assuming(Float.self), layout)
    } else {
      try singularLoop(operation, result.assuming(Double.self), scratch.assuming(Double.self), layout)
    }
    return result
  }

  /// The singular values alone, `[…, K]` in descending order.
  static func singularValues<Scalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> StridedArray<Scalar> {
    let rank = SingularLayout(x.shape, full: false).rank
    let result = StridedArray<Scalar>(uninitialized: Array(x.shape.dropLast(2)) + [rank])
    if result.count == 0 { return result }
    let scratch = overwritable(x)
    if Scalar.self == Float.self {
      try singularLoop(operation, result.assuming(Float.self), scratch.assuming(Float.self), nil)
    } else {
      try singularLoop(operation, result.assuming(Double.self), scratch.assuming(Double.self), nil)
    }
    return result
  }

  /// A copy of the matrices in the last two axes for LAPACK to overwrite.
  private static func overwritable<Scalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    let batch = Array(x.shape.dropLast(2))
    let (rows, columns) = (x.shape[batch.count], x.shape[batch.count + 1])
    let step = LAPACK.paddedStep(columns)
    let memory = StridedArray<Scalar>(uninitialized: batch + [rows, step])
    let layout = Layout(shape: x.shape, strides: memory.layout.strides)
    let result = StridedArray<Scalar>(storage: memory.storage, layout: layout)
    copyInto(result, x)
    return result
  }
}

/// - Parameter layout: Where the vectors go; `nil` for the values alone.
private func singularLoop<S: TensorScalar>(
  _ operation: StaticString, _ result: StridedArray<S>, _ scratch: StridedArray<S>, _ layout: SingularLayout?
) throws(LinearAlgebraError) {
  let (rows, columns) = (scratch.shape[scratch.shape.count - 2], scratch.shape[scratch.shape.count - 1])
  let (source, target, length) = (scratch.pointer, result.pointer, result.shape.last!)
  defer { withExtendedLifetime((scratch.storage, result.storage)) {} }
  let batch = Array(scratch.shape.dropLast(2))
  let step = scratch.layout.strides[batch.count]
  try Kernels.forEachMatrix(operation, of: batch, order: max(rows, columns)) { index in
    let (matrix, factors) = (source + index * rows * step, target + index * length)
    if let cause = Kernels.nonFiniteElement(matrix, rows: rows, columns: columns, rowStep: step) {
      return cause
    }
    // LAPACK sees Aᵀ = V·Σ·Uᵀ: its U, read in rows, is our Vᵀ, and its Vᵀ our U.
    guard let layout else {
      let info = LAPACK.gesdd(
        columns, rows, matrix, leadingDimension: step, factors, left: factors, right: factors, .none)
      return info == 0 ? nil : .notConverged
    }
    if layout.rank == 0 {
      writeIdentity(factors, order: layout.leftColumns)
      writeIdentity(factors + layout.right, order: layout.rightRows)
      return nil
    }
    let isThin = layout.leftColumns == layout.rank && layout.rightRows == layout.rank
    let (values, left) = (factors + layout.values, factors + layout.right)
    let info =
      isThin && isReducedDirectly(matrix, rows: columns, columns: rows, step)
      ? singularVectors(matrix, rows: columns, columns: rows, step, values, left: left, right: factors)
      : LAPACK.gesdd(
        columns, rows, matrix, leadingDimension: step, values, left: left, right: factors,
        isThin ? .thin : .full)
    return info == 0 ? nil : .notConverged
  }
}

private func writeIdentity<S: TensorScalar>(_ target: UnsafeMutablePointer<S>, order: Int) {
  for index in 0..<order * order { target[index] = index % (order + 1) == 0 ? 1 : 0 }
}
