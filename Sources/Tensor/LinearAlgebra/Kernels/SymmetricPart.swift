/// Writes the symmetric part ½(A + Aᵀ) of an N×N matrix, with the steps `rowStep` and `columnStep`, in row-major
/// order: all of it, or its lower triangle with zeros above.
///
/// Tiles of Aᵀ are turned round in a buffer whose rows are longer than they are: where rows of the matrices lie a
/// power of two apart, a tile's columns would push each other out of the cache.
@inline(__always)
func writeSymmetricPart<S: TensorScalar>(
  of a: UnsafePointer<S>, _ rowStep: Int, _ columnStep: Int, order: Int, lowerOnly: Bool,
  to target: UnsafeMutablePointer<S>
) {
  if SmallMatrices.covers(order) {
    // Without a buffer or threads, which would take longer than the matrix.
    for row in 0..<order {
      for column in 0..<row {
        let mean =
          a[row &* rowStep &+ column &* columnStep] / 2 + a[column &* rowStep &+ row &* columnStep] / 2
        target[row &* order &+ column] = mean
        target[column &* order &+ row] = lowerOnly ? 0 : mean
      }
      target[row &* (order &+ 1)] = a[row &* (rowStep &+ columnStep)]
    }
    return
  }
  let (tile, step) = (32, 33)
  let rowTiles = (order + tile - 1) / tile
  Parallel.forEachRange(rowTiles, grain: max(1, Kernels.elementGrain / (tile * order))) { rowTiles in
    withUnsafeTemporaryAllocation(of: S.self, capacity: tile * step) { buffer in
      let turned = buffer.baseAddress!
      for firstRow in rowTiles.lazy.map({ $0 * tile }) {
        for firstColumn in stride(from: 0, through: firstRow, by: tile) {
          let (height, width) = (min(tile, order - firstRow), min(tile, order - firstColumn))
          for column in 0..<width {
            let source = a + (firstColumn + column) * rowStep + firstRow * columnStep
            for row in 0..<height { turned[row &* step &+ column] = source[row &* columnStep] }
          }
          for row in 0..<height {
            let source = a + (firstRow + row) * rowStep + firstColumn * columnStep
            let (line, result) = (turned + row &* step, target + (firstRow + row) * order + firstColumn)
            // Halved first: the sum of two large elements would be infinite.
            for column in 0..<width {
              line[column] = source[column &* columnStep] / 2 + line[column] / 2
            }
            for column in 0..<width { result[column] = line[column] }
            if lowerOnly, firstColumn == firstRow {
              for column in row + 1..<max(width, row + 1) { result[column] = 0 }
            }
          }
          if firstColumn == firstRow { continue }
          for column in 0..<width {
            let result = target + (firstColumn + column) * order + firstRow
            for row in 0..<height { result[row] = lowerOnly ? 0 : turned[row &* step &+ column] }
          }
        }
      }
    }
  }
}
