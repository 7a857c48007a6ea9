/// The LU factors of a batch of matrices and their row exchanges, from which systems are solved.
///
/// LAPACK sees the rows as columns, so these are the factors of Aᵀ.
struct LUFactors<Scalar: TensorScalar>: @unchecked Sendable {
  /// `[…, N, N]` in row-major order.
  let array: StridedArray<Scalar>
  /// N for each matrix, counted from 1.
  fileprivate let exchanges: Storage

  fileprivate var pivots: UnsafeMutablePointer<LAPACK.Integer> {
    exchanges.bytes.assumingMemoryBound(to: LAPACK.Integer.self)
  }

  /// Factors every matrix in the last two axes of `x`.
  init(
    _ operation: StaticString, of x: StridedArray<Scalar>, allowingSingular: Bool = false
  ) throws(LinearAlgebraError) {
    array = Kernels.copy(x)
    exchanges = Storage(byteCount: x.shape.dropLast().reduce(1, *) * MemoryLayout<LAPACK.Integer>.stride)
    if array.count == 0 { return }
    try factorLoop(operation, array, pivots, allowingSingular)
  }

  /// Whether a matrix of the batch is singular, and that exactly: only if that is allowed.
  var hasZeroPivot: Bool {
    let order = array.shape.last!
    defer { withExtendedLifetime(array.storage) {} }
    return (0..<Array(array.shape.dropLast()).elementCount).contains {
      array.pointer[$0 * order + $0 % order] == 0
    }
  }

  /// A⁻¹·B, or A⁻ᵀ·B, for every matrix B `[…, N, K]`; the batches broadcast. In memory a column of the result lies
  /// in a row.
  func solve(_ b: StridedArray<Scalar>, transposed: Bool) -> StridedArray<Scalar> {
    let batch = Array(array.shape.dropLast(2)).broadcast(with: Array(b.shape.dropLast(2)))!
    let (order, columns) = (b.shape[b.shape.count - 2], b.shape[b.shape.count - 1])
    let rows = StridedArray<Scalar>(uninitialized: batch + [columns, order])
    let result = rows.transposed(Array(batch.indices) + [batch.count + 1, batch.count])
    if result.count == 0 { return result }
    Kernels.copyInto(result, b.broadcast(to: result.shape))
    let offsets = BatchOffsets(array.layout, batch)
    solveLoop(array, pivots, offsets, rows, transposed)
    withExtendedLifetime(exchanges) {}
    return result
  }

  /// The inverses of the matrices, row-major.
  func inverse() -> StridedArray<Scalar> {
    let result = Kernels.copy(array)
    if result.count == 0 { return result }
    invertLoop(result, pivots)
    withExtendedLifetime(exchanges) {}
    return result
  }

  /// The signs of the determinants `[…]`: 1, −1, or 0 for a singular matrix.
  func signs() -> StridedArray<Scalar> {
    let order = array.shape.last!
    return StridedArray(Array(array.shape.dropLast(2))) { signs in
      for index in signs.indices {
        var sign: Scalar = 1
        for row in 0..<order {
          let pivot = array.pointer[(index * order + row) * order + row]
          if pivot == 0 { sign = 0 }
          // Each exchange of two rows turns the sign.
          if (pivot < 0) != (Int(pivots[index * order + row]) != row + 1) { sign = -sign }
        }
        signs[index] = sign
      }
      withExtendedLifetime((array.storage, exchanges)) {}
    }
  }

  /// For each matrix the order of its rows after all exchanges, `[…, N]`.
  func rowOrder() -> StridedArray<Int64> {
    let order = array.shape.last!
    return StridedArray(Array(array.shape.dropLast())) { rows in
      for start in stride(from: 0, to: rows.count, by: Swift.max(order, 1)) {
        for row in 0..<order { rows[start + row] = Int64(row) }
        for row in 0..<order {
          let other = Int(pivots[start + row]) - 1
          if other != row { rows.swapAt(start + row, start + other) }
        }
      }
      withExtendedLifetime(exchanges) {}
    }
  }

