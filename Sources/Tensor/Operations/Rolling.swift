extension Tensor {
  /// The tensor with its elements moved by `shift` positions along `axis`; what leaves at one end comes in at
  /// the other. d/dx is the gradient moved back.
  ///
  /// PyTorch has it as `roll`.
  ///
  /// - Parameters:
  ///   - shift: How far; negative for towards the front. More than the axis's length goes round again.
  ///   - axis: Negative ones count from the back.
  public func rolled(by shift: Int, axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("rolled", axis, rank: rank)
    let length = shape[axis]
    // How many elements come round to the front.
    let wrapped = length == 0 ? 0 : (shift % length + length) % length
    if wrapped == 0 { return self }
    let source = detached()
    let parts = [
      source.sliced((length - wrapped)..., axis: axis), source.sliced(..<(length - wrapped), axis: axis),
    ]
    return record(
      "rolled", .concatenated(parts, axis: axis), (self, { g in g.rolled(by: -wrapped, axis: axis) }))
  }

  /// The tensor with the elements along `axes` in reverse order, without a copy. d/dx is the gradient
  /// reversed.
  ///
  /// PyTorch has it as `flip`.
  ///
  /// - Parameter axes: The axes to reverse, negative ones counted from the back; `nil` for all.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    let axes = ShapeCheck.axes("flipped", axes, rank: rank)
    var slice = AxisSlices(all: shape)
    for axis in axes where shape[axis] > 1 {
      slice.axes[axis] = AxisSlices.Axis(start: shape[axis] - 1, step: -1, count: shape[axis])
    }
    if slice.isWhole(of: shape) { return self }
    if isMapped { return throughMapped { x, shift in x.flipped(axes: axes.map { $0 + shift }) } }
    return record("flipped", Tensor(array.sliced(slice)), (self, { g in g.flipped(axes: axes) }))
  }
}
