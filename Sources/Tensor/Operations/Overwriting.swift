// Elements written at positions: the tensor itself does not change.

extension Tensor where Scalar: TensorScalar {
  /// The tensor with `values` in place of the elements at each line's own `positions` along `axis`; of several at one
  /// position the last stays. d/dx is the gradient beside the positions, d/dvalues that at the positions.
  ///
  /// PyTorch has it as `scatter`, NumPy as `put_along_axis`. What is added instead is ``scatterAdding(_:at:axis:)``.
  ///
  /// - Parameters:
  ///   - values: Of the shape of the positions.
  ///   - positions: Integers of any type; negative ones count from the back.
  ///   - axis: The axis that is indexed; negative ones count from the back.
  /// - Precondition: The shapes of the tensor and of the positions agree beside `axis`; all positions are in range. A
  ///   derivative is right only where the positions of each line are different.
  public func scattering<Position: TensorInteger>(
    _ values: Tensor, at positions: Tensor<Position>, axis: Int
  ) -> Tensor {
    ShapeCheck.require(values.shape == positions.shape) {
      "scattering: values of shape \(values.shape) for positions of shape \(positions.shape)"
    }
    let axis = ShapeCheck.axis("scattering", axis, rank: rank)
    if isMapped || values.isMapped || positions.isMapped {
      let scope = MappingScope.open([mapped, values.mapped, positions.mapped].reduce(.none, deepest))
      return lifted(to: scope).scattering(
        values.lifted(to: scope), at: positions.lifted(to: scope), axis: axis + scope.lengths.count
      ).asMapped(scope.axes)
    }
    let rows = AxisPositions("scattering", each: positions, axis: axis, of: shape)
    return overwritten(by: values, at: rows)
  }

  private func overwritten(by values: Tensor, at rows: AxisPositions) -> Tensor {
    let result = Kernels.changed(array, by: values.array, at: rows, .write)
    return record(
      "scattering", Tensor(result),
      (self, { g in g.overwritten(by: .zeros(rows.shape), at: rows) }), (values, { g in g.gathered(rows) }))
  }
}

extension Tensor {
  /// The tensor with `value` at `positions` along `axis`. d/dx is 0 there, else the gradient.
  ///
  /// PyTorch has it as `index_fill`.
  ///
  /// - Parameters:
  ///   - positions: Integers of any type; negative ones count from the back.
  ///   - axis: The axis that is indexed; negative ones count from the back.
  ///   - value: What is written.
  /// - Precondition: All positions are in range.
  public func indexFilled<Position: TensorInteger>(
    at positions: Tensor<Position>, axis: Int, with value: Scalar
  ) -> Tensor {
    let axis = ShapeCheck.axis("indexFilled", axis, rank: rank)
    var isFilled = [Bool](repeating: false, count: shape[axis])
    for position in AxisPositions.resolved("indexFilled", positions.integers, axis, of: shape) {
      isFilled[position] = true
    }
    let mask = Tensor<Bool>(isFilled, shape: [shape[axis]] + shape[(axis + 1)...].map { _ in 1 })
    return maskedFill(where: mask, with: value)
  }
}
