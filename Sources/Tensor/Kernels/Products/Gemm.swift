extension Kernels {
  /// The products of the matrices in the last two axes; the axes before them broadcast.
  ///
  /// Matrices whose rows or columns are contiguous are used where they lie. Large products are cut into blocks
  /// of the result that threads share; the cuts depend on sizes and layouts alone, and no sum is shared.
  ///
  /// - Parameter processor: One without kernels for this leaves all to BLAS.
  static func matrixProduct<Scalar: TensorScalar>(
    _ a: StridedArray<Scalar>, _ b: StridedArray<Scalar>, processor: Processor = .best
  ) -> StridedArray<Scalar> {
    let (a, b) = (a.withBLASMatrices(), b.withBLASMatrices())
    let (m, k, n) = (a.shape[a.shape.count - 2], a.shape[a.shape.count - 1], b.shape[b.shape.count - 1])
    let batch = Array(a.shape.dropLast(2)).broadcast(with: Array(b.shape.dropLast(2)))!
    let result = StridedArray<Scalar>(uninitialized: batch + [m, n])
    if result.count == 0 { return result }
    if k == 0 {
      fill(result.pointer, result.count, with: 0)
      return result
    }
    let aBatch = BatchOffsets(a.layout, batch)
    let bBatch = BatchOffsets(b.layout, batch)
    let (left, right) = (a.matrix, b.matrix)
    let target = result.pointer
    withExtendedLifetime((a.storage, b.storage, result.storage)) {
      if let product = PackedProduct<Scalar>(m, n, k, processor) {
        product.forEach(batch.elementCount) { index, packed in
          product.multiply(
            left.advanced(by: aBatch[index]), right.advanced(by: bBatch[index]), into: target + index * m * n,
            leadingDimension: n, packed: packed)
        }
        return
      }
      let blocks = ProductBlocks(
        m, n, k, matrices: batch.elementCount,
        cutsRows: n == 1 ? left.isTransposed : !right.isTransposed)
      let perMatrix = blocks.rowCount * blocks.columnCount
      Parallel.forEachRange(perMatrix * batch.elementCount, grain: blocks.grain) { pieces in
        for piece in pieces {
          let (index, block) = (piece / perMatrix, piece % perMatrix)
          blocks.multiply(
            block, left.advanced(by: aBatch[index]), right.advanced(by: bBatch[index]),
            into: target + index * m * n)
        }
      }
    }
    return result
  }

  /// c = a · b, or c + a · b if `adds`, with `a` M×K, `b` K×N and `c` M×N in row-major order.
  @inline(__always)
  static func gemm<Scalar: TensorScalar>(
    _ m: Int, _ n: Int, _ k: Int, _ a: BLAS.Matrix<Scalar>, _ b: BLAS.Matrix<Scalar>,
    _ c: UnsafeMutablePointer<Scalar>, leadingDimension: Int, adds: Bool = false
  ) {
    guard let product = PackedProduct<Scalar>(m, n, k, .best) else {
      return BLAS.gemm(m, n, k, a, b, c, leadingDimension: leadingDimension, adds: adds)
    }
    product.forEach(1) { _, packed in
      product.multiply(a, b, into: c, leadingDimension: leadingDimension, adds: adds, packed: packed)
    }
  }
}

/// How one M×K by K×N product is cut into blocks of its result, where BLAS multiplies.
struct ProductBlocks {
  private let m: Int, n: Int, k: Int
  private let rows: Int
  private let columns: Int
  let rowCount: Int
  let columnCount: Int
  /// Blocks that make one piece of parallel work.
  let grain: Int

  /// A product of fewer multiplications is not cut.
  private static let smallestProduct = 1 << 21
  /// A block has this many multiplications where there are more than two…
  private static let block = 1 << 25
  /// …and a product has no more blocks than this: BLAS packs both factors for each of them anew.
  private static let mostBlocks = 8
  /// No side is cut shorter than this, for the same reason.
  private static let shortestSide = 64
  /// A matrix times a vector reads each element once: a block is this many…
  private static let vectorBlock = 1 << 18
  /// …but no narrower than this where its rows are pieces of longer ones, or memory would be read in scraps.
  private static let shortestRun = 1024
  /// Fewer multiplications than this are not worth a thread of their own.
  private static let smallestPiece = 1 << 18

