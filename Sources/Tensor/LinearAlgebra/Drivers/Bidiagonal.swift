import COpenBLAS

/// Whether ``singularVectors`` serves a matrix in column-major order. LAPACK's driver is better at small ones, at those
/// that are far from square, which it first makes square, and at those it has to scale.
func isReducedDirectly<S: TensorScalar>(
  _ matrix: UnsafePointer<S>, rows: Int, columns: Int, _ step: Int
) -> Bool {
  let (shorter, longer) = (min(rows, columns), max(rows, columns))
  return shorter >= LAPACK.smallestReduction && 6 * longer < 11 * shorter
    && !LAPACK.needsScaling(matrix, rows, columns, step)
}

/// What ``LAPACK/gesdd`` does for the thin factors of a matrix.
///
/// LAPACK reduces the matrix to a bidiagonal one and finds the vectors of that, by divide and conquer; threads share
/// turning them back.
func singularVectors<S: TensorScalar>(
  _ matrix: UnsafeMutablePointer<S>, rows: Int, columns: Int, _ step: Int, _ values: UnsafeMutablePointer<S>,
  left: UnsafeMutablePointer<S>, right: UnsafeMutablePointer<S>
) -> Int {
  let (rank, isWide) = (min(rows, columns), rows < columns)
  let leftReflectors = Reflectors<S>(
    count: isWide ? rows - 1 : columns, length: rows, .columns(offset: isWide ? 1 : 0))
  let rightReflectors = Reflectors<S>(
    count: isWide ? rows : columns - 1, length: columns, .rows(offset: isWide ? 0 : 1))
  let (leftStep, rightStep) = (LAPACK.paddedStep(rows), LAPACK.paddedStep(rank))
  let vectors = StridedArray<S>(repeating: 0, shape: [rank * leftStep + columns * rightStep])
  defer { withExtendedLifetime(vectors.storage) {} }
  let (u, v) = (vectors.pointer, vectors.pointer + rank * leftStep)
  let info = withUnsafeTemporaryAllocation(of: S.self, capacity: 3 * rank) { scratch in
    let offDiagonal = scratch.baseAddress!
    let (leftFactors, rightFactors) = (offDiagonal + rank, offDiagonal + 2 * rank)
    LAPACK.gebrd(rows, columns, matrix, step, values, offDiagonal, leftFactors, rightFactors)
    leftReflectors.take(from: matrix, leadingDimension: step, factors: leftFactors)
    rightReflectors.take(from: matrix, leadingDimension: step, factors: rightFactors)
    return LAPACK.bdsdc(rank, upper: !isWide, values, offDiagonal, left: u, leftStep, right: v, rightStep)
  }
  leftReflectors.apply(toRows: rank, of: u, leadingDimension: leftStep)
  rightReflectors.apply(toColumns: rank, of: v, leadingDimension: rightStep)
  for column in 0..<rank { (left + column * rows).update(from: u + column * leftStep, count: rows) }
  for column in 0..<columns { (right + column * rank).update(from: v + column * rightStep, count: rank) }
  return info
}

extension LAPACK {
  /// The diagonal and off-diagonal of the bidiagonal matrix Qᵀ·A·P: the upper one for a matrix that is not wider than
  /// high, else the lower one. The vectors of the reflections of Q and P are written over `a`, with their factors τ.
  @inline(__always)
  fileprivate static func gebrd<Scalar: TensorScalar>(
    _ rows: Int, _ columns: Int, _ a: UnsafeMutablePointer<Scalar>, _ leadingDimension: Int,
    _ diagonal: UnsafeMutablePointer<Scalar>, _ offDiagonal: UnsafeMutablePointer<Scalar>,
    _ leftFactors: UnsafeMutablePointer<Scalar>, _ rightFactors: UnsafeMutablePointer<Scalar>
  ) {
    let work = StridedArray<Scalar>(uninitialized: [widestBlock * (rows + columns)])
    defer { withExtendedLifetime(work.storage) {} }
    let (m, n, lda, length) = (
      blasint(rows), blasint(columns), blasint(leadingDimension), blasint(work.count)
    )
    if Scalar.self == Float.self {
      LAPACKE_sgebrd_work(
        LAPACK_COL_MAJOR, m, n, BLAS.concrete(a), lda, BLAS.concrete(diagonal), BLAS.concrete(offDiagonal),
        BLAS.concrete(leftFactors), BLAS.concrete(rightFactors), BLAS.concrete(work.pointer), length)
    } else {
      LAPACKE_dgebrd_work(
        LAPACK_COL_MAJOR, m, n, BLAS.concrete(a), lda, BLAS.concrete(diagonal), BLAS.concrete(offDiagonal),
        BLAS.concrete(leftFactors), BLAS.concrete(rightFactors), BLAS.concrete(work.pointer), length)
    }
  }

  /// Overwrites the diagonal of a bidiagonal matrix by its singular values, in descending order; U in the columns of
  /// `left` and V in the rows of `right`, by divide and conquer.
  @inline(__always)
  fileprivate static func bdsdc<Scalar: TensorScalar>(
    _ n: Int, upper: Bool, _ diagonal: UnsafeMutablePointer<Scalar>,
    _ offDiagonal: UnsafeMutablePointer<Scalar>, left: UnsafeMutablePointer<Scalar>, _ leftStep: Int,
    right: UnsafeMutablePointer<Scalar>, _ rightStep: Int
  ) -> Int {
    let (triangle, withVectors) = (upper ? self.upper : character("L"), character("I"))
    let (order, ldu, ldv) = (blasint(n), blasint(leftStep), blasint(rightStep))
    let work = StridedArray<Scalar>(uninitialized: [3 * n * n + 4 * n])
    defer { withExtendedLifetime(work.storage) {} }
    return withUnsafeTemporaryAllocation(of: blasint.self, capacity: 8 * n) { integers in
      let integers = integers.baseAddress!
      if Scalar.self == Float.self {
        return Int(
          LAPACKE_sbdsdc_work(
            LAPACK_COL_MAJOR, triangle, withVectors, order, BLAS.concrete(diagonal),
            BLAS.concrete(offDiagonal), BLAS.concrete(left), ldu, BLAS.concrete(right), ldv, nil, nil,
            BLAS.concrete(work.pointer), integers))
      }
      return Int(
        LAPACKE_dbdsdc_work(
          LAPACK_COL_MAJOR, triangle, withVectors, order, BLAS.concrete(diagonal), BLAS.concrete(offDiagonal),
          BLAS.concrete(left), ldu, BLAS.concrete(right), ldv, nil, nil, BLAS.concrete(work.pointer),
          integers))
    }
  }
}
