import COpenBLAS

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
    guard let pivot = factor(matrix, order) else { return nil }
    return .notPositiveDefinite(pivot: pivot, value: Double(matrix[pivot * (order + 1)]))
  }
}

/// Overwrites the lower triangle of a matrix by its Cholesky factor; the first pivot that is not above 0, if any.
///
/// Block by block of columns: LAPACK factors the square on the diagonal, then threads share the rows below it, and
/// the triangle that remains.
private func factor<S: TensorScalar>(_ matrix: UnsafeMutablePointer<S>, _ order: Int) -> Int? {
  // The larger the matrix, the wider the blocks: each of them passes over all that remains.
  let block = min(max(64, order / 8 / 64 * 64), 256)
  let tile = 64
  for first in stride(from: 0, to: order, by: block) {
    let width = min(block, order - first)
    let corner = matrix + first * (order + 1)
    // LAPACK's upper factor U of A = Uᵀ·U, read in rows, is L.
    let info = LAPACK.potrf(width, corner, leadingDimension: order)
    if info > 0 { return first + info - 1 }
    let rest = order - first - width
    let (panel, remaining) = (corner + width * order, corner + width * (order + 1))
    let tiles = (rest + tile - 1) / tile
    Parallel.forEach(tiles) { index in
      BLAS.trsm(
        min(tile, rest - index * tile), width, corner, panel + index * tile * order, leadingDimension: order)
    }
    Parallel.forEach(tiles) { index in
      // The longest rows first, so that no thread ends alone with them.
      let row = (tiles - 1 - index) * tile
      BLAS.subtractProduct(
        min(tile, rest - row), row, width, panel + row * order, panel, from: remaining + row * order,
        leadingDimension: order)
    }
  }
  return nil
}

extension BLAS {
  /// Overwrites `b`, M×K, by b·L⁻ᵀ for the lower triangle L of `l`; all in row-major order.
  @inline(__always)
  fileprivate static func trsm<Scalar: TensorScalar>(
    _ m: Int, _ k: Int, _ l: UnsafePointer<Scalar>, _ b: UnsafeMutablePointer<Scalar>, leadingDimension: Int
  ) {
    let (rows, columns, step) = (blasint(m), blasint(k), blasint(leadingDimension))
    if Scalar.self == Float.self {
      cblas_strsm(
        CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rows, columns, 1, concrete(l), step,
        concrete(b), step)
    } else {
      cblas_dtrsm(
        CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rows, columns, 1, concrete(l), step,
        concrete(b), step)
    }
  }

  /// Subtracts from M rows of a lower triangle, the first of which has `before` elements left of the diagonal, their
  /// part of the product F·Fᵀ: `a` is their M×K of F, which begins at `f`.
  @inline(__always)
  fileprivate static func subtractProduct<Scalar: TensorScalar>(
    _ m: Int, _ before: Int, _ k: Int, _ a: UnsafePointer<Scalar>, _ f: UnsafePointer<Scalar>,
    from c: UnsafeMutablePointer<Scalar>, leadingDimension: Int
  ) {
    let (rows, columns, inner) = (blasint(m), blasint(before), blasint(k))
    let step = blasint(leadingDimension)
    let diagonal = c + before
    if Scalar.self == Float.self {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, rows, columns, inner, -1, concrete(a), step, concrete(f),
        step, 1, concrete(c), step)
      cblas_ssyrk(
        CblasRowMajor, CblasLower, CblasNoTrans, rows, inner, -1, concrete(a), step, 1, concrete(diagonal),
        step)
    } else {
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, rows, columns, inner, -1, concrete(a), step, concrete(f),
        step, 1, concrete(c), step)
      cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasNoTrans, rows, inner, -1, concrete(a), step, 1, concrete(diagonal),
        step)
    }
  }
}