  /// - Parameter cutsRows: whether a block of columns is a part of each row of the matrix in memory, when the
  ///   product is one of a matrix and a vector.
  init(_ m: Int, _ n: Int, _ k: Int, matrices: Int, cutsRows: Bool) {
    (self.m, self.n, self.k) = (m, n, k)
    var (rows, columns) = (m, n)
    if n == 1 || m == 1 {
      let outputs = max(Self.vectorBlock / k, cutsRows ? Self.shortestRun : 1)
      (rows, columns) = (min(m, outputs), min(n, outputs))
    } else {
      let work = m * n * k
      // Enough matrices are shared as they are.
      let count =
        work < Self.smallestProduct || matrices >= Self.mostBlocks
        ? 1 : min(max(work / Self.block, 2), Self.mostBlocks)
      // Rows first: pieces of the rows of B lie apart, often by a power of two.
      while rows * columns * count > m * n, max(rows, columns) >= 2 * Self.shortestSide {
        if rows >= 2 * Self.shortestSide { rows = Self.half(rows) } else { columns = Self.half(columns) }
      }
    }
    (self.rows, self.columns) = (rows, columns)
    rowCount = (m + rows - 1) / rows
    columnCount = (n + columns - 1) / columns
    grain = max(1, Self.smallestPiece / max(rows * columns * k, 1))
  }

  /// Half of a side, a multiple of the width of BLAS's own blocks.
  private static func half(_ side: Int) -> Int { ((side + 1) / 2 + 63) & ~63 }

  /// Computes one block.
  @inline(__always)
  func multiply<Scalar: TensorScalar>(
    _ block: Int, _ a: BLAS.Matrix<Scalar>, _ b: BLAS.Matrix<Scalar>, into c: UnsafeMutablePointer<Scalar>
  ) {
    let (row, column) = (block / columnCount * rows, block % columnCount * columns)
    let (height, width) = (min(rows, m - row), min(columns, n - column))
    let a = a.from(row, 0)
    var b = b.from(0, column)
    let c = c + row * n + column
    if n == 1 {
      BLAS.gemv(height, k, a, b.start, stride: b.isTransposed ? 1 : b.leadingDimension, c)
    } else if m == 1 {
      // (x · B)ᵀ = Bᵀ · x.
      let x = a.start
      b.isTransposed.toggle()
      BLAS.gemv(width, k, b, x, stride: a.isTransposed ? a.leadingDimension : 1, c)
    } else {
      BLAS.gemm(height, width, k, a, b, c, leadingDimension: n)
    }
  }
}

/// Where the matrices of a batch begin, relative to the first, after broadcasting to `batch`.
struct BatchOffsets {
  private let shape: Shape
  private let strides: [Int]

  init(_ layout: Layout, _ batch: Shape) {
    let own = Layout(shape: Array(layout.shape.dropLast(2)), strides: Array(layout.strides.dropLast(2)))
    shape = batch
    strides = own.broadcast(to: batch).strides
  }

  subscript(_ index: Int) -> Int {
    var (rest, offset) = (index, 0)
    for axis in shape.indices.reversed() {
      offset += rest % shape[axis] * strides[axis]
      rest /= shape[axis]
    }
    return offset
  }
}

extension StridedArray {
  /// The same array with the matrices in its last two axes as BLAS takes them: itself, or else a copy.
  func withBLASMatrices() -> StridedArray { blasForm == nil ? Kernels.copy(self) : self }

  /// The first of the matrices in the last two axes.
  var matrix: BLAS.Matrix<Scalar> {
    let form = blasForm!
    return BLAS.Matrix(
      start: pointer, isTransposed: form.isTransposed, leadingDimension: form.leadingDimension)
  }

  private var blasForm: (isTransposed: Bool, leadingDimension: Int)? {
    let (row, column) = (layout.rank - 2, layout.rank - 1)
    let (rows, columns) = (layout.shape[row], layout.shape[column])
    // The step along an axis of length 1 is never taken, so it may be any.
    let rowStep = rows == 1 ? max(columns, 1) : layout.strides[row]
    let columnStep = columns == 1 ? max(rows, 1) : layout.strides[column]
    if columns == 1 || columnStep == 1, rowStep >= max(columns, 1) { return (false, rowStep) }
    if rows == 1 || rowStep == 1, columnStep >= max(rows, 1) { return (true, columnStep) }
    return nil
  }
}
