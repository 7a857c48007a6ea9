extension Kernels {
  /// The singular value decompositions of the matrices M×N in the last two axes: U, the values (K = min(M, N)) and V,
  /// whose columns are K, or with `full` M and N. In memory a column of V lies in a row.
  static func singularFactors<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>, full: Bool
  ) throws(LinearAlgebraError) -> (
    u: StridedArray<Scalar>, values: StridedArray<Scalar>, v: StridedArray<Scalar>
  ) {
    let batch = Array(x.shape.dropLast(2))
    let (rows, columns) = (x.shape[batch.count], x.shape[batch.count + 1])
    let rank = min(rows, columns)
    let left = StridedArray<Scalar>(uninitialized: batch + [rows, full ? rows : rank])
    let values = StridedArray<Scalar>(uninitialized: batch + [rank])
    let right = StridedArray<Scalar>(uninitialized: batch + [full ? columns : rank, columns])
    if rank == 0 {
      writeIdentities(left)
      writeIdentities(right)
    } else if values.count > 0 {
      try singularLoop(operation, overwritable(x), values, (left, right))
    }
    return (left, values, right.withTransposedMatrices)
  }

  /// The singular values alone, `[…, K]` in descending order.
  static func singularValues<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> StridedArray<Scalar> {
    let batch = Array(x.shape.dropLast(2))
    let rank = min(x.shape[batch.count], x.shape[batch.count + 1])
    let values = StridedArray<Scalar>(uninitialized: batch + [rank])
    if values.count > 0 { try singularLoop(operation, overwritable(x), values, nil) }
    return values
  }

  /// A copy of the matrices in the last two axes for LAPACK to overwrite.
  private static func overwritable<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    let batch = Array(x.shape.dropLast(2))
    let (rows, columns) = (x.shape[batch.count], x.shape[batch.count + 1])
    let memory = StridedArray<Scalar>(uninitialized: batch + [rows, Drivers.paddedStep(columns)])
    let layout = Layout(shape: x.shape, strides: memory.layout.strides)
    let result = StridedArray<Scalar>(storage: memory.storage, layout: layout)
    copyInto(result, x)
    return result
  }

  /// Makes identities of the square matrices in the last two axes.
  private static func writeIdentities<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) {
    let order = x.shape.last!
    for index in 0..<x.count {
      x.pointer[index] = index % (order * order) % (order + 1) == 0 ? 1 : 0
    }
    withExtendedLifetime(x.storage) {}
  }
}

/// - Parameters:
///   - scratch: The matrices, which are overwritten.
///   - vectors: Where U and Vᵀ go, thin or full; `nil` for the values alone.
@specialized(where S == Float)
@specialized(where S == Double)
private func singularLoop<S: TensorScalar>(
  _ operation: StaticString, _ scratch: StridedArray<S>, _ values: StridedArray<S>,
  _ vectors: (left: StridedArray<S>, right: StridedArray<S>)?
) throws(LinearAlgebraError) {
  let batch = Array(scratch.shape.dropLast(2))
  let (rows, columns) = (scratch.shape[batch.count], scratch.shape[batch.count + 1])
  let (rank, step) = (min(rows, columns), scratch.layout.strides[batch.count])
  let (source, target) = (scratch.pointer, values.pointer)
  let (left, right) = (vectors?.left.pointer, vectors?.right.pointer)
  let (leftColumns, rightRows) = (vectors?.left.shape.last ?? 0, vectors?.right.shape[batch.count] ?? 0)
  defer { withExtendedLifetime((scratch.storage, values.storage, vectors)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: max(rows, columns)) { index in
    let (matrix, own) = (source + index * rows * step, target + index * rank)
    if let cause = Kernels.nonFiniteElement(matrix, rows: rows, columns: columns, rowStep: step) {
      return cause
    }
    // LAPACK sees Aᵀ = V·Σ·Uᵀ: its U, read in rows, is our Vᵀ, and its Vᵀ our U.
    guard let left, let right else {
      let info = LAPACK.gesdd(
        columns, rows, matrix, leadingDimension: step, own, left: own, right: own, .none)
      return info == 0 ? nil : .notConverged
    }
    let (u, v) = (left + index * rows * leftColumns, right + index * rightRows * columns)
    let info =
      leftColumns == rank && rightRows == rank
      ? Drivers.singularVectors(matrix, rows: columns, columns: rows, step, own, left: v, right: u)
      : LAPACK.gesdd(columns, rows, matrix, leadingDimension: step, own, left: v, right: u, .full)
    return info == 0 ? nil : .notConverged
  }
}
