extension Tensor where Scalar: TensorScalar {
  /// The largest element up to each one along `axis`, and its position there, the last one of equals. From the first NaN on
  /// all are NaN. d/dx is the gradient at the position that each element came from.
  ///
  /// PyTorch has it as `cummax`, NumPy as `maximum.accumulate`.
  ///
  /// - Parameter axis: Negative ones count from the back.
  public func cumulativeMax(axis: Int) -> (values: Tensor, positions: Tensor<Int64>) {
    runningExtreme("cumulativeMax", axis, isLargest: true)
  }

  /// The smallest element up to each one along `axis`, and its position there, the last one of equals. From the first NaN
  /// on all are NaN. d/dx is the gradient at the position that each element came from.
  ///
  /// PyTorch has it as `cummin`, NumPy as `minimum.accumulate`.
  ///
  /// - Parameter axis: Negative ones count from the back.
  public func cumulativeMin(axis: Int) -> (values: Tensor, positions: Tensor<Int64>) {
    runningExtreme("cumulativeMin", axis, isLargest: false)
  }

  private func runningExtreme(
    _ name: String, _ axis: Int, isLargest: Bool
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    let axis = ShapeCheck.axis(name, axis, rank: rank)
    if isMapped {
      return bothThroughMapped { x, shift in x.runningExtreme(name, axis + shift, isLargest: isLargest) }
    }
    let order = shape.indices.filter { $0 != axis } + [axis]
    let lines = array.transposed(order)
    let stored = lines.shape.rowMajorStrides
    var strides = stored
    for (place, source) in order.enumerated() { strides[source] = stored[place] }
    let values = runningPositions(lines.contiguous(), length: shape[axis], isLargest)
    let positions = AxisPositions(axis: axis, shape: shape, values: values, strides: strides)
    return (gathered(positions), Tensor<Int64>(positions))
  }
}

/// For each element of lines that lie one after the other, where the extreme of those up to it is.
@specialized(where S == Float)
@specialized(where S == Double)
private func runningPositions<S: TensorScalar>(
  _ lines: StridedArray<S>, length: Int, _ isLargest: Bool
) -> [Int] {
  lines.withScalars { source in
    [Int](unsafeUninitializedCapacity: source.count) { target, initialized in
      initialized = source.count
      for start in stride(from: 0, to: source.count, by: Swift.max(length, 1)) {
        var best = 0
        for i in 0..<length {
          let (x, y) = (source[start + i], source[start + best])
          if isLargest ? x >= y : x <= y { best = i } else if x != x { best = i }
          target[start + i] = best
        }
      }
    }
  }
}
