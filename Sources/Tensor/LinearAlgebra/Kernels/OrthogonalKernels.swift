import COpenBLAS

extension LAPACK {
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
  static func gesdd<Scalar: TensorScalar>(
    _ rows: Int, _ columns: Int, _ a: UnsafeMutablePointer<Scalar>, leadingDimension: Int,
    _ values: UnsafeMutablePointer<Scalar>, left: UnsafeMutablePointer<Scalar>,
    right: UnsafeMutablePointer<Scalar>, _ vectors: SingularVectors
  ) -> Int {
    let rank = min(rows, columns)
    let (m, n, lda) = (blasint(rows), blasint(columns), blasint(leadingDimension))
    let rightRows = blasint(vectors == .full ? columns : rank)
    let flag = character(vectors == .none ? "N" : vectors == .thin ? "S" : "A")
    return withUnsafeTemporaryAllocation(of: blasint.self, capacity: 8 * rank) { integers in
      let integers = integers.baseAddress!
      func call(_ work: UnsafeMutablePointer<Scalar>, _ length: Int) -> Int {
        if Scalar.self == Float.self {
          return Int(
            LAPACKE_sgesdd_work(
              LAPACK_COL_MAJOR, flag, m, n, BLAS.concrete(a), lda, BLAS.concrete(values), BLAS.concrete(left),
              m, BLAS.concrete(right), rightRows, BLAS.concrete(work), blasint(length), integers))
        }
        return Int(
          LAPACKE_dgesdd_work(
            LAPACK_COL_MAJOR, flag, m, n, BLAS.concrete(a), lda, BLAS.concrete(values), BLAS.concrete(left),
            m, BLAS.concrete(right), rightRows, BLAS.concrete(work), blasint(length), integers))
      }
      var best: Scalar = 0
      _ = call(&best, -1)
      // In `Float` the answer is rounded, perhaps to less than what is needed.
      let asked = Int(Double(best) * (1 + Double(Float.ulpOfOne))) + 1
      let needed = 4 * rank * rank + 7 * rank + max(rows, columns)
      let work = StridedArray<Scalar>(uninitialized: [max(asked, needed)])
      defer { withExtendedLifetime(work.storage) {} }
      return call(work.pointer, work.count)
    }
  }

  /// The largest min(M, N) whose workspace for ``gesdd`` LAPACK's 32-bit integers can count.
  static let largestSingularProblem = 20_000

  /// R with A = Q·R in the upper triangle of `a`, and below it the vectors of Q's reflections, whose factors τ are
  /// written as well; `rows` ≥ `columns`.
  @inline(__always)
  static func geqrf<Scalar: TensorScalar>(
    _ rows: Int, _ columns: Int, _ a: UnsafeMutablePointer<Scalar>, leadingDimension: Int,
    _ factors: UnsafeMutablePointer<Scalar>
  ) {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: columns) { work in
      let (m, n, lda, length) = (
        blasint(rows), blasint(columns), blasint(leadingDimension), blasint(columns)
      )
      let work = work.baseAddress!
      if Scalar.self == Float.self {
        LAPACKE_sgeqrf_work(
          LAPACK_COL_MAJOR, m, n, BLAS.concrete(a), lda, BLAS.concrete(factors), BLAS.concrete(work), length)
      } else {
        LAPACKE_dgeqrf_work(
          LAPACK_COL_MAJOR, m, n, BLAS.concrete(a), lda, BLAS.concrete(factors), BLAS.concrete(work), length)
      }
    }
  }
}
