/// A product Q of Householder reflections 1 − τ·v·vᵀ, as LAPACK's reductions leave them, in blocks 1 − V·T·Vᵀ.
///
/// They are applied by general matrix products, to strips of vectors that threads share. LAPACK's own routines
/// for it use triangular products of a few columns, which take about twice the time, and one thread.
struct Reflectors<S: TensorScalar> {
  /// Where the vectors lie in a matrix of column-major order.
  enum Form {
    /// Vector i in column i, below the 1 at row i + `offset`; Q = H₀·H₁·….
    case columns(offset: Int)
    /// Vector i in row i, to the right of the 1 at column i + `offset`; Q = H₀·H₁·….
    case rows(offset: Int)
    /// Vector i in column i + 1, above the 1 at row i; Q = …·H₁·H₀.
    case columnsBackward
  }

  private let form: Form
  private let count: Int
  private let length: Int
  /// For every block Vᵀ and −Tᵀ, in row-major order.
  private let blocks: StridedArray<S>

  /// Reflections in one block.
  static var width: Int { 32 }
  /// Vectors of one piece of parallel work.
  private static var strip: Int { 64 }

  /// - Parameter length: The length of the vectors that are reflected.
  init(count: Int, length: Int, _ form: Form) {
    (self.form, self.count, self.length) = (form, count, length)
    let blockCount = (count + Self.width - 1) / Self.width
    blocks = StridedArray(uninitialized: [blockCount, (length + Self.width) * Self.width])
  }

  var blockCount: Int { blocks.shape[0] }

  private struct Block {
    /// The first of its reflections, and how many they are.
    let first: Int, count: Int
    /// The elements that they change.
    let elements: Range<Int>
    let vectors: UnsafeMutablePointer<S>
    let factor: UnsafeMutablePointer<S>
  }

  @inline(__always)
  private func block(_ index: Int) -> Block {
    let first = index * Self.width
    let blockCount = min(Self.width, count - first)
    let elements =
      switch form {
      case .columns(let offset), .rows(let offset): first + offset..<length
      case .columnsBackward: 0..<first + blockCount
      }
    let start = blocks.pointer + index * blocks.shape[1]
    return Block(
      first: first, count: blockCount, elements: elements, vectors: start,
      factor: start + length * Self.width)
  }

  /// Takes all reflections from a reduced matrix.
  @inline(__always)
  func take(from a: UnsafePointer<S>, leadingDimension: Int, factors: UnsafePointer<S>) {
    Parallel.forEach(blockCount) {
      take(block: $0, from: a, leadingDimension: leadingDimension, factors: factors)
    }
  }

  /// Takes the reflections of one block. `factors` are the τ of all.
  @inline(__always)
  func take(block index: Int, from a: UnsafePointer<S>, leadingDimension: Int, factors: UnsafePointer<S>) {
    let block = block(index)
    let rows = block.elements.count
    for i in 0..<block.count {
      let (line, number) = (block.vectors + i * rows, block.first + i)
      switch form {
      case .columns:
        let source = a + number * leadingDimension + block.elements.lowerBound
        for j in 0..<i { line[j] = 0 }
        line[i] = 1
        for j in i + 1..<max(rows, i + 1) { line[j] = source[j] }
      case .rows:
        let source = a + number + block.elements.lowerBound * leadingDimension
        for j in 0..<i { line[j] = 0 }
        line[i] = 1
        for j in i + 1..<max(rows, i + 1) { line[j] = source[j &* leadingDimension] }
      case .columnsBackward:
        let source = a + (number + 1) * leadingDimension
        for j in 0..<number { line[j] = source[j] }
        line[number] = 1
        for j in number + 1..<max(rows, number + 1) { line[j] = 0 }
      }
    }
    var isBackward = false
    if case .columnsBackward = form { isBackward = true }
    LAPACK.larft(
      rows, block.count, block.vectors, factors + block.first, block.factor, backward: isBackward)
    for row in 0..<block.count {
      for column in 0..<block.count {
        let isSet = isBackward ? column >= row : column <= row
        let element = row * block.count + column
        block.factor[element] = isSet ? -block.factor[element] : 0
      }
    }
  }

