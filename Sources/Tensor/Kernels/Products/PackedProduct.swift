/// A product of matrices by kernels of our own: the right one is packed once, and threads share the result.
///
/// Neither the cuts nor the threads change a bit: each element is summed in an order that depends on K alone.
struct PackedProduct<Scalar: TensorScalar> {
  private let m: Int, n: Int, k: Int
  private let kernels: GemmKernels
  /// The columns of a panel of the packed matrix.
  private let width: Int
  /// The part of the right matrix that is packed at once.
  private let depthAtOnce: Int
  private let columnsAtOnce: Int

  /// No more elements are packed at once than this, nor with longer columns.
  private static var mostPacked: Int { 1 << 21 }
  private static var deepest: Int { 1 << 13 }
  /// Fewer elements than this are not worth a thread to pack them.
  private static var smallestPacking: Int { 1 << 15 }
  /// Fewer multiplications than this are not worth a thread of their own.
  private static var smallestPiece: Int { 1 << 20 }
  /// A piece has at most this many rows, which the kernel packs at once.
  private static var block: Int { 64 }
  /// Where there are few rows, columns are shared as well, until there are this many pieces; a thread that packs
  /// rows for a few columns packs them in vain.
  private static var pieces: Int { 8 }
  /// So many products are shared as they are.
  private static var manyProducts: Int { 8 }

  /// `nil` where BLAS does as well: where there are no such kernels, or next to nothing to do with what is packed.
  init?(_ m: Int, _ n: Int, _ k: Int, _ processor: Processor) {
    guard let kernels = processor.fastGemm(Scalar.self), m >= 2, n > 4 else { return nil }
    (self.m, self.n, self.k, self.kernels) = (m, n, k, kernels)
    width = kernels.pointee.width
    depthAtOnce = min(k, Self.deepest)
    columnsAtOnce = min((n + width - 1) / width, Self.mostPacked / (width * depthAtOnce)) * width
  }

  /// Calls `body` with the number of each of `count` products, and with memory to give to `multiply`.
  func forEach(_ count: Int, _ body: (Int, UnsafeMutablePointer<Scalar>) -> Void) {
    func run(_ range: Range<Int>) {
      Workspace.shared.withElements(packedCount, of: Scalar.self) { packed in
        for index in range { body(index, packed) }
      }
    }
    let work = m * n * k
    if count < Self.manyProducts, work >= 2 * Self.smallestPiece {
      run(0..<count)
    } else {
      Parallel.forEachRange(count, grain: max(1, Self.smallestPiece / work), run)
    }
  }

  private var packedCount: Int { columnsAtOnce * depthAtOnce }

  /// c = a · b, or c + a · b if `adds`, with `a` M×K, `b` K×N and `c` M×N in row-major order.
  func multiply(
    _ a: BLAS.Matrix<Scalar>, _ b: BLAS.Matrix<Scalar>, into c: UnsafeMutablePointer<Scalar>,
    leadingDimension: Int, adds: Bool = false, packed: UnsafeMutablePointer<Scalar>
  ) {
    for first in stride(from: 0, to: k, by: depthAtOnce) {
      let depth = min(depthAtOnce, k - first)
      for column in stride(from: 0, to: n, by: columnsAtOnce) {
        let columns = min(columnsAtOnce, n - column)
        pack(b.from(first, column), columns, depth, into: packed)
        multiply(
          a.from(0, first), columns, depth, packed, into: c + column, leadingDimension: leadingDimension,
          adds: adds || first > 0)
      }
    }
  }

  private func pack(
    _ b: BLAS.Matrix<Scalar>, _ columns: Int, _ depth: Int, into packed: UnsafeMutablePointer<Scalar>
  ) {
    let panels = (columns + width - 1) / width
    Parallel.forEachRange(panels, grain: max(1, Self.smallestPacking / (width * depth))) { range in
      for panel in range {
        let column = panel * width
        kernels.pointee.pack(
          min(width, columns - column), depth, b.from(0, column).start, b.columnStep, b.rowStep,
          packed + column * depth)
      }
    }
  }

  private func multiply(
    _ a: BLAS.Matrix<Scalar>, _ columns: Int, _ depth: Int, _ packed: UnsafePointer<Scalar>,
    into c: UnsafeMutablePointer<Scalar>, leadingDimension: Int, adds: Bool
  ) {
    let blocks = (m + Self.block - 1) / Self.block
    let height = (m + blocks - 1) / blocks
    let panels = (columns + width - 1) / width
    let wanted = min(m * columns * depth / Self.smallestPiece, Self.pieces)
    let groups = max(1, min(wanted / blocks, panels))
    let groupWidth = (panels + groups - 1) / groups * width
    let work = height * groupWidth * depth
    Parallel.forEachRange(blocks * groups, grain: max(1, Self.smallestPiece / work)) { pieces in
      for piece in pieces {
        let (row, column) = (piece / groups * height, piece % groups * groupWidth)
        guard row < m, column < columns else { continue }
        kernels.pointee.multiply(
          min(height, m - row), min(groupWidth, columns - column), depth, a.from(row, 0).start, a.rowStep,
          a.columnStep, packed + column * depth, width * depth, adds, c + row * leadingDimension + column,
          leadingDimension)
      }
    }
  }
}
