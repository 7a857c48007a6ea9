extension Drivers {
  /// Overwrites the upper triangle of a matrix by R, with A = Q·R; returns the reflections of Q. `rows` ≥ `columns`.
  ///
  /// In place of LAPACK's `geqrf`: its `geqrt` is called for 32 columns at a time, and threads share the columns to the right
  /// of them. ``Reflectors`` then make Q, in place of `orgqr`.
  ///
  /// - Parameter others: How many columns follow those of the matrix, which are overwritten by Qᵀ times what they were.
  @inline(__always)
  static func qr<S: TensorScalar>(
    _ matrix: UnsafeMutablePointer<S>, _ rows: Int, _ columns: Int, _ step: Int,
    beside others: Int = 0
  ) -> Reflectors<S> {
    let reflectors = Reflectors<S>(count: columns, length: rows, .columns(offset: 0))
    withUnsafeTemporaryAllocation(of: S.self, capacity: columns) { factors in
      let factors = factors.baseAddress!
      for block in 0..<reflectors.blockCount {
        let first = block * Reflectors<S>.width
        let next = min(first + Reflectors<S>.width, columns)
        LAPACK.geqrt(
          rows - first, next - first, matrix + first * (step + 1), leadingDimension: step, factors + first)
        reflectors.take(block: block, from: matrix, leadingDimension: step, factors: factors)
        reflectors.applyTransposed(
          block: block, toRows: next..<columns + others, of: matrix, leadingDimension: step)
      }
    }
    return reflectors
  }
}
