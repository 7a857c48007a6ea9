extension Tensor where Scalar: TensorScalar {
  /// Calls `body` with the elements of this tensor and of another in one and the same order: that of memory,
  /// without a copy, where both lie alike and without gaps; else row-major.
  ///
  /// - Precondition: The shapes are equal.
  func withUnsafeScalars<Result>(
    pairedWith other: Tensor,
    _ body: (UnsafeBufferPointer<Scalar>, UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    ShapeCheck.require(shape == other.shape) { "the shapes \(shape) and \(other.shape) differ" }
    guard array.layout.strides == other.array.layout.strides, array.layout.isDense else {
      return try withUnsafeScalars { a in try other.withUnsafeScalars { b in try body(a, b) } }
    }
    return try withExtendedLifetime((array.storage, other.array.storage)) {
      try body(
        UnsafeBufferPointer(start: array.pointer, count: count),
        UnsafeBufferPointer(start: other.array.pointer, count: count))
    }
  }
}
