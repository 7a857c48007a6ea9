/// A function of one number, applied to every element. A value without state compiles to a tight loop.
protocol UnaryFunction: Sendable {
  func callAsFunction<Scalar: TensorScalar>(_ x: Scalar) -> Scalar
  /// The function of `count` neighbours; some have a kernel for that.
  func apply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, count: Int, into y: UnsafeMutablePointer<Scalar>)
}

extension UnaryFunction {
  @inline(__always)
  func apply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, count: Int, into y: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<count { y[i] = self(x[i]) }
  }
}

/// A function of two numbers, applied to pairs of elements.
protocol BinaryFunction: Sendable {
  func callAsFunction<Scalar: TensorScalar>(_ x: Scalar, _ y: Scalar) -> Scalar
}

/// A function of three numbers, applied to triples of elements.
protocol TernaryFunction: Sendable {
  func callAsFunction<Scalar: TensorScalar>(_ x: Scalar, _ y: Scalar, _ z: Scalar) -> Scalar
}

extension Kernels {
  /// Elements that one piece of parallel work handles: small enough to share out, large enough to pay.
  static let elementGrain = 1 << 15

  /// `f` of every element. The result is dense, in the order of `x`.
  @inline(__always)
  static func map<Scalar, F: UnaryFunction>(_ x: StridedArray<Scalar>, _ f: F) -> StridedArray<Scalar> {
    var result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.denseStrides(for: x.shape))
    mapInto(&result, x, f)
    return result
  }

  /// Writes `f` of every element of `x` over `result`, which may be `x` itself.
  @inline(__always)
  static func mapInto<Scalar, F: UnaryFunction>(
    _ result: inout StridedArray<Scalar>, _ x: StridedArray<Scalar>, _ f: F
  ) {
    if Scalar.self == Float.self {
      mapLoop(result.assuming(Float.self), x.assuming(Float.self), f)
    } else {
      mapLoop(result.assuming(Double.self), x.assuming(Double.self), f)
    }
  }

  /// `f` of every pair of elements after broadcasting; the caller has checked that the shapes agree.
  @inline(__always)
  static func zip<Scalar, F: BinaryFunction>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, shape: Shape, _ f: F
  ) -> StridedArray<Scalar> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides)
    zipInto(result, x, y, f)
    return result
  }

  /// Replaces `result` by `f(result, y)`, in its own memory if nobody else sees that; `y` broadcasts to its shape.
  @inline(__always)
  static func zipInPlace<Scalar, F: BinaryFunction>(
    _ result: inout StridedArray<Scalar>, _ y: StridedArray<Scalar>, _ f: F
  ) {
    guard result.isUniquelyOwned(), result.layout.isDense else {
      result = zip(result, y, shape: result.shape, f)
      return
    }
    result.storage.clearDerived()
    zipInto(result, result, y, f)
  }

  /// Writes `f` of every pair of elements over `result`, which may be `x` itself; both broadcast to its shape.
  @inline(__always)
  static func zipInto<Scalar, F: BinaryFunction>(
    _ result: StridedArray<Scalar>, _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, _ f: F
  ) {
    if Scalar.self == Float.self {
      zipLoop(result.assuming(Float.self), x.assuming(Float.self), y.assuming(Float.self), f)
    } else {
      zipLoop(result.assuming(Double.self), x.assuming(Double.self), y.assuming(Double.self), f)
    }
  }

  /// `f` of every triple of elements after broadcasting to `shape`.
  @inline(__always)
  static func zip<Scalar, F: TernaryFunction>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, _ z: StridedArray<Scalar>, shape: Shape, _ f: F
  ) -> StridedArray<Scalar> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout, z.layout)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides)
    if Scalar.self == Float.self {
      zipLoop(
        result.assuming(Float.self), x.assuming(Float.self), y.assuming(Float.self), z.assuming(Float.self), f
      )
    } else {
      zipLoop(
        result.assuming(Double.self), x.assuming(Double.self), y.assuming(Double.self),
        z.assuming(Double.self), f)
    }
    return result
  }

  /// Sets `count` elements to `value`.
  static func fill<Scalar: TensorScalar>(
    _ target: UnsafeMutablePointer<Scalar>, _ count: Int, with value: Scalar
  ) {
    if Scalar.self == Float.self {
      fillLoop(UnsafeMutableRawPointer(target).assumingMemoryBound(to: Float.self), count, Float(value))
    } else {
      fillLoop(UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self), count, Double(value))
    }
  }

  /// The elements in a block of their own, in row-major order.
  static func copy<Scalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    copy(x, strides: x.shape.rowMajorStrides)
  }
}

