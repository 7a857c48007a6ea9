import CKernels

/// The factors of matrices of a few rows, for which a call of LAPACK takes longer than the arithmetic. Whether a matrix is
/// one of those depends on its size alone.
enum SmallMatrices {
  static func covers(_ order: Int) -> Bool { order <= Int(CKERNELS_SMALL_ORDER) }

  /// As ``LAPACK/getrf``.
  @inline(__always)
  static func lu<S: TensorScalar>(
    _ order: Int, _ a: UnsafeMutablePointer<S>, _ pivots: UnsafeMutablePointer<LAPACK.Integer>
  ) -> Int {
    Int(ckernels_small_lu(ckernels_scalar(S.self), order, a, pivots))
  }

  /// As ``LAPACK/getri``.
  @inline(__always)
  static func inverse<S: TensorScalar>(
    _ order: Int, _ factors: UnsafeMutablePointer<S>, _ pivots: UnsafePointer<LAPACK.Integer>
  ) {
    ckernels_small_inverse(ckernels_scalar(S.self), order, factors, pivots)
  }

  /// As ``LAPACK/potrf``.
  @inline(__always)
  static func cholesky<S: TensorScalar>(_ order: Int, _ a: UnsafeMutablePointer<S>) -> Int {
    Int(ckernels_small_cholesky(ckernels_scalar(S.self), order, a))
  }
}
