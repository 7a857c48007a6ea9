// What integers have of order: where the largest is, sorting, and the first of a sorted line.

extension Tensor where Scalar: TensorInteger {
  /// The position of the largest element along `axis`, the first one of several. Without an axis, the position among all
  /// elements in row-major order.
  ///
  /// - Parameters:
  ///   - axis: The axis to look along, negative ones counted from the back; `nil` for all elements.
  ///   - keepingDimensions: Whether the axis stays, or all axes, with length 1.
  /// - Precondition: There is at least one element to choose from.
  public func argmax(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor<Int64> {
    position("argmax", axis, keepingDimensions, .largest)
  }

  /// The position of the smallest element along `axis`, the first one of several. Without an axis, the position among all
  /// elements in row-major order.
  ///
  /// - Parameters:
  ///   - axis: The axis to look along, negative ones counted from the back; `nil` for all elements.
  ///   - keepingDimensions: Whether the axis stays, or all axes, with length 1.
  /// - Precondition: There is at least one element to choose from.
  public func argmin(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor<Int64> {
    position("argmin", axis, keepingDimensions, .smallest)
  }

  /// The elements along `axis` in order.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the back.
  ///   - descending: Whether the largest comes first.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    inOrder(axis, descending)
  }

  /// The positions along `axis` that put the elements in order. Equal elements keep their order.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the back.
  ///   - descending: Whether the largest comes first.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int64> {
    orderPositions(axis, descending)
  }

  /// The `count` largest elements along `axis`, the largest first, and their positions; or the smallest, the
  /// smallest first. Of equal elements the first comes first.
  ///
  /// - Parameters:
  ///   - count: How many elements to take.
  ///   - axis: Negative ones count from the back.
  ///   - largest: Whether the largest are taken, not the smallest.
  /// - Precondition: There are `count` elements along `axis`.
  public func topK(
    _ count: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    top(count, axis, largest)
  }

  private func position(
    _ name: String, _ axis: Int?, _ keepingDimensions: Bool, _ preference: Preference
  ) -> Tensor<Int64> {
    let resolved = ShapeCheck.choice(name, axis, of: shape)
    // One loop for all integers.
    if isMapped {
      let lines = axis == nil ? reshaped(to: [count]) : self
      let found = lines.throughMapped { x, shift in
        x.position(name, resolved + shift, axis != nil && keepingDimensions, preference)
      }
      return axis == nil && keepingDimensions ? found.reshaped(to: shape.map { _ in 1 }) : found
    }
    let numbers = Tensor<Int64>(axis == nil ? reshaped(to: [count]) : self)
    let positions = Tensor<Int64>(Kernels.extreme(numbers.array, axis: resolved, preference).positions)
    if !keepingDimensions { return positions }
    return axis == nil ? positions.reshaped(to: shape.map { _ in 1 }) : positions.expanded(axis: resolved)
  }
}

extension Tensor {
  /// For each line along `axis` the positions of its elements in order, the first `limit` of them.
  func order(_ operation: String, _ axis: Int, _ descending: Bool, limit: Int? = nil) -> AxisPositions {
    let axis = ShapeCheck.axis(operation, axis, rank: rank)
    return Kernels.argsort(array, axis: axis, descending: descending, limit: limit ?? shape[axis])
  }

  /// What `sorted` gives.
  func inOrder(_ axis: Int, _ descending: Bool) -> Tensor {
    let axis = ShapeCheck.axis("sorted", axis, rank: rank)
    if isMapped { return throughMapped { x, shift in x.inOrder(axis + shift, descending) } }
    return gathered(order("sorted", axis, descending))
  }

  /// What `argsort` gives.
  func orderPositions(_ axis: Int, _ descending: Bool) -> Tensor<Int64> {
    let axis = ShapeCheck.axis("argsort", axis, rank: rank)
    if isMapped { return throughMapped { x, shift in x.orderPositions(axis + shift, descending) } }
    return Tensor<Int64>(order("argsort", axis, descending))
  }

  /// What `topK` gives of numbers of any kind.
  func top(_ count: Int, _ axis: Int, _ largest: Bool) -> (values: Tensor, positions: Tensor<Int64>) {
    ShapeCheck.topK("topK", count, axis, of: shape)
    if isMapped {
      let axis = ShapeCheck.axis("topK", axis, rank: rank)
      return bothThroughMapped { x, shift in x.top(count, axis + shift, largest) }
    }
    let positions = order("topK", axis, largest, limit: count)
    return (gathered(positions), Tensor<Int64>(positions))
  }
}

extension ShapeCheck {
  /// The axis along which an element is chosen, counted from the front; 0, that of all elements in a line, for `nil`.
  /// Traps where there is no element to choose from.
  static func choice(_ operation: String, _ axis: Int?, of shape: Shape) -> Int {
    guard let axis else {
      require(shape.allSatisfy { $0 > 0 }) {
        "\(operation): the tensor of shape \(shape) has no elements to choose from"
      }
      return 0
    }
    let resolved = self.axis(operation, axis, rank: shape.count)
    require(shape[resolved] > 0) { "\(operation): axis \(axis) of \(shape) has no elements to choose from" }
    return resolved
  }

  /// Traps unless there are `count` elements along `axis`.
  static func topK(_ operation: String, _ count: Int, _ axis: Int, of shape: Shape) {
    let length = shape[self.axis(operation, axis, rank: shape.count)]
    require(count >= 0) { "\(operation): the count \(count) is negative" }
    require(count <= length) {
      "\(operation): axis \(axis) of \(shape) has \(length) elements, not \(count)"
    }
  }
}
