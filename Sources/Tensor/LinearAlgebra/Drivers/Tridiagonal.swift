import COpenBLAS

/// Overwrites the diagonal of a tridiagonal matrix by its eigenvalues, in ascending order; the eigenvectors in the
/// columns of `vectors`. LAPACK's `info`.
///
/// The last merge of LAPACK's divide and conquer stands here, so that threads share the two halves before it.
@inline(__always)
func tridiagonalEigenvectors<S: TensorScalar>(
  _ n: Int, _ diagonal: UnsafeMutablePointer<S>, _ offDiagonal: UnsafeMutablePointer<S>,
  _ vectors: UnsafeMutablePointer<S>
) -> Int {
  // LAPACK merges matrices of norm 1. By a power of two nothing is rounded.
  var largest: S = 0
  for i in 0..<n { largest = max(largest, diagonal[i].magnitude) }
  for i in 0..<n - 1 { largest = max(largest, offDiagonal[i].magnitude) }
  let scale = S(sign: .plus, exponent: -largest.exponent, significand: 1)
  for i in 0..<n { diagonal[i] *= scale }
  for i in 0..<n - 1 { offDiagonal[i] *= scale }

  let (cut, work) = (n / 2, StridedArray<S>(uninitialized: [n + 4, n]))
  defer { withExtendedLifetime(work.storage) {} }
  let rho = offDiagonal[cut - 1]
  diagonal[cut - 1] -= rho.magnitude
  diagonal[cut] -= rho.magnitude
  vectors.update(repeating: 0, count: n * n)
  return withUnsafeTemporaryAllocation(of: blasint.self, capacity: n + 2) { integers in
    let order = integers.baseAddress!
    let infos = order + n
    Parallel.forEach(2) { half in
      let part = half == 0 ? 0..<cut : cut..<n
      infos[half] = blasint(
        LAPACK.stedc(
          part.count, diagonal + part.lowerBound, offDiagonal + part.lowerBound,
          vectors + part.lowerBound * (n + 1), leadingDimension: n))
      for i in 0..<part.count { order[part.lowerBound + i] = blasint(i + 1) }
    }
    if let info = [infos[0], infos[1]].first(where: { $0 != 0 }) { return Int(info) }
    let info = LAPACK.laed1(n, diagonal, vectors, cut: cut, rho: rho, order: order, work.pointer)
    if info != 0 { return info }

    let sorted = work.pointer
    for i in 0..<n { sorted[i] = diagonal[Int(order[i]) - 1] / scale }
    diagonal.update(from: sorted, count: n)
    let grain = max(1, Kernels.elementGrain / n)
    Parallel.forEachRange(n, grain: grain) { range in
      for i in range { (sorted + i * n).update(from: vectors + (Int(order[i]) - 1) * n, count: n) }
    }
    Parallel.forEachRange(n, grain: grain) { range in
      (vectors + range.lowerBound * n).update(from: sorted + range.lowerBound * n, count: range.count * n)
    }
    return 0
  }
}

extension LAPACK {
  /// The diagonal and off-diagonal of the tridiagonal matrix Qᵀ·A·Q for the upper triangle of the symmetric matrix
  /// `a`, which is overwritten by the vectors of Q's reflections, with their factors τ.
  @inline(__always)
  static func sytrd<Scalar: TensorScalar>(
    _ n: Int, _ a: UnsafeMutablePointer<Scalar>, _ diagonal: UnsafeMutablePointer<Scalar>,
    _ offDiagonal: UnsafeMutablePointer<Scalar>, _ factors: UnsafeMutablePointer<Scalar>
  ) {
    let order = blasint(n)
    let work = StridedArray<Scalar>(uninitialized: [widestBlock * n])
    defer { withExtendedLifetime(work.storage) {} }
    if Scalar.self == Float.self {
      LAPACKE_ssytrd_work(
        LAPACK_COL_MAJOR, upper, order, BLAS.concrete(a), order, BLAS.concrete(diagonal),
        BLAS.concrete(offDiagonal), BLAS.concrete(factors), BLAS.concrete(work.pointer), blasint(work.count))
    } else {
      LAPACKE_dsytrd_work(
        LAPACK_COL_MAJOR, upper, order, BLAS.concrete(a), order, BLAS.concrete(diagonal),
        BLAS.concrete(offDiagonal), BLAS.concrete(factors), BLAS.concrete(work.pointer), blasint(work.count))
    }
  }

  /// Overwrites the diagonal of a tridiagonal matrix by its eigenvalues, in ascending order; the eigenvectors in the
  /// columns of `vectors`, by divide and conquer.
  @inline(__always)
  fileprivate static func stedc<Scalar: TensorScalar>(
    _ n: Int, _ diagonal: UnsafeMutablePointer<Scalar>, _ offDiagonal: UnsafeMutablePointer<Scalar>,
    _ vectors: UnsafeMutablePointer<Scalar>, leadingDimension: Int
  ) -> Int {
    let (order, ldz, ofTridiagonal) = (blasint(n), blasint(leadingDimension), character("I"))
    let work = StridedArray<Scalar>(uninitialized: [1 + 4 * n + n * n])
    defer { withExtendedLifetime(work.storage) {} }
    return withUnsafeTemporaryAllocation(of: blasint.self, capacity: 3 + 5 * n) { integers in
      let (count, start) = (blasint(integers.count), integers.baseAddress!)
      if Scalar.self == Float.self {
        return Int(
          LAPACKE_sstedc_work(
            LAPACK_COL_MAJOR, ofTridiagonal, order, BLAS.concrete(diagonal), BLAS.concrete(offDiagonal),
            BLAS.concrete(vectors), ldz, BLAS.concrete(work.pointer), blasint(work.count), start, count))
      }
      return Int(
        LAPACKE_dstedc_work(
          LAPACK_COL_MAJOR, ofTridiagonal, order, BLAS.concrete(diagonal), BLAS.concrete(offDiagonal),
          BLAS.concrete(vectors), ldz, BLAS.concrete(work.pointer), blasint(work.count), start, count))
    }
  }

  /// Makes of the eigenvalues and vectors of two tridiagonal matrices, the first of order `cut`, those of the matrix
  /// that was torn into them, by a correction of rank one that `rho` scales.
  ///
  /// - Parameters:
  ///   - order: 1, 2, … for each of the two; then the numbers of the values and vectors in ascending order.
  ///   - work: N·(N + 4) numbers.
  @inline(__always)
  fileprivate static func laed1<Scalar: TensorScalar>(
    _ n: Int, _ values: UnsafeMutablePointer<Scalar>, _ vectors: UnsafeMutablePointer<Scalar>, cut: Int,
    rho: Scalar, order: UnsafeMutablePointer<blasint>, _ work: UnsafeMutablePointer<Scalar>
  ) -> Int {
    withUnsafeTemporaryAllocation(of: blasint.self, capacity: 4 * n) { integers in
      let integers = integers.baseAddress!
      if Scalar.self == Float.self {
        return Int(
          copenblas_slaed1(
            blasint(n), BLAS.concrete(values), BLAS.concrete(vectors), blasint(n), order, Float(rho),
            blasint(cut), BLAS.concrete(work), integers))
      }
      return Int(
        copenblas_dlaed1(
          blasint(n), BLAS.concrete(values), BLAS.concrete(vectors), blasint(n), order, Double(rho),
          blasint(cut), BLAS.concrete(work), integers))
    }
  }
}
