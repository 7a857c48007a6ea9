extension Drivers {
  /// The singular values of a matrix, which is overwritten, in descending order; the thin U in the columns of `left` and V
  /// in the rows of `right`. Returns LAPACK's `info`.
  ///
  /// In place of LAPACK's `gesdd` for matrices of 128 rows and columns and more that are not far from square and need no
  /// scaling. LAPACK reduces the matrix to a bidiagonal one and finds the vectors of that, by divide and conquer; threads
  /// share turning them back.
  @inline(__always)
  static func singularVectors<S: TensorScalar>(
    _ matrix: UnsafeMutablePointer<S>, rows: Int, columns: Int, _ step: Int,
    _ values: UnsafeMutablePointer<S>,
    left: UnsafeMutablePointer<S>, right: UnsafeMutablePointer<S>
  ) -> Int {
    guard isReducedDirectly(matrix, rows: rows, columns: columns, step) else {
      return LAPACK.gesdd(
        rows, columns, matrix, leadingDimension: step, values, left: left, right: right, .thin)
    }
    let (rank, isWide) = (min(rows, columns), rows < columns)
    let leftReflectors = Reflectors<S>(
      count: isWide ? rows - 1 : columns, length: rows, .columns(offset: isWide ? 1 : 0))
    let rightReflectors = Reflectors<S>(
      count: isWide ? rows : columns - 1, length: columns, .rows(offset: isWide ? 0 : 1))
    let (leftStep, rightStep) = (paddedStep(rows), paddedStep(rank))
    let vectors = StridedArray<S>(repeating: 0, shape: [rank * leftStep + columns * rightStep])
    defer { withExtendedLifetime(vectors.storage) {} }
    let (u, v) = (vectors.pointer, vectors.pointer + rank * leftStep)
    let info = withUnsafeTemporaryAllocation(of: S.self, capacity: 3 * rank) { scratch in
      let offDiagonal = scratch.baseAddress!
      let (leftFactors, rightFactors) = (offDiagonal + rank, offDiagonal + 2 * rank)
      LAPACK.gebrd(
        rows, columns, matrix, leadingDimension: step, values, offDiagonal, leftFactors, rightFactors)
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

  /// Whether a matrix is reduced here. LAPACK's driver is better at small ones, at those that are far from square, which
  /// it first makes square, and at those it has to scale.
  @inline(__always)
  private static func isReducedDirectly<S: TensorScalar>(
    _ matrix: UnsafePointer<S>, rows: Int, columns: Int, _ step: Int
  ) -> Bool {
    let (shorter, longer) = (min(rows, columns), max(rows, columns))
    return shorter >= smallestReduction && 6 * longer < 11 * shorter
      && !needsScaling(matrix, rows, columns, step)
  }
}
