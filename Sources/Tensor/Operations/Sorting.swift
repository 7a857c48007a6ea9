extension Tensor where Scalar: TensorScalar {
  /// The elements along `axis` in order. Equal ones keep their order; NaN counts as larger than all numbers,
  /// as in PyTorch. d/dx is the gradient at the position that each element came from.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the back.
  ///   - descending: Whether the largest comes first.
  /// - Complexity: O(n) for each line of n elements, sorted by the bytes of the numbers.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    inOrder(axis, descending)
  }

  /// The positions along `axis` that put the elements in order: `x.gathered(at: x.argsort(), axis: -1)` is
  /// `x.sorted()`. Equal elements keep their order; NaN counts as larger than all numbers.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the back.
  ///   - descending: Whether the largest comes first.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int64> {
    orderPositions(axis, descending)
  }

  /// The `count` largest elements along `axis`, the largest first, and their positions; or the smallest, the
  /// smallest first. Of equal elements the first comes first; NaN counts as larger than all numbers.
  ///
  /// d/dx is the gradient at the position that each element came from.
  ///
  /// - Parameters:
  ///   - count: How many elements to take.
  ///   - axis: Negative ones count from the back.
  ///   - largest: Whether the largest are taken, not the smallest.
  /// - Precondition: There are `count` elements along `axis`.
  public func topK(
    _ count: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    top(count, axis, largest)
  }
}