  /// The determinants `[…]`, or the logarithms of their magnitudes; summed and multiplied in `Double`.
  func determinant(logarithm: Bool) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(repeating: logarithm ? 0 : 1, shape: Array(array.shape.dropLast(2)))
    if array.count == 0 { return result }
    determinantLoop(result, array, pivots, logarithm)
    withExtendedLifetime(exchanges) {}
    return result
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func factorLoop<S: TensorScalar>(
  _ operation: StaticString, _ array: StridedArray<S>, _ pivots: UnsafeMutablePointer<LAPACK.Integer>,
  _ allowingSingular: Bool
) throws(LinearAlgebraError) {
  let order = array.shape.last!
  let target = array.pointer
  defer { withExtendedLifetime(array.storage) {} }
  try Kernels.forEachMatrix(operation, of: Array(array.shape.dropLast(2)), order: order) { index in
    let matrix = target + index * order * order
    if let cause = Kernels.nonFiniteElement(matrix, order: order) { return cause }
    let own = pivots + index * order
    let info =
      SmallMatrices.covers(order) ? SmallMatrices.lu(order, matrix, own) : LAPACK.getrf(order, matrix, own)
    return info == 0 || allowingSingular ? nil : .singular(pivot: info - 1)
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func solveLoop<S: TensorScalar>(
  _ factors: StridedArray<S>, _ pivots: UnsafePointer<LAPACK.Integer>, _ offsets: BatchOffsets,
  _ columns: StridedArray<S>, _ transposed: Bool
) {
  let shape = columns.shape
  let (count, order) = (shape[shape.count - 2], shape[shape.count - 1])
  let blocks = ColumnBlocks(columns: count, order: order)
  let (source, target) = (factors.pointer, columns.pointer)
  Parallel.forEachRange(shape.dropLast(2).reduce(1, *) * blocks.count, grain: blocks.grain) { pieces in
    for piece in pieces {
      let (index, range) = (piece / blocks.count, blocks[piece % blocks.count])
      let offset = offsets[index]
      LAPACK.getrs(
        order, columns: range.count, source + offset, pivots + offset / order,
        target + (index * count + range.lowerBound) * order, transposed: !transposed)
    }
  }
  withExtendedLifetime((factors.storage, columns.storage)) {}
}

@specialized(where S == Float)
@specialized(where S == Double)
private func invertLoop<S: TensorScalar>(
  _ array: StridedArray<S>, _ pivots: UnsafePointer<LAPACK.Integer>
) {
  let order = array.shape.last!
  let target = array.pointer
  Parallel.forEachRange(array.count / (order * order), grain: Kernels.matrixGrain(order: order)) { matrices in
    for index in matrices {
      let (matrix, own) = (target + index * order * order, pivots + index * order)
      if SmallMatrices.covers(order) {
        SmallMatrices.inverse(order, matrix, own)
      } else {
        LAPACK.getri(order, matrix, own)
      }
    }
  }
  withExtendedLifetime(array.storage) {}
}

@specialized(where S == Float)
@specialized(where S == Double)
private func determinantLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ factors: StridedArray<S>, _ pivots: UnsafePointer<LAPACK.Integer>,
  _ logarithm: Bool
) {
  let order = factors.shape.last!
  for index in 0..<result.count {
    let matrix = factors.pointer + index * order * order
    var (product, sum) = (1.0, 0.0)
    for row in 0..<order {
      let pivot = Double(matrix[row * (order + 1)])
      // Each exchange of two rows turns the sign.
      product *= Int(pivots[index * order + row]) == row + 1 ? pivot : -pivot
      if logarithm { sum += Double.log(pivot.magnitude) }
    }
    result.pointer[index] = S(logarithm ? sum : product)
  }
  withExtendedLifetime((result.storage, factors.storage)) {}
}

/// How the right-hand sides of a system are shared out: every thread reads all of the factors, so few are not.
struct ColumnBlocks {
  let count: Int
  /// Blocks that make one piece of parallel work.
  let grain: Int
  private let columns: Int
  private static let width = 64

  init(columns: Int, order: Int) {
    self.columns = columns
    count = (columns + Self.width - 1) / Self.width
    let smallestPiece = 1 << 18
    grain = max(1, smallestPiece / max(min(columns, Self.width) * order * order, 1))
  }

  subscript(_ block: Int) -> Range<Int> {
    block * Self.width..<min((block + 1) * Self.width, columns)
  }
}
