extension Tensor where Scalar: TensorScalar {
  /// The position of the largest element along `axis`, the first one of several; the first NaN counts as the
  /// largest. Without an axis, the position among all elements in row-major order.
  ///
  /// - Parameters:
  ///   - axis: The axis to look along, negative ones counted from the back; `nil` for all elements.
  ///   - keepingDimensions: Whether the axis stays, or all axes, with length 1.
  /// - Precondition: There is at least one element to choose from.
  public func argmax(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor<Int64> {
    position("argmax", axis, keepingDimensions, .largest)
  }

  /// The position of the smallest element along `axis`, the first one of several; the first NaN counts as the
  /// smallest. Without an axis, the position among all elements in row-major order.
  ///
  /// - Parameters:
  ///   - axis: The axis to look along, negative ones counted from the back; `nil` for all elements.
  ///   - keepingDimensions: Whether the axis stays, or all axes, with length 1.
  /// - Precondition: There is at least one element to choose from.
  public func argmin(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor<Int64> {
    position("argmin", axis, keepingDimensions, .smallest)
  }

  /// The largest element along `axis` and its position there, the first one of several; the first NaN counts as
  /// the largest.
  ///
  /// The derivative of `values` is 1 for the element at that position alone.
  ///
  /// - Parameters:
  ///   - axis: The axis to reduce; negative ones count from the back.
  ///   - keepingDimensions: Whether the axis stays, with length 1.
  /// - Precondition: As for `argmax`.
  public func maxWithPositions(
    axis: Int, keepingDimensions: Bool = false
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    positionedExtreme("maxWithPositions", axis, keepingDimensions, .largest)
  }

  /// The smallest element along `axis` and its position there, the first one of several; the first NaN counts as
  /// the smallest.
  ///
  /// The derivative of `values` is 1 for the element at that position alone.
  ///
  /// - Parameters:
  ///   - axis: The axis to reduce; negative ones count from the back.
  ///   - keepingDimensions: Whether the axis stays, with length 1.
  /// - Precondition: As for `argmin`.
  public func minWithPositions(
    axis: Int, keepingDimensions: Bool = false
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    positionedExtreme("minWithPositions", axis, keepingDimensions, .smallest)
  }

  @inline(__always)
  private func position(
    _ name: StaticString, _ axis: Int?, _ keepingDimensions: Bool, _ preference: Preference
  ) -> Tensor<Int64> {
    if let axis { return detached().positionedExtreme(name, axis, keepingDimensions, preference).positions }
    _ = ShapeCheck.choice("\(name)", nil, of: shape)
    // All elements along one axis, without history.
    let position = detached().reshaped(to: [count]).positionedExtreme(name, 0, false, preference).positions
    return keepingDimensions ? position.reshaped(to: shape.map { _ in 1 }) : position
  }

  @inline(__always)
  private func positionedExtreme(
    _ name: StaticString, _ axis: Int, _ keepingDimensions: Bool, _ preference: Preference
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    let resolved = ShapeCheck.choice("\(name)", axis, of: shape)
    if isMapped {
      return bothThroughMapped { x, shift in
        x.positionedExtreme(name, resolved + shift, keepingDimensions, preference)
      }
    }
    let found = Kernels.extreme(array, axis: resolved, preference)
    let positions = Tensor<Int64>(found.positions)
    let whole = shape
    let values = record(
      name, Tensor(found.values),
      (
        self,
        { g in
          let rows = AxisPositions(
            "\(name)", each: positions.expanded(axis: resolved), axis: resolved, of: whole)
          return g.expanded(axis: resolved).scattered(rows, in: whole)
        }
      ))
    if !keepingDimensions { return (values, positions) }
    return (values.expanded(axis: resolved), positions.expanded(axis: resolved))
  }
}
