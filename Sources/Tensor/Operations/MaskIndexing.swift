extension Tensor {
  /// The elements where `mask` is true, one after the other along one axis: a mask of the shape of the first
  /// axes selects the parts that the other axes hold. d/dx is the gradient among zeros.
  ///
  /// ```swift
  /// x[where: x .> 0].mean()              // the mean of the positive elements
  /// x[where: x .< 0] = Tensor(0)         // in place
  /// rows[where: rows.sum(axes: [1]) .> 1]  // [N, D] gives [K, D]
  /// ```
  ///
  /// Assigning writes the new value, which broadcasts to the selected elements, in place when nobody else
  /// sees the tensor's memory. To choose between two tensors element by element there is `Tensor.where`.
  ///
  /// - Precondition: The mask's shape is that of the tensor's first axes, or of all.
  public subscript(where mask: Tensor<Bool>) -> Tensor {
    get {
      let flat = flattened(for: mask)
      return flat.gathered(AxisPositions(Kernels.truePositions(mask.array), axis: 0, of: flat.shape))
    }
    set {
      let shape = self.shape
      var flat = flattened(for: mask)
      // Lets go of the memory, so that it is written in place.
      self = .zeros([])
      flat[mask.nonzeroPositions] = newValue
      self = flat.reshaped(to: shape)
    }
  }

  /// The tensor with the axes that `mask` has made one.
  private func flattened(for mask: Tensor<Bool>) -> Tensor {
    ShapeCheck.require(shape.starts(with: mask.shape)) {
      "subscript: a mask of shape \(mask.shape) does not have the first axes of \(shape)"
    }
    return reshaped(to: [mask.count] + shape.dropFirst(mask.rank))
  }
}
