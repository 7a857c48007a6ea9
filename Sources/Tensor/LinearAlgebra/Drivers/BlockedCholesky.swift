extension Drivers {
  /// Overwrites the lower triangle of a matrix in row-major order by its Cholesky factor; returns the first pivot that
  /// is not above 0, if any.
  ///
  /// In place of LAPACK's `potrf`, block by block of columns: LAPACK factors the square on the diagonal, then threads
  /// share the rows below it, and the triangle that remains.
  @inline(__always)
  static func cholesky<S: TensorScalar>(_ matrix: UnsafeMutablePointer<S>, _ order: Int) -> Int? {
    if SmallMatrices.covers(order) {
      let info = SmallMatrices.cholesky(order, matrix)
      return info > 0 ? info - 1 : nil
    }
    // The larger the matrix, the wider the blocks: each of them passes over all that remains.
    let block = min(max(64, order / 8 / 64 * 64), 256)
    let tile = 64
    func part(_ start: UnsafeMutablePointer<S>, isTransposed: Bool = false) -> BLAS.Matrix<S> {
      BLAS.Matrix(start: UnsafePointer(start), isTransposed: isTransposed, leadingDimension: order)
    }
    for first in stride(from: 0, to: order, by: block) {
      let width = min(block, order - first)
      let corner = matrix + first * (order + 1)
      // LAPACK's upper factor U of A = Uᵀ·U, read in rows, is L.
      let info = LAPACK.potrf(width, corner, leadingDimension: order)
      if info > 0 { return first + info - 1 }
      let rest = order - first - width
      let (panel, remaining) = (corner + width * order, corner + width * (order + 1))
      let tiles = (rest + tile - 1) / tile
      Parallel.forEach(tiles) { index in
        BLAS.trsm(
          .right, min(tile, rest - index * tile), width, part(corner), panel + index * tile * order,
          leadingDimension: order, lower: true, transposed: true)
      }
      Parallel.forEach(tiles) { index in
        // The longest rows first, so that no thread ends alone with them.
        let row = (tiles - 1 - index) * tile
        let (height, rows, target) = (min(tile, rest - row), panel + row * order, remaining + row * order)
        // The triangle less its part of F·Fᵀ, for the panel F: what lies left of the tile's square, then the square.
        BLAS.gemm(
          height, row, width, part(rows), part(panel, isTransposed: true), target, leadingDimension: order,
          adds: true, times: -1)
        BLAS.syrk(
          height, width, part(rows), target + row, leadingDimension: order, lower: true, adds: true, times: -1
        )
      }
    }
    return nil
  }
}
