import COpenBLAS

/// The products of BLAS for either scalar type, of matrices in row-major order: all that the library calls of it.
///
/// Each call runs on the thread that makes it. To multiply, the library calls `Kernels.matrixProduct`, which shares the
/// work out and knows when loops of its own are faster.
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
    fileprivate var step: blasint { blasint(leadingDimension) }
  }

  /// c = f · a · b, or c + f · a · b if `adds`, with `a` M×K, `b` K×N, `c` M×N and the number f = `factor`.
  @inline(__always)
  static func gemm<Scalar: TensorScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ a: Matrix<Scalar>, _ b: Matrix<Scalar>,
    _ c: UnsafeMutablePointer<Scalar>, leadingDimension: Int, adds: Bool = false, times factor: Double = 1
  ) {
    copenblas_gemm(
      isDouble(Scalar.self), a.flag, b.flag, blasint(m), blasint(n), blasint(k), factor, a.start, a.step,
      b.start,
      b.step, adds ? 1 : 0, c, blasint(leadingDimension))
  }

  /// y = a · x with `a` M×K, `x` at steps of `stride` and `y` dense.
  @inline(__always)
  static func gemv<Scalar: TensorScalar>(
    _ m: Int, _ k: Int, _ a: Matrix<Scalar>, _ x: UnsafePointer<Scalar>, stride: Int,
    _ y: UnsafeMutablePointer<Scalar>
  ) {
    // Some versions multiply y by zero rather than overwrite it, and what it held before may be NaN.
    y.update(repeating: 0, count: m)
    let (rows, columns) = a.isTransposed ? (k, m) : (m, k)
    copenblas_gemv(
      isDouble(Scalar.self), a.flag, blasint(rows), blasint(columns), 1, a.start, a.step, x, blasint(stride),
      0, y, 1)
  }

  /// A triangle of c = f · a · aᵀ, or of c + f · a · aᵀ if `adds`, with `a` N×K, `c` N×N and the number f = `factor`;
  /// the rest of `c` is not touched.
  @inline(__always)
  static func syrk<Scalar: TensorScalar>(
    _ n: Int, _ k: Int, _ a: Matrix<Scalar>, _ c: UnsafeMutablePointer<Scalar>, leadingDimension: Int,
    lower: Bool,
    adds: Bool = false, times factor: Double = 1
  ) {
    copenblas_syrk(
      isDouble(Scalar.self), lower ? CblasLower : CblasUpper, a.flag, blasint(n), blasint(k), factor, a.start,
      a.step,
      adds ? 1 : 0, c, blasint(leadingDimension))
  }

  /// On which side of b the triangular matrix stands.
  enum Side { case left, right }

  /// Overwrites `b`, M×N, by T⁻¹·b, or on the right side by b·T⁻¹, for the triangular matrix `t`; or by the same with Tᵀ
  /// in place of T.
  ///
  /// - Parameter lower: Which triangle of T is read.
  @inline(__always)
  static func trsm<Scalar: TensorScalar>(
    _ side: Side, _ m: Int, _ n: Int, _ t: Matrix<Scalar>, _ b: UnsafeMutablePointer<Scalar>,
    leadingDimension: Int,
    lower: Bool, transposed: Bool
  ) {
    // The transpose of a lower triangle lies in memory as an upper one.
    copenblas_trsm(
      isDouble(Scalar.self), side == .left ? CblasLeft : CblasRight,
      lower == t.isTransposed ? CblasUpper : CblasLower,
      transposed == t.isTransposed ? CblasNoTrans : CblasTrans,
      blasint(m), blasint(n), t.start, t.step, b, blasint(leadingDimension))
  }

  /// Keeps BLAS, and LAPACK with it, from starting threads: the library's own share the work out.
  static func useOneThread() { openblas_set_num_threads(1) }

  @inline(__always)
  static func isDouble<Scalar: TensorScalar>(_: Scalar.Type) -> Bool { Scalar.self == Double.self }

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
