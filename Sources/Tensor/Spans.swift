// The elements as they lie in memory, for loops of one's own and for interfaces that take spans.

extension Tensor {
  /// Whether the elements lie side by side in row-major order, as ``span`` needs them.
  ///
  /// Tensors that are made from numbers and results of arithmetic mostly do; views do so by chance: transposed and
  /// expanded ones, slices of inner axes, and what convolutions give (channels last) do not.
  public var isContiguous: Bool { stored.layout.isContiguous }

  /// The same tensor with its elements side by side in row-major order: itself where they lie so, a copy elsewhere.
  /// Derivatives pass through.
  public func contiguous() -> Tensor {
    isContiguous ? self : Tensor(stored.contiguous(), origin: origin, mapped: mapped)
  }

  /// The elements of a contiguous tensor in row-major order, without a copy, for reading.
  ///
  /// ```swift
  /// func firstNegative(_ x: borrowing Tensor<Float>) -> Int? {
  ///   let elements = x.span
  ///   return elements.indices.first { elements[$0] < 0 }
  /// }
  /// ```
  ///
  /// The tensor cannot change while the span is used.
  ///
  /// - Precondition: The tensor is contiguous; see ``contiguous()``.
  public var span: Span<Scalar> {
    @_lifetime(borrow self)
    get {
      if isMapped { ShapeCheck.refuseMapped("span") }
      ShapeCheck.require(isContiguous) {
        "span: the elements of this tensor of shape \(shape) do not lie in row-major order; take it from contiguous()"
      }
      // The tensor owns the memory, and stays as it is as long as it is borrowed.
      let elements = unsafe Span(_unsafeStart: UnsafePointer(stored.pointer), count: stored.count)
      return unsafe _overrideLifetime(elements, borrowing: self)
    }
  }

  /// The elements in row-major order, for reading and writing; a tensor that shares its memory or is not contiguous is
  /// copied first, once.
  ///
  /// ```swift
  /// func clamp(_ x: inout Tensor<Float>) {
  ///   var elements = x.mutableSpan
  ///   for index in elements.indices where elements[index] < 0 { elements[index] = 0 }
  /// }
  /// ```
  ///
  /// Copies made before do not change. A tracked tensor becomes untracked, since its recorded history no longer tells
  /// how the numbers came to be.
  public var mutableSpan: MutableSpan<Scalar> {
    @_lifetime(&self)
    mutating get {
      if isMapped { ShapeCheck.refuseMapped("mutableSpan") }
      if isTracked { self = detached() }
      stored.makeContiguousAndWritable()
      let elements = unsafe MutableSpan(_unsafeStart: stored.pointer, count: stored.count)
      return unsafe _overrideLifetime(elements, mutating: &self)
    }
  }
}
