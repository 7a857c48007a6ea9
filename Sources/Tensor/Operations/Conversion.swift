extension Tensor {
  /// The elements of another tensor as this one's type; not tracked.
  ///
  /// ```swift
  /// let mask = x .> 0
  /// let share = Tensor<Float>(mask).mean()
  /// let tokens = Tensor<Int32>(Tensor<Float>([3, 1]))
  /// ```
  ///
  /// Numbers are rounded to the nearest, of two equally near ones to the even one; to integers they are cut towards zero,
  /// as by Swift's `Int(x)`. Truth values are 1 and 0; a number is true unless it is 0, so NaN is.
  ///
  /// - Precondition: The integer type holds every number; NaN, infinities and what is too large trap.
  /// - Complexity: O(n) for n elements; without a copy to the same type.
  public init<Other: TensorElement>(_ other: Tensor<Other>) {
    self.init(Kernels.convert(other.stored, to: Scalar.self), mapped: other.mapped)
  }

  /// Integers in row-major order, as a file or a computation on the host has them.
  ///
  /// - Parameters:
  ///   - integers: The numbers.
  ///   - shape: The lengths of the axes; `nil` for a single one.
  /// - Precondition: `Scalar` holds each number, and there are as many as `shape` needs.
  public init(integers: [Int], shape: Shape? = nil) where Scalar: TensorInteger {
    self.init(
      integers.map { integer in
        guard let element = Scalar(exactly: integer) else {
          ShapeCheck.fail("Tensor: the integer \(integer) is no \(Scalar.scalarName)")
        }
        return element
      }, shape: shape ?? [integers.count])
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The elements as `Int`s, in row-major order: what lists of positions and loops on the host take.
  ///
  /// ```swift
  /// for token in scores.argmax(axis: 1).integers { … }
  /// ```
  public var integers: [Int] {
    // By way of the loops of `convert`: here the type is not known, and each element would be asked for its own.
    Tensor<Int64>(self).array.withScalars { numbers in
      [Int](unsafeUninitializedCapacity: numbers.count) { integers, count in
        // Both have eight bytes.
        if let first = numbers.baseAddress, let target = integers.baseAddress {
          UnsafeMutableRawPointer(target).copyMemory(from: first, byteCount: 8 * numbers.count)
        }
        count = numbers.count
      }
    }
  }
}
