extension Kernels {
  /// The eigenvalues `[…, N]`, ascending, and eigenvectors `[…, N, N]`, in columns, of the symmetric part of every
  /// matrix in the last two axes. In memory a vector lies in a row.
  static func symmetricEigen<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> (values: StridedArray<Scalar>, vectors: StridedArray<Scalar>) {
    let values = StridedArray<Scalar>(uninitialized: Array(x.shape.dropLast()))
    let rows = StridedArray<Scalar>(uninitialized: x.shape)
    if rows.count > 0 { try eigenLoop(operation, values, matrices: rows, of: x, vectors: true) }
    return (values, rows.withTransposedMatrices)
  }

  /// The eigenvalues alone, `[…, N]` in ascending order.
  static func symmetricEigenvalues<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> StridedArray<Scalar> {
    let values = StridedArray<Scalar>(uninitialized: Array(x.shape.dropLast()))
    if values.count > 0 {
      try eigenLoop(operation, values, matrices: StridedArray(uninitialized: x.shape), of: x, vectors: false)
    }
    return values
  }
}

/// - Parameter matrices: Where the symmetric parts are written, to be overwritten by their eigenvectors, in rows.
@specialized(where S == Float)
@specialized(where S == Double)
private func eigenLoop<S: TensorScalar>(
  _ operation: StaticString, _ values: StridedArray<S>, matrices: StridedArray<S>, of x: StridedArray<S>,
  vectors: Bool
) throws(LinearAlgebraError) {
  let order = x.shape.last!
  let batch = Array(x.shape.dropLast(2))
  let offsets = BatchOffsets(x.layout, batch)
  let (rowStep, columnStep) = x.layout.matrixSteps
  let (source, target, targetValues) = (x.pointer, matrices.pointer, values.pointer)
  defer { withExtendedLifetime((x.storage, matrices.storage, values.storage)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: order) { index in
    let matrix = target + index * order * order
    writeSymmetricPart(
      of: source + offsets[index], rowStep, columnStep, order: order, lowerOnly: false, to: matrix)
    // LAPACK's iterations may not end on a NaN.
    if let cause = Kernels.nonFiniteElement(matrix, order: order) { return cause }
    let own = targetValues + index * order
    let info =
      vectors
      ? Drivers.eigenvectors(order, matrix, own) : LAPACK.syevd(order, matrix, own, vectors: false)
    return info == 0 ? nil : .notConverged
  }
}

extension Kernels {
  /// The eigenvalues `[…, N]` of every matrix in the last two axes, and its eigenvectors as LAPACK packs them, in columns; in
  /// memory a vector lies in a row.
  static func eigen<Scalar: TensorScalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>, vectors: Bool
  ) throws(LinearAlgebraError) -> (
    values: (real: StridedArray<Scalar>, imaginary: StridedArray<Scalar>), vectors: StridedArray<Scalar>
  ) {
    let lines = Array(x.shape.dropLast())
    let values = (
      real: StridedArray<Scalar>(uninitialized: lines), imaginary: StridedArray<Scalar>(uninitialized: lines)
    )
    let rows = StridedArray<Scalar>(uninitialized: vectors ? x.shape : [0])
    if x.count > 0 { try generalEigenLoop(operation, values, rows, columns: copy(x.withTransposedMatrices)) }
    return (values, vectors ? rows.withTransposedMatrices : rows)
  }
}

/// - Parameter columns: The matrices in LAPACK's order, to be overwritten.
@specialized(where S == Float)
@specialized(where S == Double)
private func generalEigenLoop<S: TensorScalar>(
  _ operation: StaticString, _ values: (real: StridedArray<S>, imaginary: StridedArray<S>),
  _ vectors: StridedArray<S>, columns: StridedArray<S>
) throws(LinearAlgebraError) {
  let order = columns.shape.last!
  let (source, target) = (columns.pointer, vectors.pointer)
  let (real, imaginary) = (values.real.pointer, values.imaginary.pointer)
  let hasVectors = vectors.count > 0
  defer {
    withExtendedLifetime((columns.storage, vectors.storage, values.real.storage, values.imaginary.storage)) {}
  }
  try Kernels.forEachMatrix(operation, of: Array(columns.shape.dropLast(2)), order: order) { index in
    let matrix = source + index * order * order
    // LAPACK's iterations may not end on a NaN.
    if let cause = Kernels.nonFiniteElement(
      matrix, rows: order, columns: order, rowStep: 1, columnStep: order)
    {
      return cause
    }
    let info = LAPACK.geev(
      order, matrix, real: real + index * order, imaginary: imaginary + index * order,
      vectors: hasVectors ? target + index * order * order : nil)
    return info == 0 ? nil : .notConverged
  }
}
