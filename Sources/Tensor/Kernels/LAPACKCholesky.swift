extension Kernels {
  /// The lower Cholesky factor of the symmetric part of every matrix in the last two axes, row-major.
  static func cholesky<Scalar>(_ x: StridedArray<Scalar>) throws(LinearAlgebraError) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: x.shape)
    if result.count == 0 { return result }
    if Scalar.self == Float.self {
      try choleskyLoop(result.assuming(Float.self), x.assuming(Float.self))
    } else {
      try choleskyLoop(result.assuming(Double.self), x.assuming(Double.self))
    }
    return result
  }
}

private func choleskyLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>
) throws(LinearAlgebraError) {
  let order = x.shape.last!
  let batch = Array(x.shape.dropLast(2))
  let offsets = BatchOffsets(x.layout, batch)
  let (rowStep, columnStep) = (x.layout.strides[x.layout.rank - 2], x.layout.strides[x.layout.rank - 1])
  let (source, target) = (x.pointer, result.pointer)
  defer { withExtendedLifetime((x.storage, result.storage)) {} }
  try Kernels.forEachMatrix("cholesky", of: batch, order: order) { index in
    let matrix = target + index * order * order
    writeSymmetricPart(
      of: source + offsets[index], rowStep, columnStep, order: order, lowerOnly: true, to: matrix)
    if let cause = Kernels.nonFiniteElement(matrix, order: order) { return cause }
    // LAPACK's upper factor U of A = Uᵀ·U, read in rows, is L.
    let info = LAPACK.potrf(order, matrix)
    if info == 0 { return nil }
    return .notPositiveDefinite(pivot: info - 1, value: Double(matrix[(info - 1) * (order + 1)]))
  }
}
