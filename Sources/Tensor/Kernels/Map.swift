/// A function of one number, applied to every element. A value without state compiles to a tight loop.
protocol UnaryFunction: Sendable {
  func callAsFunction<Scalar: TensorScalar>(_ x: Scalar) -> Scalar
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
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides(for: shape, like: x, y))
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
    result.storage.derived.clear()
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
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides(for: shape, like: x, y, z))
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

  /// Strides for a result of `shape` that follow the first operand of this shape, a dense one before one that
  /// repeats or skips memory.
  private static func strides<Scalar>(for shape: Shape, like operands: StridedArray<Scalar>...) -> [Int] {
    var order: Layout?
    for operand in operands where operand.shape == shape {
      if operand.layout.isDense { return operand.layout.denseStrides(for: shape) }
      order = order ?? operand.layout
    }
    return order?.denseStrides(for: shape) ?? shape.rowMajorStrides
  }

  /// The elements in a block of their own, in row-major order.
  static func copy<Scalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    copy(x, strides: x.shape.rowMajorStrides)
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
        for i in range { r[i] = f(p[i]) }
      }
      return
    }
    let (r, p) = (storageStart(result), storageStart(x))
    forEachRunInParallel(StridedLoop([result.layout, x.layout])) { offsets, strides, length in
      let (r, rs) = (r + offsets[0], strides[0])
      let (p, ps) = (p + offsets[1], strides[1])
      if rs == 1, ps == 1 {
        for i in 0..<length { r[i] = f(p[i]) }
      } else {
        for i in 0..<length { r[i &* rs] = f(p[i &* ps]) }
      }
    }
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
