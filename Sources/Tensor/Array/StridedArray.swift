/// A strided view of numbers in a storage: what kernels take and return. It knows nothing of derivatives.
struct StridedArray<Scalar: TensorElement>: @unchecked Sendable {
  private(set) var storage: Storage
  var layout: Layout

  init(storage: Storage, layout: Layout) {
    self.storage = storage
    self.layout = layout
  }

  var shape: Shape { layout.shape }
  var count: Int { layout.shape.elementCount }

  /// The first element of the view. Valid while the array is alive: keep it so with `withExtendedLifetime`
  /// or use ``withScalars``.
  var pointer: UnsafeMutablePointer<Scalar> {
    storage.bytes.assumingMemoryBound(to: Scalar.self) + layout.offset
  }

  /// A new array with memory of its own, whose elements are not yet set.
  ///
  /// - Parameter isLasting: Whether it will be there for long; see ``Tensor/lasting()``.
  init(uninitialized shape: Shape, strides: [Int]? = nil, isLasting: Bool = false) {
    let (bytes, overflow) = shape.elementCount.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    if overflow { ShapeCheck.fail("Tensor: the shape \(shape) has more bytes than Int can count") }
    storage = Storage(byteCount: bytes, isLasting: isLasting)
    layout = Layout(shape: shape, strides: strides ?? shape.rowMajorStrides)
  }

  /// A new array in row-major order that `fill` sets, all elements of it.
  init(_ shape: Shape, strides: [Int]? = nil, fill: (UnsafeMutableBufferPointer<Scalar>) -> Void) {
    self.init(uninitialized: shape, strides: strides)
    fill(UnsafeMutableBufferPointer(start: pointer, count: count))
  }

  init(repeating value: Scalar, shape: Shape, strides: [Int]? = nil) {
    self.init(uninitialized: shape, strides: strides)
    Kernels.fill(pointer, count, with: value)
  }

  /// Zeros, or `false`.
  init(zeros shape: Shape, strides: [Int]? = nil) {
    self.init(uninitialized: shape, strides: strides)
    Kernels.fillWithZeros(pointer, count)
  }

  /// The elements in row-major order, without a copy when they lie so already.
  func contiguous() -> StridedArray { layout.isContiguous ? self : Kernels.copy(self) }

  /// Calls `body` with the elements in row-major order.
  func withScalars<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    let array = contiguous()
    return try withExtendedLifetime(array.storage) {
      try body(UnsafeBufferPointer(start: array.pointer, count: array.count))
    }
  }

  /// As ``withScalars``, for a caller that needs the elements only now: memory that is deferred does not stay.
  func withTransientScalars<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    guard layout.isContiguous else { return try withScalars(body) }
    return try storage.withTransientBytes { bytes in
      let first = bytes.assumingMemoryBound(to: Scalar.self) + layout.offset
      return try body(UnsafeBufferPointer(start: first, count: count))
    }
  }

  /// Calls `body` with the elements in row-major order for writing; copies them first if they are shared,
  /// borrowed or not contiguous.
  mutating func withMutableScalars<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    makeContiguousAndWritable()
    return try body(UnsafeMutableBufferPointer(start: pointer, count: count))
  }

  /// Makes the elements a block in row-major order that only this array sees. What was derived from the old elements is
  /// forgotten.
  mutating func makeContiguousAndWritable() {
    if !isUniquelyOwned() || !layout.isContiguous { self = Kernels.copy(self) }
    storage.clearDerived()
  }

  /// Makes the elements a dense block that only this array sees, so that a kernel may write into it. What was
  /// derived from the old elements is forgotten.
  mutating func makeWritable() {
    if !isUniquelyOwned() || !layout.isDense { self = Kernels.copy(self) }
    storage.clearDerived()
  }

  /// Whether nobody else sees the storage, so that a kernel may write into it.
  mutating func isUniquelyOwned() -> Bool { isKnownUniquelyReferenced(&storage) && !storage.isBorrowed }

  /// The same elements under another shape of as many; a view where strides allow it, else a copy.
  func reshaped(to shape: Shape) -> StridedArray {
    if let view = layout.reshaped(to: shape) { return StridedArray(storage: storage, layout: view) }
    let copy = Kernels.copy(self)
    return StridedArray(storage: copy.storage, layout: Layout(shape))
  }

  /// A view whose axis `i` is this one's axis `axes[i]`.
  func transposed(_ axes: [Int]) -> StridedArray {
    StridedArray(
      storage: storage,
      layout: Layout(
        shape: axes.map { layout.shape[$0] }, strides: axes.map { layout.strides[$0] }, offset: layout.offset)
    )
  }

  func broadcast(to shape: Shape) -> StridedArray {
    shape == self.shape ? self : StridedArray(storage: storage, layout: layout.broadcast(to: shape))
  }

  /// The same view under its concrete element type; the caller has checked that `Scalar` is `Other`, or as wide where the
  /// elements are only moved.
  @inline(__always)
  func assuming<Other: TensorElement>(_: Other.Type) -> StridedArray<Other> {
    StridedArray<Other>(storage: storage, layout: layout)
  }
}
