extension Kernels {
  /// Elements that one piece of parallel work handles: small enough to share out, large enough to pay.
  static let elementGrain = 1 << 15

  /// `f` of every element. The result is dense, in the order of `x`.
  @inline(__always)
  static func map<Scalar: TensorScalar>(_ x: StridedArray<Scalar>, _ f: some ElementFunction) -> StridedArray<
    Scalar
  > {
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.denseStrides(for: x.shape))
    if Scalar.self == Float.self {
      mapRows(Rows<Float>(result), Rows(x)) { f.apply($0, $1, $2) }
    } else {
      mapRows(Rows<Double>(result), Rows(x)) { f.apply($0, $1, $2) }
    }
    keepAlive(result, x)
    return result
  }

  /// `f` of every pair of elements after broadcasting; the caller has checked that the shapes agree.
  @inline(__always)
  static func zip<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, shape: Shape, _ f: some PairFunction
  ) -> StridedArray<Scalar> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides)
    zipInto(result, x, y, f)
    return result
  }

  /// Replaces `result` by `f(result, y)`, in its own memory if nobody else sees that; `y` broadcasts to its shape.
  @inline(__always)
  static func zipInPlace<Scalar: TensorScalar>(
    _ result: inout StridedArray<Scalar>, _ y: StridedArray<Scalar>, _ f: some PairFunction
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
  static func zipInto<Scalar: TensorScalar>(
    _ result: StridedArray<Scalar>, _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>,
    _ f: some PairFunction
  ) {
    if Scalar.self == Float.self {
      zipRows(Rows<Float>(result), Rows(x), Rows(y)) { f.apply($0, $1, $2, $3, $4, $5) }
    } else {
      zipRows(Rows<Double>(result), Rows(x), Rows(y)) { f.apply($0, $1, $2, $3, $4, $5) }
    }
    keepAlive(result, x, y)
  }

  /// Sets `count` elements to `value`.
  static func fill<Scalar: TensorElement>(
    _ target: UnsafeMutablePointer<Scalar>, _ count: Int, with value: Scalar
  ) {
    let target = UnsafeMutableRawPointer(target)
    switch MemoryLayout<Scalar>.size {
    case 1: fillLoop(target, count, unsafeBitCast(value, to: UInt8.self))
    case 2: fillLoop(target, count, unsafeBitCast(value, to: BFloat16.self))
    case 4: fillLoop(target, count, unsafeBitCast(value, to: Float.self))
    default: fillLoop(target, count, unsafeBitCast(value, to: Double.self))
    }
  }

  /// Sets `count` elements to 0, or to `false`.
  static func fillWithZeros<Scalar: TensorElement>(_ target: UnsafeMutablePointer<Scalar>, _ count: Int) {
    let target = UnsafeMutableRawPointer(target)
    switch MemoryLayout<Scalar>.size {
    case 1: fillLoop(target, count, 0 as UInt8)
    case 2: fillLoop(target, count, BFloat16(bitPattern: 0))
    case 4: fillLoop(target, count, 0 as Float)
    default: fillLoop(target, count, 0 as Double)
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
  static func elementwiseStrides(
    for shape: Shape, _ x: Layout, _ y: Layout, _ z: Layout? = nil
  ) -> [Int] {
    if x.shape == shape, x.isDense { return x.denseStrides(for: shape) }
    if y.shape == shape, y.isDense { return y.denseStrides(for: shape) }
    if let z, z.shape == shape, z.isDense { return z.denseStrides(for: shape) }
    let order = x.shape == shape ? x : y.shape == shape ? y : z?.shape == shape ? z : nil
    return order?.denseStrides(for: shape) ?? shape.rowMajorStrides
  }
}

// MARK: - Loops

private func fillLoop<Bits: BitwiseCopyable>(
  _ target: UnsafeMutableRawPointer, _ count: Int, _ value: Bits
) {
  let target = target.assumingMemoryBound(to: Bits.self)
  Parallel.forEachEvenRange(count, atMost: Kernels.elementGrain) { range in
    (target + range.lowerBound).initialize(repeating: value, count: range.count)
  }
}
