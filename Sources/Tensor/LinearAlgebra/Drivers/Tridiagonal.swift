extension Drivers {
  /// Overwrites a symmetric matrix by its eigenvectors, in columns; the eigenvalues in ascending order. Returns LAPACK's
  /// `info`.
  ///
  /// In place of LAPACK's `syevd` for matrices of 128 rows and more that need no scaling. LAPACK reduces the matrix to a
  /// tridiagonal one; threads share finding the vectors of that, and turning them back.
  @inline(__always)
  static func eigenvectors<S: TensorScalar>(
    _ order: Int, _ matrix: UnsafeMutablePointer<S>, _ values: UnsafeMutablePointer<S>
  ) -> Int {
    if order < smallestReduction || needsScaling(matrix, order, order, order) {
      return LAPACK.syevd(order, matrix, values, vectors: true)
    }
    let reflectors = Reflectors<S>(count: order - 1, length: order, .columnsBackward)
    return withUnsafeTemporaryAllocation(of: S.self, capacity: 2 * order) { scratch in
      let (offDiagonal, factors) = (scratch.baseAddress!, scratch.baseAddress! + order)
      LAPACK.sytrd(order, matrix, values, offDiagonal, factors)
      reflectors.take(from: matrix, leadingDimension: order, factors: factors)
      let info = tridiagonalEigenvectors(order, values, offDiagonal, matrix)
      reflectors.apply(toRows: order, of: matrix, leadingDimension: order)
      return info
    }
  }

  /// Overwrites the diagonal of a tridiagonal matrix by its eigenvalues, in ascending order; the eigenvectors in the
  /// columns of `vectors`. Returns LAPACK's `info`.
  ///
  /// In place of LAPACK's `stedc`: the last merge of its divide and conquer stands here, so that threads share the two
  /// halves before it.
  @inline(__always)
  private static func tridiagonalEigenvectors<S: TensorScalar>(
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
    return withUnsafeTemporaryAllocation(of: LAPACK.Integer.self, capacity: n + 2) { integers in
      let order = integers.baseAddress!
      let infos = order + n
      Parallel.forEach(2) { half in
        let part = half == 0 ? 0..<cut : cut..<n
        infos[half] = LAPACK.Integer(
          LAPACK.stedc(
            part.count, diagonal + part.lowerBound, offDiagonal + part.lowerBound,
            vectors + part.lowerBound * (n + 1), leadingDimension: n))
        for i in 0..<part.count { order[part.lowerBound + i] = LAPACK.Integer(i + 1) }
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
}
