extension Tensor<Bool> {
  /// Whether both are true, for every pair of elements; shapes broadcast.
  public static func .& (x: Tensor, y: Tensor) -> Tensor { connected(".&", x, y, .and) }
  /// Whether one of two is true, or both, for every pair of elements; shapes broadcast.
  public static func .| (x: Tensor, y: Tensor) -> Tensor { connected(".|", x, y, .or) }
  /// Whether one of two is true, but not both, for every pair of elements; shapes broadcast.
  public static func .^ (x: Tensor, y: Tensor) -> Tensor { connected(".^", x, y, .exclusiveOr) }
  /// Whether an element is false, for every one.
  public static prefix func .! (x: Tensor) -> Tensor { connected(".!", x, Tensor(true), .exclusiveOr) }

  /// Whether some element along `axes`, or of all, is true. Of no elements none is.
  ///
  /// ```swift
  /// if (loss .!= loss).any().scalar { … }  // there is a NaN
  /// ```
  ///
  /// - Parameters:
  ///   - axes: The axes to look along, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the axes stay, with length 1.
  public func any(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    counted("any", axes, keepingDimensions).counts .> 0
  }

  /// Whether each element along `axes`, or of all, is true. Of no elements each is.
  ///
  /// - Parameters:
  ///   - axes: The axes to look along, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the axes stay, with length 1.
  public func all(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let (counts, length) = counted("all", axes, keepingDimensions)
    return counts .== Int64(length)
  }

  /// How many elements along `axes`, or of all, are true.
  ///
  /// - Parameters:
  ///   - axes: The axes to count along, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the axes stay, with length 1.
  public func countTrue(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor<Int64> {
    counted("countTrue", axes, keepingDimensions).counts
  }

  /// The counts along `axes`, and of how many elements they are.
  private func counted(
    _ name: String, _ axes: [Int]?, _ keepingDimensions: Bool
  ) -> (counts: Tensor<Int64>, length: Int) {
    let axes = ShapeCheck.axes(name, axes, rank: rank)
    if isMapped {
      let (counts, length) = plain.counted(name, axes.map { $0 + mappedCount }, keepingDimensions)
      return (counts.asMapped(mapped), length)
    }
    let (lines, reduced) = self.lines(along: axes, keepingDimensions)
    return (Tensor<Int64>(Kernels.countTrue(lines.array)).reshaped(to: reduced), lines.shape[1])
  }

  private static func connected(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ connective: Connective
  ) -> Tensor {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    return Tensor(Kernels.connect(pair.x, pair.y, shape: pair.shape, connective), mapped: pair.mapped)
  }
}

extension Tensor {
  /// The elements along `axes`, which are sorted, as rows of a matrix, and the shape of a reduction along them.
  func lines(along axes: [Int], _ keepingDimensions: Bool) -> (lines: Tensor, shape: Shape) {
    let kept = shape.indices.filter { !axes.contains($0) }
    let lengths = [kept.map { shape[$0] }.elementCount, axes.map { shape[$0] }.elementCount]
    let lines = detached().transposed(axes: kept + axes).reshaped(to: lengths)
    if !keepingDimensions { return (lines, kept.map { shape[$0] }) }
    return (lines, shape.indices.map { axes.contains($0) ? 1 : shape[$0] })
  }
}