  /// Q·x for the `vectors` vectors x that lie in the rows of `c`.
  ///
  /// - Parameter zerosBeyondDiagonal: Whether vector i is 0 after element i, and the order of the reflections is
  ///   forward; those that begin later then need not be applied to it.
  @inline(__always)
  func apply(
    toRows vectors: Int, of c: UnsafeMutablePointer<S>, leadingDimension: Int,
    zerosBeyondDiagonal: Bool = false
  ) {
    forEachStrip(of: 0..<vectors) { strip, work in
      for step in 0..<blockCount {
        let block = block(isAppliedForward ? step : blockCount - 1 - step)
        if zerosBeyondDiagonal, block.elements.lowerBound >= strip.upperBound { continue }
        reflect(rows: strip, of: c, leadingDimension, by: block, transposed: false, work)
      }
    }
    withExtendedLifetime(blocks.storage) {}
  }

  /// Bᵀ·x with one block B for the vectors x in some rows of `c`.
  @inline(__always)
  func applyTransposed(
    block index: Int, toRows rows: Range<Int>, of c: UnsafeMutablePointer<S>, leadingDimension: Int
  ) {
    let block = block(index)
    forEachStrip(of: rows) { strip, work in
      reflect(rows: strip, of: c, leadingDimension, by: block, transposed: true, work)
    }
    withExtendedLifetime(blocks.storage) {}
  }

  /// Q·x for the `vectors` vectors x that lie in the columns of `c`.
  @inline(__always)
  func apply(toColumns vectors: Int, of c: UnsafeMutablePointer<S>, leadingDimension: Int) {
    forEachStrip(of: 0..<vectors) { strip, work in
      for step in 0..<blockCount {
        let block = block(isAppliedForward ? step : blockCount - 1 - step)
        let (rows, count) = (block.elements.count, block.count)
        let target = c + block.elements.lowerBound * leadingDimension + strip.lowerBound
        let reflected = work + count * strip.count
        let v = BLAS.Matrix(start: UnsafePointer(block.vectors), isTransposed: false, leadingDimension: rows)
        let t = BLAS.Matrix(start: UnsafePointer(block.factor), isTransposed: true, leadingDimension: count)
        var vTransposed = v
        vTransposed.isTransposed = true
        Kernels.gemm(
          count, strip.count, rows, v,
          .init(start: target, isTransposed: false, leadingDimension: leadingDimension), work,
          leadingDimension: strip.count)
        Kernels.gemm(
          count, strip.count, count, t,
          .init(start: work, isTransposed: false, leadingDimension: strip.count), reflected,
          leadingDimension: strip.count)
        Kernels.gemm(
          rows, strip.count, count, vTransposed,
          .init(start: reflected, isTransposed: false, leadingDimension: strip.count), target,
          leadingDimension: leadingDimension, adds: true)
      }
    }
    withExtendedLifetime(blocks.storage) {}
  }

  /// Which end of Q stands next to the vectors.
  private var isAppliedForward: Bool {
    if case .columnsBackward = form { true } else { false }
  }

  @inline(__always)
  private func reflect(
    rows strip: Range<Int>, of c: UnsafeMutablePointer<S>, _ leadingDimension: Int, by block: Block,
    transposed: Bool, _ work: UnsafeMutablePointer<S>
  ) {
    let (elements, count) = (block.elements.count, block.count)
    let target = c + strip.lowerBound * leadingDimension + block.elements.lowerBound
    let reflected = work + count * strip.count
    var v = BLAS.Matrix(start: UnsafePointer(block.vectors), isTransposed: true, leadingDimension: elements)
    let t = BLAS.Matrix(
      start: UnsafePointer(block.factor), isTransposed: transposed, leadingDimension: count)
    Kernels.gemm(
      strip.count, count, elements,
      .init(start: target, isTransposed: false, leadingDimension: leadingDimension), v, work,
      leadingDimension: count)
    Kernels.gemm(
      strip.count, count, count, .init(start: work, isTransposed: false, leadingDimension: count), t,
      reflected, leadingDimension: count)
    v.isTransposed = false
    Kernels.gemm(
      strip.count, elements, count, .init(start: reflected, isTransposed: false, leadingDimension: count), v,
      target, leadingDimension: leadingDimension, adds: true)
  }

  /// Calls `body` with strips of vectors, and memory for two products with a block.
  @inline(__always)
  private func forEachStrip(
    of vectors: Range<Int>, _ body: (Range<Int>, UnsafeMutablePointer<S>) -> Void
  ) {
    Parallel.forEachEvenRange(vectors.count, atMost: Self.strip) { range in
      let strip = vectors.lowerBound + range.lowerBound..<vectors.lowerBound + range.upperBound
      withUnsafeTemporaryAllocation(of: S.self, capacity: 2 * Self.width * Self.strip) {
        body(strip, $0.baseAddress!)
      }
    }
  }
}
