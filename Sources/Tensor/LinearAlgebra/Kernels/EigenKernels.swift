extension Kernels {
  /// The eigenvalues `[…, N]`, ascending, and eigenvectors `[…, N, N]`, in columns, of the symmetric part of every
  /// matrix in the last two axes. In memory a vector lies in a row.
  static func symmetricEigen<Scalar>(
    _ operation: StaticString, _ x: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> (values: StridedArray<Scalar>, vectors: StridedArray<Scalar>) {
    let values = StridedArray<Scalar>(uninitialized: Array(x.shape.dropLast()))
    let rows = StridedArray<Scalar>(uninitialized: x.shape)
    if rows.count > 0 {
      if Scalar.self == Float.self {
        try symmetricEigenLoop(
          operation, values.assuming(Float.self), rows.assuming(Float.self), x.assuming(Float.self))
      } else {
        try symmetricEigenLoop(
          operation, values.assuming(Double.self), rows.assuming(Double.self), x.assuming(Double.self))
      }
    }
    let rank = x.shape.count
    return (values, rows.transposed(Array(0..<rank - 2) + [rank - 1, rank - 2]))
  }
}

private func symmetricEigenLoop<S: TensorScalar>(
  _ operation: StaticString, _ values: StridedArray<S>, _ vectors: StridedArray<S>, _ x: StridedArray<S>
) throws(LinearAlgebraError) {
  let order = x.shape.last!
  let batch = Array(x.shape.dropLast(2))
  let offsets = BatchOffsets(x.layout, batch)
  let (rowStep, columnStep) = (x.layout.strides[x.layout.rank - 2], x.layout.strides[x.layout.rank - 1])
  let (source, target, targetValues) = (x.pointer, vectors.pointer, values.pointer)
  defer { withExtendedLifetime((x.storage, vectors.storage, values.storage)) {} }
  try Kernels.forEachMatrix(operation, of: batch, order: order) { index in
    let matrix = target + index * order * order
    writeSymmetricPart(
      of: source + offsets[index], rowStep, columnStep, order: order, lowerOnly: false, to: matrix)
    // LAPACK's iterations may not end on a NaN.
    if let cause = Kernels.nonFiniteElement(matrix, order: order) { return cause }
    let info = eigenvectors(order, matrix, targetValues + index * order)
    return info == 0 ? nil : .notConverged
  }
}

/// Overwrites a symmetric matrix by its eigenvectors, in rows. LAPACK's `info`.
///
/// LAPACK reduces the matrix to a tridiagonal one; threads share finding the vectors of that, and turning them back.
private func eigenvectors<S: TensorScalar>(
  _ order: Int, _ matrix: UnsafeMutablePointer<S>, _ values: UnsafeMutablePointer<S>
) -> Int {
  if order < LAPACK.smallestReduction || LAPACK.needsScaling(matrix, order, order, order) {
    return LAPACK.syevd(order, matrix, values)
  }
  let reflectors = Reflectors<S>(count: order - 1, length: order, .columnsBackward)
  return withUnsafeTemporaryAllocation(of: S.self, capacity: 2 * order) { scratch in
    let (offDiagonal, factors) = (scratch.baseAddress!, scratch.baseAddress! + order)
    LAPACK.sytrd(order, matrix, values, offDiagonal, factors)
    reflectors.take(from: matrix, leadingDimension: order, factors: factors)
    let info = tridiagonalEigenvectors(order, values, offDiagonal, matrix)
    reflectors.apply(toRows: order, of: matrix, leadingDimension: order)
    return info
  }
}