extension Layout {
  /// How these elements repeat when they broadcast to `target`, seen as [outer, inner]: the same row for each step
  /// of the outer axis, or one number for all of a row. `nil` where they do neither or lie otherwise in memory.
  fileprivate func repetition(over target: Layout) -> (outer: Int, inner: Int, isWholeRow: Bool)? {
    guard target.isContiguous, isContiguous, !target.shape.contains(0) else { return nil }
    let missing = target.rank - rank
    var (outer, inner) = (1, 1)
    var isWholeRow: Bool?
    for axis in target.shape.indices.reversed() where target.shape[axis] != 1 {
      let length = target.shape[axis]
      let repeats = axis < missing || shape[axis - missing] == 1
      // From the back: what the last axis does the inner part does, and the outer part the contrary.
      let whole = isWholeRow ?? !repeats
      isWholeRow = whole
      if repeats != whole, outer == 1 {
        inner *= length
      } else if repeats == whole {
        outer *= length
      } else {
        return nil
      }
    }
    return isWholeRow.map { (outer, inner, $0) }
  }

  /// Strides for a result of `shape` that follow the first operand of this shape, a dense one before one that
  /// repeats or skips memory.
  fileprivate static func elementwiseStrides(
    for shape: Shape, _ x: Layout, _ y: Layout, _ z: Layout? = nil
  ) -> [Int] {
    if x.shape == shape, x.isDense { return x.denseStrides(for: shape) }
    if y.shape == shape, y.isDense { return y.denseStrides(for: shape) }
    if let z, z.shape == shape, z.isDense { return z.denseStrides(for: shape) }
    let order = x.shape == shape ? x : y.shape == shape ? y : z?.shape == shape ? z : nil
    return order?.denseStrides(for: shape) ?? shape.rowMajorStrides
  }
}

/// The functions that ``Kernels/map`` and ``Kernels/zip`` apply, each beside the operation that uses it.
enum Functions {
  struct Identity: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x }
  }
}

// MARK: - Loops

private func mapLoop<S: TensorScalar, F: UnaryFunction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ f: F
) {
  let count = result.count
  withExtendedLifetime((result.storage, x.storage)) {
    if x.layout.strides == result.layout.strides, x.layout.isDense {
      let (r, p) = (result.pointer, x.pointer)
      Parallel.forEachRange(count, grain: Kernels.elementGrain) { range in
        f.apply(p + range.lowerBound, count: range.count, into: r + range.lowerBound)
      }
      return
    }
    let (r, p) = (storageStart(result), storageStart(x))
    forEachRunInParallel(StridedLoop([result.layout, x.layout])) { offsets, strides, length in
      let (r, rs) = (r + offsets[0], strides[0])
      let (p, ps) = (p + offsets[1], strides[1])
      if rs == 1, ps == 1 {
        f.apply(p, count: length, into: r)
      } else {
        for i in 0..<length { r[i &* rs] = f(p[i &* ps]) }
      }
    }
  }
}

private func fillLoop<S: TensorScalar>(_ target: UnsafeMutablePointer<S>, _ count: Int, _ value: S) {
  Parallel.forEachRange(count, grain: Kernels.elementGrain) { range in
    (target + range.lowerBound).initialize(repeating: value, count: range.count)
  }
}

