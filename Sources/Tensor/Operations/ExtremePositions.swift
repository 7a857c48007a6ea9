extension Tensor where Scalar: TensorScalar {
  /// The position of the largest element along `axis`, the first one of several; the first NaN counts as the
  /// largest. Without an axis, the position among all elements in row-major order.
  ///
  /// The result, whose elements are whole numbers, is not tracked.
  ///
  /// - Parameters:
  ///   - axis: The axis to look along, negative ones counted from the back; `nil` for all elements.
  ///   - keepingDimensions: Whether the axis stays, or all axes, with length 1.
  /// - Precondition: There is at least one element to choose from, and `Scalar` can tell the positions apart:
  ///   no more than 2²⁴ elements along `axis` for `Float`.
  public func argmax(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor {
    position("argmax", axis, keepingDimensions, .largest)
  }

  /// The position of the smallest element along `axis`, the first one of several; the first NaN counts as the
  /// smallest. Without an axis, the position among all elements in row-major order.
  ///
  /// The result, whose elements are whole numbers, is not tracked.
  ///
  /// - Parameters:
  ///   - axis: The axis to look along, negative ones counted from the back; `nil` for all elements.
  ///   - keepingDimensions: Whether the axis stays, or all axes, with length 1.
  /// - Precondition: There is at least one element to choose from, and `Scalar` can tell the positions apart:
  ///   no more than 2²⁴ elements along `axis` for `Float`.
  public func argmin(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor {
    position("argmin", axis, keepingDimensions, .smallest)
  }

  /// The largest element along `axis` and its position there, the first one of several; the first NaN counts as
  /// the largest.
  ///
  /// The derivative of `values` is 1 for the element at that position alone; `positions` is not tracked.
  ///
  /// - Parameters:
  ///   - axis: The axis to reduce; negative ones count from the back.
  ///   - keepingDimensions: Whether the axis stays, with length 1.
  /// - Precondition: As for ``argmax(axis:keepingDimensions:)``.
  public func maxWithPositions(
    axis: Int, keepingDimensions: Bool = false
  ) -> (values: Tensor, positions: Tensor) {
    positionedExtreme("maxWithPositions", axis, keepingDimensions, .largest)
  }

  /// The smallest element along `axis` and its position there, the first one of several; the first NaN counts as
  /// the smallest.
  ///
  /// The derivative of `values` is 1 for the element at that position alone; `positions` is not tracked.
  ///
  /// - Parameters:
  ///   - axis: The axis to reduce; negative ones count from the back.
  ///   - keepingDimensions: Whether the axis stays, with length 1.
  /// - Precondition: As for ``argmin(axis:keepingDimensions:)``.
  public func minWithPositions(
    axis: Int, keepingDimensions: Bool = false
  ) -> (values: Tensor, positions: Tensor) {
    positionedExtreme("minWithPositions", axis, keepingDimensions, .smallest)
  }

  @inline(__always)
  private func position(
    _ name: StaticString, _ axis: Int?, _ keepingDimensions: Bool, _ preference: Preference
  ) -> Tensor {
    if let axis { return detached().positionedExtreme(name, axis, keepingDimensions, preference).positions }
    let position = flattened(name).positionedExtreme(name, 0, false, preference).positions
    return keepingDimensions ? position.reshaped(to: shape.map { _ in 1 }) : position
  }

  /// All elements along one axis, without history.
  private func flattened(_ operation: StaticString) -> Tensor {
    ShapeCheck.require(count > 0) {
      "\(operation): the tensor of shape \(shape) has no elements to choose from"
    }
    return Tensor(array.reshaped(to: [count]))
  }

  @inline(__always)
  private func positionedExtreme(
    _ name: StaticString, _ axis: Int, _ keepingDimensions: Bool, _ preference: Preference
  ) -> (values: Tensor, positions: Tensor) {
    let resolved = ShapeCheck.axis("\(name)", axis, rank: rank)
    let length = shape[resolved]
    ShapeCheck.require(length > 0) { "\(name): axis \(axis) of \(shape) has no elements to choose from" }
    ShapeCheck.require(length <= Scalar.wholeNumberLimit) {
      "\(name): \(Scalar.scalarName) cannot hold all positions along an axis of length \(length)"
    }
    let found = Kernels.extreme(array, axis: resolved, preference)
    let positions = Tensor(found.positions)
    let values = record(
      name, Tensor(found.values), (self, { g in g.placed(at: positions, of: length, axis: resolved) }))
    if !keepingDimensions { return (values, positions) }
    return (values.expanded(axis: resolved), positions.expanded(axis: resolved))
  }

  /// Each element at its position along a new axis, among zeros.
  private func placed(at positions: Tensor, of length: Int, axis: Int) -> Tensor {
    let steps = Tensor((0..<length).map { Scalar($0) }, shape: [length] + shape[axis...].map { _ in 1 })
    let isPlace = positions.expanded(axis: axis) .== steps
    return Tensor.where(isPlace, expanded(axis: axis), Tensor(0))
  }
}
