extension Tensor where Scalar: TensorScalar {
  /// The slices at all positions of an axis, which they do not have any more.
  ///
  /// Their gradients are put together once. Slices by themselves would each pull one back that is as large as the whole:
  /// of a sequence, memory and time that grow with the square of its length.
  package func unstacked(axis: Int) -> [Tensor] {
    let axis = ShapeCheck.axis("unstacked", axis, rank: rank)
    let source = detached()
    let slices = (0..<shape[axis]).map { source.sliced($0, axis: axis) }
    guard isTracked, let first = slices.first else { return slices }
    let sliceShape = first.shape
    return record(
      "unstacked", outputs: slices,
      (self, { g in Tensor.stacked(g.map { $0 ?? .zeros(sliceShape) }, axis: axis) }))
  }

  /// Equal parts of the last axis, whose gradients are put together once.
  ///
  /// - Precondition: `count` divides its length.
  package func parted(_ count: Int) -> [Tensor] {
    let parts = detached().chunks(count, axis: -1)
    guard isTracked, let first = parts.first else { return parts }
    let partShape = first.shape
    return record(
      "parted", outputs: parts,
      (self, { g in Tensor.concatenated(g.map { $0 ?? .zeros(partShape) }, axis: -1) }))
  }

  /// Parts of `length` along the first axis, the last of which may be shorter, whose gradients are put together once.
  func segments(of length: Int) -> [Tensor] {
    let parts = detached().split(every: length)
    guard isTracked else { return parts }
    let shapes = parts.map(\.shape)
    return record(
      "segments", outputs: parts,
      (self, { g in Tensor.concatenated(zip(g, shapes).map { $0 ?? .zeros($1) }) }))
  }
}