private func zipLoop<S: TensorScalar, F: BinaryFunction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ y: StridedArray<S>, _ f: F
) {
  let count = result.count
  withExtendedLifetime((result.storage, x.storage, y.storage)) {
    let strides = result.layout.strides
    let isDense = result.layout.isDense
    let xIsFlat = isDense && x.shape == result.shape && x.layout.strides == strides
    let yIsFlat = isDense && y.shape == result.shape && y.layout.strides == strides
    let (r, p, q) = (result.pointer, x.pointer, y.pointer)
    if xIsFlat, yIsFlat {
      return Parallel.forEachRange(count, grain: Kernels.elementGrain) { range in
        for i in range { r[i] = f(p[i], q[i]) }
      }
    }
    if xIsFlat, y.count == 1 {
      return Parallel.forEachRange(count, grain: Kernels.elementGrain) { range in
        let b = q[0]
        for i in range { r[i] = f(p[i], b) }
      }
    }
    if yIsFlat, x.count == 1 {
      return Parallel.forEachRange(count, grain: Kernels.elementGrain) { range in
        let a = p[0]
        for i in range { r[i] = f(a, q[i]) }
      }
    }
    if xIsFlat, let repeats = y.layout.repetition(over: result.layout) {
      let (outer, inner) = (repeats.outer, repeats.inner)
      return Parallel.forEachRange(outer, grain: max(1, Kernels.elementGrain / inner)) { rows in
        for row in rows {
          let (r, p) = (r + row * inner, p + row * inner)
          if repeats.isWholeRow {
            for i in 0..<inner { r[i] = f(p[i], q[i]) }
          } else {
            let b = q[row]
            for i in 0..<inner { r[i] = f(p[i], b) }
          }
        }
      }
    }
    let views = [result.layout, x.layout.broadcast(to: result.shape), y.layout.broadcast(to: result.shape)]
    let (rBase, xBase, yBase) = (storageStart(result), storageStart(x), storageStart(y))
    forEachRunInParallel(StridedLoop(views)) { offsets, strides, length in
      let (r, rs) = (rBase + offsets[0], strides[0])
      let (p, ps) = (xBase + offsets[1], strides[1])
      let (q, qs) = (yBase + offsets[2], strides[2])
      if rs == 1, ps == 1, qs == 1 {
        for i in 0..<length { r[i] = f(p[i], q[i]) }
      } else if rs == 1, ps == 1, qs == 0 {
        let b = q[0]
        for i in 0..<length { r[i] = f(p[i], b) }
      } else if rs == 1, ps == 0, qs == 1 {
        let a = p[0]
        for i in 0..<length { r[i] = f(a, q[i]) }
      } else {
        for i in 0..<length { r[i &* rs] = f(p[i &* ps], q[i &* qs]) }
      }
    }
  }
}

private func zipLoop<S: TensorScalar, F: TernaryFunction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ y: StridedArray<S>, _ z: StridedArray<S>, _ f: F
) {
  let count = result.count
  withExtendedLifetime((result.storage, x.storage, y.storage, z.storage)) {
    if [x, y, z].allSatisfy({ $0.shape == result.shape && $0.layout.strides == result.layout.strides }) {
      let (r, p, q, s) = (result.pointer, x.pointer, y.pointer, z.pointer)
      return Parallel.forEachRange(count, grain: Kernels.elementGrain) { range in
        for i in range { r[i] = f(p[i], q[i], s[i]) }
      }
    }
    let views =
      [result.layout] + [x.layout, y.layout, z.layout].map { $0.broadcast(to: result.shape) }
    let (rBase, xBase, yBase, zBase) = (
      storageStart(result), storageStart(x), storageStart(y), storageStart(z)
    )
    forEachRunInParallel(StridedLoop(views)) { offsets, strides, length in
      let (r, rs) = (rBase + offsets[0], strides[0])
      let (p, ps) = (xBase + offsets[1], strides[1])
      let (q, qs) = (yBase + offsets[2], strides[2])
      let (s, ss) = (zBase + offsets[3], strides[3])
      for i in 0..<length { r[i &* rs] = f(p[i &* ps], q[i &* qs], s[i &* ss]) }
    }
  }
}

/// The start of a view's *storage*, to which the offsets of a ``StridedLoop`` are added.
@inline(__always)
func storageStart<S: TensorScalar>(_ array: StridedArray<S>) -> UnsafeMutablePointer<S> {
  array.pointer - array.layout.offset
}

/// Runs `body` for every run of `loop`, in parallel pieces whose bounds depend on the loop alone.
@inline(__always)
func forEachRunInParallel(
  _ loop: StridedLoop,
  _ body: (_ offsets: UnsafePointer<Int>, _ strides: UnsafePointer<Int>, _ length: Int) -> Void
) {
  loop.runStrides.withUnsafeBufferPointer { strides in
    let strides = strides.baseAddress!
    let runsAPiece = max(1, Kernels.elementGrain / max(loop.runLength, 1))
    Parallel.forEachRange(loop.runCount, grain: runsAPiece) { runs in
      loop.forEachRun(in: runs) { offsets in body(offsets, strides, loop.runLength) }
    }
  }
}
