extension Tensor {
  /// Parts of the given lengths along `axis`, in order, without a copy; the inverse of `concatenated`. d/dx
  /// is each part's gradient in its place.
  ///
  /// - Parameters:
  ///   - lengths: Of the parts.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: No length is negative, and their sum is the axis's length.
  public func split(lengths: [Int], axis: Int = 0) -> [Tensor] {
    let axis = ShapeCheck.axis("split", axis, rank: rank)
    ShapeCheck.require(lengths.allSatisfy { $0 >= 0 }) {
      "split: the lengths \(lengths) contain a negative one"
    }
    let total = lengths.reduce(0) {
      ShapeCheck.length($0.addingReportingOverflow($1), "split", "the lengths \(lengths) add up to")
    }
    ShapeCheck.require(total == shape[axis]) {
      "split: the lengths \(lengths) add up to \(total), not to the \(shape[axis]) elements along axis \(axis) of "
        + "\(shape)"
    }
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return sliced(start..<start + length, axis: axis)
    }
  }

  /// Parts of `length` along `axis`, of which the last may be shorter, without a copy.
  ///
  /// - Parameters:
  ///   - length: Of the parts.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: `length` is positive.
  public func split(every length: Int, axis: Int = 0) -> [Tensor] {
    ShapeCheck.require(length > 0) { "split: the length \(length) of the parts is not positive" }
    let axis = ShapeCheck.axis("split", axis, rank: rank)
    // An axis of length 0 is one part.
    let whole = Swift.max(shape[axis], 1)
    let length = Swift.min(length, whole)
    return stride(from: 0, to: whole, by: length).map { start in
      sliced(start..<Swift.min(start + length, shape[axis]), axis: axis)
    }
  }

  /// At most `count` parts of equal length along `axis`, of which the last may be shorter, without a copy.
  ///
  /// As in PyTorch the parts are as long as it takes for `count` of them, so there can be fewer: 6 elements
  /// in 4 chunks are 3 chunks of 2.
  ///
  /// - Parameters:
  ///   - count: The number of parts.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: `count` is positive.
  public func chunks(_ count: Int, axis: Int = 0) -> [Tensor] {
    ShapeCheck.require(count > 0) { "chunks: the count \(count) is not positive" }
    let axis = ShapeCheck.axis("chunks", axis, rank: rank)
    if shape[axis] == 0 {
      ShapeCheck.memory("chunks", for: count, of: Tensor.self)
      return Array(repeating: self, count: count)
    }
    // Rounded up.
    return split(every: (shape[axis] - 1) / count + 1, axis: axis)
  }
}
