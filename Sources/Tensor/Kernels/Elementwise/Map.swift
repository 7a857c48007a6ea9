import CKernels

/// A function of one number, applied to every element. A value without state compiles to a tight loop.
protocol UnaryFunction: Sendable {
  func callAsFunction<Scalar: TensorScalar>(_ x: Scalar) -> Scalar
  /// The loop of `kernels` for neighbours, if there is one for their scalar.
  func kernel(_ kernels: ElementKernels) -> ckernels_map?
  /// Writes the function of `count` neighbours.
  func apply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, count: Int, into y: UnsafeMutablePointer<Scalar>)
}

extension UnaryFunction {
  @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { nil }

  @inline(__always)
  func apply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, count: Int, into y: UnsafeMutablePointer<Scalar>
  ) {
    if let kernel = kernel(Processor.best.elements(Scalar.self)) {
      kernel(x, count, y)
    } else {
      for i in 0..<count { y[i] = self(x[i]) }
    }
  }
}

/// A function of two numbers, applied to pairs of elements.
protocol BinaryFunction: Sendable {
  func callAsFunction<Scalar: TensorScalar>(_ x: Scalar, _ y: Scalar) -> Scalar
  /// The loop of `kernels` for pairs of neighbours, if there is one for their scalar.
  func kernel(_ kernels: ElementKernels) -> ckernels_pairs?
}

extension BinaryFunction {
  @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_pairs? { nil }
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

// A loop over a row is compiled for each function and scalar; the walk over an array's rows, once.

private func mapLoop<S: TensorScalar, F: UnaryFunction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ f: F
) {
  let (r, p) = (storageStart(result), storageStart(x))
  defer { withExtendedLifetime((result.storage, x.storage)) {} }
  forEachRow(of: result.layout, x.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (p, ps) = (p + start[1], step[1])
    if rs == 1, ps == 1 {
      f.apply(p, count: count, into: r)
    } else {
      for i in 0..<count { r[i &* rs] = f(p[i &* ps]) }
    }
  }
}

private func fillLoop<S: TensorScalar>(_ target: UnsafeMutablePointer<S>, _ count: Int, _ value: S) {
  Parallel.forEachEvenRange(count, atMost: Kernels.elementGrain) { range in
    (target + range.lowerBound).initialize(repeating: value, count: range.count)
  }
}

private func zipLoop<S: TensorScalar, F: BinaryFunction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ y: StridedArray<S>, _ f: F
) {
  let (r, p, q) = (storageStart(result), storageStart(x), storageStart(y))
  defer { withExtendedLifetime((result.storage, x.storage, y.storage)) {} }
  forEachRow(of: result.layout, x.layout, y.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (p, ps) = (p + start[1], step[1])
    let (q, qs) = (q + start[2], step[2])
    if rs == 1, 0...1 ~= ps, 0...1 ~= qs, let kernel = f.kernel(Processor.best.elements(S.self)) {
      kernel(p, ps, q, qs, count, r)
    } else if rs == 1, ps == 1, qs == 1 {
      for i in 0..<count { r[i] = f(p[i], q[i]) }
    } else if rs == 1, ps == 1, qs == 0 {
      let b = q[0]
      for i in 0..<count { r[i] = f(p[i], b) }
    } else if rs == 1, ps == 0, qs == 1 {
      let a = p[0]
      for i in 0..<count { r[i] = f(a, q[i]) }
    } else {
      for i in 0..<count { r[i &* rs] = f(p[i &* ps], q[i &* qs]) }
    }
  }
}

private func zipLoop<S: TensorScalar, F: TernaryFunction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ y: StridedArray<S>, _ z: StridedArray<S>, _ f: F
) {
  let (r, p, q, s) = (storageStart(result), storageStart(x), storageStart(y), storageStart(z))
  defer { withExtendedLifetime((result.storage, x.storage, y.storage, z.storage)) {} }
  forEachRow(of: result.layout, x.layout, y.layout, z.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (p, ps) = (p + start[1], step[1])
    let (q, qs) = (q + start[2], step[2])
    let (s, ss) = (s + start[3], step[3])
    if rs == 1, ps == 1, qs == 1, ss == 1 {
      for i in 0..<count { r[i] = f(p[i], q[i], s[i]) }
    } else {
      for i in 0..<count { r[i &* rs] = f(p[i &* ps], q[i &* qs], s[i &* ss]) }
    }
  }
}
