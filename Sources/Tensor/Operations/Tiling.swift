extension Tensor {
  /// The tensor laid side by side, `counts[i]` times along axis i. d/dx is the gradient summed over the
  /// copies.
  ///
  /// ```swift
  /// Tensor<Float>([1, 2]).tiled(by: [3])  // 1, 2, 1, 2, 1, 2
  /// ```
  ///
  /// PyTorch has it as `tile` and `repeat`. An axis of length 1 is stretched without a copy by
  /// ``broadcast(to:)``.
  ///
  /// - Parameter counts: Of fewer counts than axes, the last belongs to the last axis; more make new axes in
  ///   front.
  /// - Precondition: No count is negative.
  public func tiled(by counts: [Int]) -> Tensor {
    ShapeCheck.require(counts.allSatisfy { $0 >= 0 }) { "tiled: the counts \(counts) contain a negative one" }
    let rank = Swift.max(self.rank, counts.count)
    let counts = Array(repeating: 1, count: rank - counts.count) + counts
    let lengths = Array(repeating: 1, count: rank - self.rank) + shape
    let tiled = zip(counts, lengths).map {
      ShapeCheck.length(
        $0.multipliedReportingOverflow(by: $1), "tiled", "\(shape) by the counts \(counts) has")
    }
    return reshaped(to: lengths.flatMap { [1, $0] })
      .broadcast(to: zip(counts, lengths).flatMap { [$0, $1] })
      .reshaped(to: tiled)
  }

  /// The tensor with every element along `axis` `count` times in a row. d/dx is the gradient summed over the
  /// copies.
  ///
  /// ```swift
  /// Tensor<Float>([1, 2]).repeated(3, axis: 0)  // 1, 1, 1, 2, 2, 2
  /// ```
  ///
  /// PyTorch has it as `repeat_interleave`, NumPy as `repeat`.
  ///
  /// - Parameters:
  ///   - count: How often each element comes.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: `count` is not negative.
  public func repeated(_ count: Int, axis: Int) -> Tensor {
    ShapeCheck.require(count >= 0) { "repeated: the count \(count) is negative" }
    let axis = ShapeCheck.axis("repeated", axis, rank: rank)
    var stretched = shape
    stretched.insert(count, at: axis + 1)
    var result = shape
    result[axis] = ShapeCheck.length(
      result[axis].multipliedReportingOverflow(by: count), "repeated",
      "axis \(axis) of \(shape), each element \(count) times, has")
    return expanded(axis: axis + 1).broadcast(to: stretched).reshaped(to: result)
  }

  /// The tensor with element i along `axis` `counts[i]` times in a row. d/dx is the gradient summed over the
  /// copies.
  ///
  /// - Parameters:
  ///   - counts: How often each element comes.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: There is a count for each element along `axis`, and none is negative.
  public func repeated(_ counts: [Int], axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("repeated", axis, rank: rank)
    ShapeCheck.require(counts.count == shape[axis] && counts.allSatisfy { $0 >= 0 }) {
      "repeated: the counts \(counts) are not one for each of \(shape[axis]) elements along axis \(axis) of \(shape)"
    }
    let total = counts.reduce(0) {
      ShapeCheck.length($0.addingReportingOverflow($1), "repeated", "the counts \(counts) add up to")
    }
    ShapeCheck.memory("repeated", for: total, of: Int.self)
    let positions = counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
    return gathered(AxisPositions(positions, axis: axis, of: shape))
  }
}
