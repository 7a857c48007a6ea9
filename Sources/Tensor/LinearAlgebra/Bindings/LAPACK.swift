import COpenBLAS

/// The factorisations of LAPACK for either scalar type, on one thread, of N×N matrices in *column-major* order.
///
/// What is a matrix in row-major order to the rest of the library is its transpose here, and a triangle the
/// opposite one; callers choose the routine so that nothing has to be transposed in memory. LAPACKE's own
/// row-major entries would copy every matrix back and forth. Each call returns LAPACK's `info`.
enum LAPACK {
  /// U with A = Uᵀ·U in the upper triangle of `a`; the rest is neither read nor written.
  @inline(__always)
  static func potrf<Scalar: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<Scalar>, leadingDimension: Int
  ) -> Int {
    let (order, lda) = (blasint(n), blasint(leadingDimension))
    if Scalar.self == Float.self {
      return Int(LAPACKE_spotrf_work(LAPACK_COL_MAJOR, upper, order, BLAS.concrete(a), lda))
    }
    return Int(LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, upper, order, BLAS.concrete(a), lda))
  }

  /// The eigenvalues of the symmetric matrix `a`, in ascending order, and its eigenvectors in the columns of `a`,
  /// by divide and conquer.
  @inline(__always)
  static func syevd<Scalar: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<Scalar>, _ values: UnsafeMutablePointer<Scalar>
  ) -> Int {
    let order = blasint(n)
    // Computed, not asked of LAPACK: in `Float` its answer is rounded, for large matrices to less than it needs.
    let length = 1 + 6 * n + 2 * n * n + widestBlock * n
    let work = StridedArray<Scalar>(uninitialized: [length])
    defer { withExtendedLifetime(work.storage) {} }
    return withUnsafeTemporaryAllocation(of: blasint.self, capacity: 3 + 5 * n) { integers in
      let (count, start) = (blasint(integers.count), integers.baseAddress!)
      if Scalar.self == Float.self {
        return Int(
          LAPACKE_ssyevd_work(
            LAPACK_COL_MAJOR, withVectors, upper, order, BLAS.concrete(a), order, BLAS.concrete(values),
            BLAS.concrete(work.pointer), blasint(length), start, count))
      }
      return Int(
        LAPACKE_dsyevd_work(
          LAPACK_COL_MAJOR, withVectors, upper, order, BLAS.concrete(a), order, BLAS.concrete(values),
          BLAS.concrete(work.pointer), blasint(length), start, count))
    }
  }

  /// The largest N whose workspace for ``syevd`` LAPACK's 32-bit integers can count.
  static let largestEigenproblem = 32_700

  /// L and U with P·A = L·U over `a`, and the rows that were exchanged.
  @inline(__always)
  static func getrf<Scalar: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<Scalar>, _ pivots: UnsafeMutablePointer<blasint>
  ) -> Int {
    let order = blasint(n)
    if Scalar.self == Float.self {
      return Int(LAPACKE_sgetrf_work(LAPACK_COL_MAJOR, order, order, BLAS.concrete(a), order, pivots))
    }
    return Int(LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, BLAS.concrete(a), order, pivots))
  }

  /// Overwrites the `columns` columns of `b` by A⁻¹·b, or A⁻ᵀ·b, with the factors that ``getrf`` made.
  @inline(__always)
  static func getrs<Scalar: TensorScalar>(
    _ n: Int, columns: Int, _ factors: UnsafePointer<Scalar>, _ pivots: UnsafePointer<blasint>,
    _ b: UnsafeMutablePointer<Scalar>, transposed: Bool
  ) {
    let (order, count) = (blasint(n), blasint(columns))
    let flag = character(transposed ? "T" : "N")
    if Scalar.self == Float.self {
      LAPACKE_sgetrs_work(
        LAPACK_COL_MAJOR, flag, order, count, BLAS.concrete(factors), order, pivots, BLAS.concrete(b), order)
    } else {
      LAPACKE_dgetrs_work(
        LAPACK_COL_MAJOR, flag, order, count, BLAS.concrete(factors), order, pivots, BLAS.concrete(b), order)
    }
  }

  /// Overwrites the factors that ``getrf`` made by the inverse of the matrix.
  @inline(__always)
  static func getri<Scalar: TensorScalar>(
    _ n: Int, _ factors: UnsafeMutablePointer<Scalar>, _ pivots: UnsafePointer<blasint>
  ) {
    let order = blasint(n)
    let work = StridedArray<Scalar>(uninitialized: [widestBlock * n])
    defer { withExtendedLifetime(work.storage) {} }
    let length = blasint(work.count)
    if Scalar.self == Float.self {
      LAPACKE_sgetri_work(
        LAPACK_COL_MAJOR, order, BLAS.concrete(factors), order, pivots, BLAS.concrete(work.pointer), length)
    } else {
      LAPACKE_dgetri_work(
        LAPACK_COL_MAJOR, order, BLAS.concrete(factors), order, pivots, BLAS.concrete(work.pointer), length)
    }
  }

  static let upper = character("U")
  private static let withVectors = character("V")
  /// No routine here works on more columns at once.
  static let widestBlock = 64

  static func character(_ flag: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: flag)) }
}
