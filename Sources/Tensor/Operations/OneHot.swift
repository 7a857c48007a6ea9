extension Tensor where Scalar: TensorInteger {
  /// The labels as rows with a 1 at the label's position and zeros elsewhere: `[…]` gives `[…, count]`.
  ///
  /// ```swift
  /// let targets = scores.argmax(axis: 1).oneHot(count: 10, as: Double.self)
  /// ```
  ///
  /// - Parameters:
  ///   - count: The number of classes.
  ///   - type: The type of the result's elements: `Float` where nothing says another.
  /// - Precondition: All elements are in `0..<count`.
  public func oneHot<Result: TensorScalar>(count: Int, as type: Result.Type = Float.self) -> Tensor<Result> {
    .oneHot(integers, count: count).reshaped(to: shape + [count])
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The labels as rows with a 1 at the label's position and zeros elsewhere: N labels give `[N, count]`.
  ///
  /// - Parameters:
  ///   - labels: From 0.
  ///   - count: The number of classes.
  /// - Precondition: All labels are in `0..<count`.
  public static func oneHot(_ labels: [Int], count: Int) -> Tensor {
    for label in labels {
      ShapeCheck.require(0 <= label && label < count) {
        "oneHot: the label \(label) is not one of 0..<\(count)"
      }
    }
    ShapeCheck.validShape("oneHot", [count])
    let result = StridedArray<Scalar>(repeating: 0, shape: [labels.count, count])
    let ones = StridedArray<Scalar>(repeating: 1, shape: []).broadcast(to: [labels.count, 1])
    let positions = AxisPositions(axis: 1, shape: [labels.count, 1], values: labels, strides: [1, 0])
    Kernels.transfer(ones, result, positions, .write)
    return Tensor(result)
  }

  /// The coordinates of all points of a grid, from those along each of its axes: tensors of lengths M, N, … give as
  /// many of shape `[M, N, …]`, without a copy. d/dx is the gradient summed over the other axes.
  ///
  /// ```swift
  /// let grid = Tensor.meshgrid([y, x])
  /// let radius = (grid[0].square() + grid[1].square()).sqrt()
  /// ```
  ///
  /// The order is that of matrix indices, PyTorch's and NumPy's `indexing="ij"`.
  ///
  /// - Precondition: All tensors have rank 1.
  public static func meshgrid(_ coordinates: [Tensor]) -> [Tensor] {
    for tensor in coordinates {
      ShapeCheck.require(tensor.rank == 1) { "meshgrid: the shape \(tensor.shape) is not that of a list" }
    }
    let shape = coordinates.map(\.count)
    return coordinates.enumerated().map { axis, tensor in
      var own = [Int](repeating: 1, count: shape.count)
      own[axis] = shape[axis]
      return tensor.reshaped(to: own).broadcast(to: shape)
    }
  }
}
