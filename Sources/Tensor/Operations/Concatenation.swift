extension Tensor {
  /// The tensors one after the other along `axis`; their other lengths agree. d/dxᵢ is the gradient's part that
  /// belongs to xᵢ.
  ///
  /// - Parameters:
  ///   - tensors: What is put together, in this order.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: There is one tensor at least, and all have the same rank, not 0.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    ShapeCheck.require(!tensors.isEmpty) { "concatenated: there are no tensors" }
    ShapeCheck.require(tensors[0].rank > 0) { "concatenated: a tensor of rank 0 has no axis; use stacked" }
    let axis = ShapeCheck.axis("concatenated", axis, rank: tensors[0].rank)
    var shape = tensors[0].shape
    shape[axis] = 0
    var slices: [AxisSlices] = []
    for tensor in tensors {
      var expected = tensor.shape
      if expected.indices.contains(axis) { expected[axis] = shape[axis] }
      ShapeCheck.require(expected == shape) {
        "concatenated: the shapes \(tensors[0].shape) and \(tensor.shape) differ beside axis \(axis)"
      }
      var slice = AxisSlices(all: tensor.shape)
      slice.axes[axis].start = shape[axis]
      slices.append(slice)
      shape[axis] = ShapeCheck.length(
        shape[axis].addingReportingOverflow(tensor.shape[axis]), "concatenated",
        "axis \(axis) of the \(tensors.count) tensors has")
    }
    if tensors.count == 1 { return tensors[0] }
    if tensors.contains(where: \.isMapped) {
      let scope = MappingScope.open(tensors.map(\.mapped).reduce(.none, deepest))
      return concatenated(tensors.map { $0.lifted(to: scope) }, axis: axis + scope.lengths.count)
        .asMapped(scope.axes)
    }
    let result = StridedArray<Scalar>(
      uninitialized: shape, strides: tensors[0].array.layout.denseStrides(for: shape))
    for (tensor, slice) in zip(tensors, slices) {
      Kernels.copyInto(result.sliced(slice), tensor.array)
    }
    return record(
      "concatenated", Tensor(result),
      inputs: zip(tensors, slices).map { tensor, slice in (tensor, { g in g.sliced(slice) }) },
      pushingJointly: { tangents in
        .concatenated(zip(tensors, tangents).map { $1 ?? .zeros($0.shape) }, axis: axis)
      })
  }

  /// The tensors, all of one shape, along a new axis: `stacked([x, y])[1]` is y.
  ///
  /// - Parameters:
  ///   - tensors: What is put together, in this order.
  ///   - axis: Where the new axis is in the result; negative ones count from the back.
  /// - Precondition: There is one tensor at least, and all have the same shape.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    ShapeCheck.require(!tensors.isEmpty) { "stacked: there are no tensors" }
    for tensor in tensors {
      ShapeCheck.require(tensor.shape == tensors[0].shape) {
        "stacked: the shapes \(tensors[0].shape) and \(tensor.shape) differ"
      }
    }
    let axis = ShapeCheck.axis("stacked", axis, rank: tensors[0].rank + 1)
    return concatenated(tensors.map { $0.expanded(axis: axis) }, axis: axis)
  }
}
