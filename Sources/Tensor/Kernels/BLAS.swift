import COpenBLAS

/// The BLAS routines that kernels call, once per matrix, for either scalar. All matrices are row-major.
enum BLAS {
  /// Whether a routine reads a matrix as it lies or transposed.
  enum Reading {
    case asIs, transposed

    fileprivate var cblas: CBLAS_TRANSPOSE { self == .asIs ? CblasNoTrans : CblasTrans }
  }

  /// A matrix in memory: where it starts, the step from one row to the next, and how it is read.
  struct Matrix<Scalar> {
    let start: UnsafePointer<Scalar>
    let rowStride: Int
    var reading = Reading.asIs
  }

  /// C ← A · B + `beta` · C, where A is `rows` × `inner` and B is `inner` × `columns` after their readings.
  @inline(__always)
  static func product<Scalar: TensorScalar>(
    _ a: Matrix<Scalar>, _ b: Matrix<Scalar>, into c: UnsafeMutablePointer<Scalar>, rowStride: Int,
    rows: Int, columns: Int, inner: Int, beta: Scalar = 0
  ) {
    _ = Parallel.singleThreadedBLAS
    let (m, n, k) = (blasint(rows), blasint(columns), blasint(inner))
    let (lda, ldb) = (blasint(max(a.rowStride, 1)), blasint(max(b.rowStride, 1)))
    let ldc = blasint(max(rowStride, 1))
    if Scalar.self == Float.self {
      cblas_sgemm(
        CblasRowMajor, a.reading.cblas, b.reading.cblas, m, n, k, 1, a.raw(), lda, b.raw(), ldb,
        Float(beta), UnsafeMutableRawPointer(c).assumingMemoryBound(to: Float.self), ldc)
    } else {
      cblas_dgemm(
        CblasRowMajor, a.reading.cblas, b.reading.cblas, m, n, k, 1, a.raw(), lda, b.raw(), ldb,
        Double(beta), UnsafeMutableRawPointer(c).assumingMemoryBound(to: Double.self), ldc)
    }
  }

  /// The upper triangle of C ← A · Aᵀ, where A is `rows` × `inner` after its reading and C lies densely.
  @inline(__always)
  static func symmetricProduct<Scalar: TensorScalar>(
    _ a: Matrix<Scalar>, into c: UnsafeMutablePointer<Scalar>, rows: Int, inner: Int
  ) {
    _ = Parallel.singleThreadedBLAS
    let (n, k, lda) = (blasint(rows), blasint(inner), blasint(max(a.rowStride, 1)))
    if Scalar.self == Float.self {
      cblas_ssyrk(
        CblasRowMajor, CblasUpper, a.reading.cblas, n, k, 1, a.raw(), lda, 0,
        UnsafeMutableRawPointer(c).assumingMemoryBound(to: Float.self), n)
    } else {
      cblas_dsyrk(
        CblasRowMajor, CblasUpper, a.reading.cblas, n, k, 1, a.raw(), lda, 0,
        UnsafeMutableRawPointer(c).assumingMemoryBound(to: Double.self), n)
    }
  }
}

extension BLAS.Matrix {
  @inline(__always)
  fileprivate func raw<Other>() -> UnsafePointer<Other> {
    UnsafeRawPointer(start).assumingMemoryBound(to: Other.self)
  }
}
