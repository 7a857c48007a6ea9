import COpenBLAS

/// The products of BLAS for either scalar type, on one thread.
enum BLAS {
  /// A matrix in row-major order, or the transpose of one, as BLAS takes it.
  struct Matrix<Scalar> {
    var start: UnsafePointer<Scalar>
    var isTransposed: Bool
    /// The step between the rows of the matrix that lies in memory.
    var leadingDimension: Int

    /// The step from a row to the next.
    var rowStep: Int { isTransposed ? 1 : leadingDimension }
    /// The step from a column to the next.
    var columnStep: Int { isTransposed ? leadingDimension : 1 }

    /// The part from element [row, column] on.
    func from(_ row: Int, _ column: Int) -> Matrix { advanced(by: row * rowStep + column * columnStep) }

    /// The matrix that lies `offset` elements further on.
    func advanced(by offset: Int) -> Matrix {
      Matrix(start: start + offset, isTransposed: isTransposed, leadingDimension: leadingDimension)
    }

    fileprivate var flag: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
  }

  /// c = a · b, or c + a · b if `adds`, with `a` M×K, `b` K×N and `c` M×N in row-major order.
  @inline(__always)
  static func gemm<Scalar: TensorScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ a: Matrix<Scalar>, _ b: Matrix<Scalar>,
    _ c: UnsafeMutablePointer<Scalar>, leadingDimension: Int, adds: Bool = false
  ) {
    let (lda, ldb, ldc) = (
      blasint(a.leadingDimension), blasint(b.leadingDimension), blasint(leadingDimension)
    )
    let (rows, columns, inner) = (blasint(m), blasint(n), blasint(k))
    if Scalar.self == Float.self {
      cblas_sgemm(
        CblasRowMajor, a.flag, b.flag, rows, columns, inner, 1, concrete(a.start), lda, concrete(b.start),
        ldb, adds ? 1 : 0, concrete(c), ldc)
    } else {
      cblas_dgemm(
        CblasRowMajor, a.flag, b.flag, rows, columns, inner, 1, concrete(a.start), lda, concrete(b.start),
        ldb, adds ? 1 : 0, concrete(c), ldc)
    }
  }

  /// y = a · x with `a` M×K, `x` at steps of `stride` and `y` dense.
  @inline(__always)
  static func gemv<Scalar: TensorScalar>(
    _ m: Int, _ k: Int, _ a: Matrix<Scalar>, _ x: UnsafePointer<Scalar>, stride: Int,
    _ y: UnsafeMutablePointer<Scalar>
  ) {
    // Some versions multiply y by zero rather than overwrite it, and what it held before may be NaN.
    y.update(repeating: 0, count: m)
    let (rows, columns) = a.isTransposed ? (blasint(k), blasint(m)) : (blasint(m), blasint(k))
    let (lda, step) = (blasint(a.leadingDimension), blasint(stride))
    if Scalar.self == Float.self {
      cblas_sgemv(
        CblasRowMajor, a.flag, rows, columns, 1, concrete(a.start), lda, concrete(x), step, 0, concrete(y), 1)
    } else {
      cblas_dgemv(
        CblasRowMajor, a.flag, rows, columns, 1, concrete(a.start), lda, concrete(x), step, 0, concrete(y), 1)
    }
  }

  /// The same address under the element type that the caller has checked.
  @inline(__always)
  static func concrete<Scalar, Other>(_ pointer: UnsafePointer<Scalar>) -> UnsafePointer<Other> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: Other.self)
  }

  @inline(__always)
  static func concrete<Scalar, Other>(
    _ pointer: UnsafeMutablePointer<Scalar>
  ) -> UnsafeMutablePointer<Other> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Other.self)
  }
}
