import COpenBLAS

/// The factorisations of LAPACK for either scalar type, on one thread, of matrices in *column-major* order: all that the
/// library calls of it.
///
/// What is a matrix in row-major order to the rest of the library is its transpose here, and a triangle the opposite
/// one; callers choose the routine so that nothing has to be transposed in memory. LAPACKE's own row-major entries would
/// copy every matrix back and forth. An `Int` that is returned is LAPACK's `info`, 0 for success. Steps between columns
/// are N, or the number of rows, where no leading dimension is given.
///
/// Workspaces are computed, not asked of LAPACK: in `Float` its answer is rounded, for large matrices to less than it
/// needs.
enum LAPACK {
  /// The integers of LAPACK, for the numbers of rows and columns.
  typealias Integer = blasint

  // MARK: Triangular factors

  /// U with A = Uᵀ·U in the upper triangle of `a`; the rest is neither read nor written.
  @inline(__always)
  static func potrf<S: TensorScalar>(_ n: Int, _ a: UnsafeMutablePointer<S>, leadingDimension: Int) -> Int {
    Int(copenblas_potrf(BLAS.isDouble(S.self), upper, Integer(n), a, Integer(leadingDimension)))
  }

  /// L and U with P·A = L·U over `a`, and the rows that were exchanged.
  @inline(__always)
  static func getrf<S: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<S>, _ pivots: UnsafeMutablePointer<Integer>
  ) -> Int {
    Int(copenblas_getrf(BLAS.isDouble(S.self), Integer(n), Integer(n), a, Integer(n), pivots))
  }

  /// Overwrites the `columns` columns of `b` by A⁻¹·b, or A⁻ᵀ·b, with the factors that ``getrf`` made.
  @inline(__always)
  static func getrs<S: TensorScalar>(
    _ n: Int, columns: Int, _ factors: UnsafePointer<S>, _ pivots: UnsafePointer<Integer>,
    _ b: UnsafeMutablePointer<S>, transposed: Bool
  ) {
    _ = copenblas_getrs(
      BLAS.isDouble(S.self), character(transposed ? "T" : "N"), Integer(n), Integer(columns), factors,
      Integer(n),
      pivots, b, Integer(n))
  }

  /// Overwrites the factors that ``getrf`` made by the inverse of the matrix.
  @inline(__always)
  static func getri<S: TensorScalar>(
    _ n: Int, _ factors: UnsafeMutablePointer<S>, _ pivots: UnsafePointer<Integer>
  ) {
    withWorkspace(S.self, widestBlock * n) { work, length in
      _ = copenblas_getri(BLAS.isDouble(S.self), Integer(n), factors, Integer(n), pivots, work, length)
    }
  }

  // MARK: Reflections

  /// R with A = Q·R in the upper triangle of `a`, and below it the vectors of Q's reflections, whose factors τ are
  /// written as well; `rows` ≥ `columns`.
  @inline(__always)
  static func geqrt<S: TensorScalar>(
    _ rows: Int, _ columns: Int, _ a: UnsafeMutablePointer<S>, leadingDimension: Int,
    _ factors: UnsafeMutablePointer<S>
  ) {
    // Of so few columns, those of a thousand rows stay in the nearest cache.
    let width = min(8, columns)
    withUnsafeTemporaryAllocation(of: S.self, capacity: 2 * width * columns) { memory in
      // The factors are the diagonals of the blocks' triangles, which lie side by side.
      let (triangles, work) = (memory.baseAddress!, memory.baseAddress! + width * columns)
      _ = copenblas_geqrt(
        BLAS.isDouble(S.self), Integer(rows), Integer(columns), Integer(width), a, Integer(leadingDimension),
        triangles, Integer(width), work)
      for column in 0..<columns { factors[column] = triangles[column * width + column % width] }
    }
  }

  /// The K×K triangle T of 1 − V·T·Vᵀ for `count` reflections, whose vectors of `length` elements lie one after the
  /// other; the opposite triangle is not written.
  @inline(__always)
  static func larft<S: TensorScalar>(
    _ length: Int, _ count: Int, _ vectors: UnsafePointer<S>, _ factors: UnsafePointer<S>,
    _ t: UnsafeMutablePointer<S>, backward: Bool
  ) {
    _ = copenblas_larft(
      BLAS.isDouble(S.self), character(backward ? "B" : "F"), character("C"), Integer(length), Integer(count),
      vectors,
      Integer(length), factors, t, Integer(count))
  }

  // MARK: Symmetric eigenproblems

  /// The eigenvalues of the symmetric matrix `a`, whose upper triangle is read, in ascending order, and with `vectors`
  /// its eigenvectors in the columns of `a`, by divide and conquer; else `a` is overwritten.
  @inline(__always)
  static func syevd<S: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<S>, _ values: UnsafeMutablePointer<S>, vectors: Bool
  ) -> Int {
    let length = vectors ? 1 + 6 * n + 2 * n * n + widestBlock * n : 1 + 2 * n + widestBlock * n
    return withWorkspace(S.self, length) { work, length in
      withIntegers(vectors ? 3 + 5 * n : 1) { integers, count in
        Int(
          copenblas_syevd(
            BLAS.isDouble(S.self), character(vectors ? "V" : "N"), upper, Integer(n), a, Integer(n), values,
            work,
            length, integers, count))
      }
    }
  }

  /// The largest N whose workspace for ``syevd`` LAPACK's 32-bit integers can count.
  static let largestEigenproblem = 32_700

  /// The diagonal and off-diagonal of the tridiagonal matrix Qᵀ·A·Q for the upper triangle of the symmetric matrix
  /// `a`, which is overwritten by the vectors of Q's reflections, with their factors τ.
  @inline(__always)
  static func sytrd<S: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<S>, _ diagonal: UnsafeMutablePointer<S>,
    _ offDiagonal: UnsafeMutablePointer<S>, _ factors: UnsafeMutablePointer<S>
  ) {
    withWorkspace(S.self, widestBlock * n) { work, length in
      _ = copenblas_sytrd(
        BLAS.isDouble(S.self), upper, Integer(n), a, Integer(n), diagonal, offDiagonal, factors, work, length)
    }
  }

  /// Overwrites the diagonal of a tridiagonal matrix by its eigenvalues, in ascending order; the eigenvectors in the
  /// columns of `vectors`, by divide and conquer.
  @inline(__always)
  static func stedc<S: TensorScalar>(
    _ n: Int, _ diagonal: UnsafeMutablePointer<S>, _ offDiagonal: UnsafeMutablePointer<S>,
    _ vectors: UnsafeMutablePointer<S>, leadingDimension: Int
  ) -> Int {
    withWorkspace(S.self, 1 + 4 * n + n * n) { work, length in
      withIntegers(3 + 5 * n) { integers, count in
        Int(
          copenblas_stedc(
            BLAS.isDouble(S.self), character("I"), Integer(n), diagonal, offDiagonal, vectors,
            Integer(leadingDimension), work, length, integers, count))
      }
    }
  }

  /// Makes of the eigenvalues and vectors of two tridiagonal matrices, the first of order `cut`, those of the matrix
  /// that was torn into them, by a correction of rank one that `rho` scales: the last step of ``stedc``, by itself.
  ///
  /// - Parameters:
  ///   - order: 1, 2, … for each of the two; then the numbers of the values and vectors in ascending order.
  ///   - work: N·(N + 4) numbers.
  @inline(__always)
  static func laed1<S: TensorScalar>(
    _ n: Int, _ values: UnsafeMutablePointer<S>, _ vectors: UnsafeMutablePointer<S>, cut: Int, rho: S,
    order: UnsafeMutablePointer<Integer>, _ work: UnsafeMutablePointer<S>
  ) -> Int {
    var rho = rho
    return withIntegers(4 * n) { integers, _ in
      Int(
        copenblas_laed1(
          BLAS.isDouble(S.self), Integer(n), values, vectors, Integer(n), order, &rho, Integer(cut), work,
          integers))
    }
  }

  // MARK: Eigenproblems without symmetry

  /// The eigenvalues of the matrix `a`, which is overwritten, as real and imaginary parts, and with `vectors` its right
  /// eigenvectors in columns there: a real one, or two columns for the real and the imaginary part of a conjugate pair.
  @inline(__always)
  static func geev<S: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<S>, real: UnsafeMutablePointer<S>,
    imaginary: UnsafeMutablePointer<S>, vectors: UnsafeMutablePointer<S>?
  ) -> Int {
    withWorkspace(S.self, (4 + widestBlock) * n) { work, length in
      Int(
        copenblas_geev(
          BLAS.isDouble(S.self), character("N"), character(vectors == nil ? "N" : "V"), Integer(n), a,
          Integer(n), real, imaginary, nil, 1, vectors, Integer(n), work, length))
    }
  }

  // MARK: Singular values

  /// What ``gesdd`` computes beside the singular values.
  enum SingularVectors {
    case none
    /// As many as there are singular values.
    case thin
    /// Those that complete a basis as well.
    case full
  }

  /// The singular values of the matrix `a`, which is overwritten, in descending order; U in the columns of `left` and
  /// V in the rows of `right`, by divide and conquer.
  @inline(__always)
  static func gesdd<S: TensorScalar>(
    _ rows: Int, _ columns: Int, _ a: UnsafeMutablePointer<S>, leadingDimension: Int,
    _ values: UnsafeMutablePointer<S>, left: UnsafeMutablePointer<S>, right: UnsafeMutablePointer<S>,
    _ vectors: SingularVectors
  ) -> Int {
    let rank = min(rows, columns)
    return withIntegers(8 * rank) { integers, _ in
      func call(_ work: UnsafeMutablePointer<S>, _ length: Integer) -> Int {
        Int(
          copenblas_gesdd(
            BLAS.isDouble(S.self), character(vectors == .none ? "N" : vectors == .thin ? "S" : "A"),
            Integer(rows),
            Integer(columns), a, Integer(leadingDimension), values, left, Integer(rows), right,
            Integer(vectors == .full ? columns : rank), work, length, integers))
      }
      // Its best workspace depends on the shape in many ways, so this one is asked for.
      var best: S = 0
      _ = call(&best, -1)
      // In `Float` the answer is rounded, perhaps to less than what is needed.
      let asked = Int(Double(best) * (1 + Double(Float.ulpOfOne))) + 1
      return withWorkspace(S.self, max(asked, 4 * rank * rank + 7 * rank + max(rows, columns)), call)
    }
  }

  /// The largest min(M, N) whose workspace for ``gesdd`` LAPACK's 32-bit integers can count.
  static let largestSingularProblem = 20_000

  /// The diagonal and off-diagonal of the bidiagonal matrix Qᵀ·A·P: the upper one for a matrix that is not wider than
  /// high, else the lower one. The vectors of the reflections of Q and P are written over `a`, with their factors τ.
  @inline(__always)
  static func gebrd<S: TensorScalar>(
    _ rows: Int, _ columns: Int, _ a: UnsafeMutablePointer<S>, leadingDimension: Int,
    _ diagonal: UnsafeMutablePointer<S>, _ offDiagonal: UnsafeMutablePointer<S>,
    _ leftFactors: UnsafeMutablePointer<S>, _ rightFactors: UnsafeMutablePointer<S>
  ) {
    withWorkspace(S.self, widestBlock * (rows + columns)) { work, length in
      _ = copenblas_gebrd(
        BLAS.isDouble(S.self), Integer(rows), Integer(columns), a, Integer(leadingDimension), diagonal,
        offDiagonal,
        leftFactors, rightFactors, work, length)
    }
  }

  /// Overwrites the diagonal of a bidiagonal matrix by its singular values, in descending order; U in the columns of
  /// `left` and V in the rows of `right`, by divide and conquer.
  @inline(__always)
  static func bdsdc<S: TensorScalar>(
    _ n: Int, upper: Bool, _ diagonal: UnsafeMutablePointer<S>, _ offDiagonal: UnsafeMutablePointer<S>,
    left: UnsafeMutablePointer<S>, _ leftStep: Int, right: UnsafeMutablePointer<S>, _ rightStep: Int
  ) -> Int {
    withWorkspace(S.self, 3 * n * n + 4 * n) { work, _ in
      withIntegers(8 * n) { integers, _ in
        Int(
          copenblas_bdsdc(
            BLAS.isDouble(S.self), character(upper ? "U" : "L"), Integer(n), diagonal, offDiagonal, left,
            Integer(leftStep), right, Integer(rightStep), work, integers))
      }
    }
  }

  // MARK: Flags and workspaces

  private static let upper = character("U")
  /// No routine here works on more columns at once.
  private static let widestBlock = 64

  private static func character(_ flag: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: flag)) }

  @inline(__always)
  private static func withWorkspace<S: TensorScalar, Result>(
    _: S.Type, _ count: Int, _ body: (UnsafeMutablePointer<S>, Integer) -> Result
  ) -> Result {
    let work = StridedArray<S>(uninitialized: [count])
    defer { withExtendedLifetime(work.storage) {} }
    return body(work.pointer, Integer(count))
  }

  @inline(__always)
  private static func withIntegers<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Integer>, Integer) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Integer.self, capacity: count) { body($0.baseAddress!, Integer(count)) }
  }
}
