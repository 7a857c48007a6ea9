extension Kernels {
  /// F·Fᵀ for every matrix F in the last two axes, by BLAS's symmetric product: half the work of a general one,
  /// and exactly symmetric.
  ///
  /// Long rows are cut into blocks, whose products are added in pairs. The cuts depend on the length alone.
  static func selfProduct<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    let rank = x.shape.count
    let batch = Array(x.shape.dropLast(2))
    let rows = x.shape[rank - 2]
    let result = StridedArray<Scalar>(uninitialized: batch + [rows, rows])
    if result.count == 0 { return result }
    let x = x.withBLASMatrices()
    selfProductLoop(result, x, batch)
    return result
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func selfProductLoop<S: TensorScalar>(_ result: StridedArray<S>, _ x: StridedArray<S>, _ batch: Shape)
{
  let (rows, length) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
  let shortest = 512
  let block = max(shortest, (length + 31) / 32)
  let blocks = max(1, (length + block - 1) / block)
  let size = rows * rows
  let partial = StridedArray<S>(uninitialized: [blocks, size])
  let offsets = BatchOffsets(x.layout, batch)
  withExtendedLifetime((result.storage, x.storage, partial.storage)) {
    for index in 0..<batch.elementCount {
      let matrix = x.matrix.advanced(by: offsets[index])
      Parallel.forEach(blocks) { piece in
        BLAS.syrk(
          rows, min(block, length - piece * block), matrix.from(0, piece * block),
          partial.pointer + piece * size, leadingDimension: rows, lower: false)
      }
      sumInPairs(partial.pointer, count: blocks, size: size)
      mirror(partial.pointer, into: result.pointer + index * size, rows: rows)
    }
  }
}

/// Adds `count` arrays of `size` numbers to the first of them, neighbours first.
private func sumInPairs<S: TensorScalar>(_ arrays: UnsafeMutablePointer<S>, count: Int, size: Int) {
  var step = 1
  while step < count {
    for first in stride(from: 0, to: count - step, by: 2 * step) {
      let (a, b) = (arrays + first * size, arrays + (first + step) * size)
      Parallel.forEachRange(size, grain: Kernels.elementGrain) { range in
        for i in range { a[i] += b[i] }
      }
    }
    step *= 2
  }
}

/// Copies the upper triangle of `source` to both triangles of `target`.
private func mirror<S: TensorScalar>(
  _ source: UnsafePointer<S>, into target: UnsafeMutablePointer<S>, rows: Int
) {
  for row in 0..<rows {
    for column in row..<rows {
      let value = source[row * rows + column]
      target[row * rows + column] = value
      target[column * rows + row] = value
    }
  }
}
