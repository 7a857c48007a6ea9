/// A slice together with the shape that its result is seen under: axes dropped and new ones put in.
private struct Selection {
  var slice: AxisSlices
  var resultShape: Shape = []

  /// Resolves `indices` against `shape`. Axes beyond the last index are taken whole.
  init(_ indices: [AxisSelection], of shape: Shape) {
    let named = indices.count { $0 != .newAxis && $0 != .remainingAxes }
    ShapeCheck.require(named <= shape.count) {
      "subscript: \(named) indices for the shape \(shape), which has \(shape.count) axes"
    }
    slice = AxisSlices(all: shape)
    var axis = 0
    for index in indices {
      switch index {
      case .position(let position):
        slice.axes[axis] = Self.resolve(position, axis, of: shape)
        axis += 1
      case .range(let from, let upTo, let step):
        slice.axes[axis] = Self.resolve(from, upTo, step, axis, of: shape)
        resultShape.append(slice.axes[axis].count)
        axis += 1
      case .newAxis:
        resultShape.append(1)
      case .remainingAxes:
        resultShape += shape[axis..<axis + shape.count - named]
        axis += shape.count - named
      }
    }
    resultShape += shape[axis...]
  }

  private static func resolve(_ position: Int, _ axis: Int, of shape: Shape) -> AxisSlices.Axis {
    let length = shape[axis]
    let start = position < 0 ? position + length : position
    ShapeCheck.require((0..<length).contains(start)) {
      "subscript: index \(position) is out of range for axis \(axis) of \(shape)"
    }
    return AxisSlices.Axis(start: start, count: 1)
  }

  private static func resolve(_ from: Int?, _ upTo: Int?, _ step: Int, _ axis: Int, of shape: Shape)
    -> AxisSlices.Axis
  {
    let length = shape[axis]
    let first = from.map { $0 < 0 ? $0 + length : $0 } ?? 0
    // After a negative start, 0 is the end: both bounds count from the back.
    let isFromBack = upTo.map { $0 < 0 || ($0 == 0 && (from ?? 0) < 0) } ?? false
    let end = upTo.map { isFromBack ? $0 + length : $0 } ?? length
    ShapeCheck.require(0 <= first && first <= end && end <= length) {
      "subscript: the range \(from.map(String.init) ?? "")..<\(upTo.map(String.init) ?? "") "
        + "is out of bounds for axis \(axis) of \(shape)"
    }
    let count = (end - first + abs(step) - 1) / abs(step)
    return AxisSlices.Axis(start: step > 0 || count == 0 ? first : end - 1, step: step, count: count)
  }
}

extension Tensor {
  /// The selected elements as a view: nothing is copied. d/dx is the gradient among zeros.
  ///
  /// ```swift
  /// x[0]            // the first row
  /// x[1..<3, -1]    // the last column of rows 1 and 2
  /// x[..., 2]       // position 2 of the last axis
  /// x[1..<3, ...]   // the same as x[1..<3]
  /// x[(0...).strided(by: 2), .newAxis]
  /// ```
  ///
  /// ``TensorIndex`` lists what may be given. Axes without an index are taken whole.
  ///
  /// Assigning writes the new value, which broadcasts, over the selected elements, in place when nobody else
  /// sees the tensor's memory. When either side is tracked, the tensor becomes one that descends from both.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get { selected(indices.map(\.selection)) }
    set { assign(newValue, indices.map(\.selection)) }
  }

  /// All elements. Assigning overwrites them with the new value, broadcast.
  public subscript(_: UnboundedRange) -> Tensor {
    get { self }
    set { assign(newValue, []) }
  }

  /// The elements that `rest` selects of the last axes.
  public subscript(_: UnboundedRange, _ rest: any TensorIndex...) -> Tensor {
    get { selected([], rest) }
    set { assign(newValue, Self.joined([], rest)) }
  }

  /// The elements that one index selects of the first axis and `rest` of the last ones.
  public subscript(_ first: any TensorIndex, _: UnboundedRange, _ rest: any TensorIndex...) -> Tensor {
    get { selected([first], rest) }
    set { assign(newValue, Self.joined([first], rest)) }
  }

  /// The elements that two indices select of the first axes and `rest` of the last ones.
  public subscript(
    _ first: any TensorIndex, _ second: any TensorIndex, _: UnboundedRange, _ rest: any TensorIndex...
  ) -> Tensor {
    get { selected([first, second], rest) }
    set { assign(newValue, Self.joined([first, second], rest)) }
  }

  /// The elements that three indices select of the first axes and `rest` of the last ones.
  public subscript(
    _ first: any TensorIndex, _ second: any TensorIndex, _ third: any TensorIndex, _: UnboundedRange,
    _ rest: any TensorIndex...
  ) -> Tensor {
    get { selected([first, second, third], rest) }
    set { assign(newValue, Self.joined([first, second, third], rest)) }
  }

  /// The elements that `index` selects of one axis, the others whole: `x.sliced(1..<3, axis: 1)` is
  /// `x[0..., 1..<3]`. Nothing is copied. d/dx is the gradient among zeros.
  ///
  /// - Parameters:
  ///   - index: A position, which drops the axis, or a range.
  ///   - axis: Negative ones count from the back.
  public func sliced(_ index: some TensorIndex, axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("sliced", axis, rank: rank)
    let whole = AxisSelection.range(from: nil, upTo: nil, step: 1)
    return selected(Array(repeating: whole, count: axis) + [index.selection])
  }

  private static func joined(_ first: [any TensorIndex], _ rest: [any TensorIndex]) -> [AxisSelection] {
    first.map(\.selection) + [.remainingAxes] + rest.map(\.selection)
  }

  private func selected(_ first: [any TensorIndex], _ rest: [any TensorIndex]) -> Tensor {
    selected(Self.joined(first, rest))
  }

  private func selected(_ indices: [AxisSelection]) -> Tensor {
    let selection = Selection(indices, of: shape)
    return sliced(selection.slice).reshaped(to: selection.resultShape)
  }

  private mutating func assign(_ value: Tensor, _ indices: [AxisSelection]) {
    let selection = Selection(indices, of: shape)
    ShapeCheck.require(value.shape.broadcast(with: selection.resultShape) == selection.resultShape) {
      "subscript: a value of shape \(value.shape) does not broadcast to the selected \(selection.resultShape)"
    }
    if node == nil, value.node == nil {
      array.makeWritable()
      // Dropping axes of length 1 and adding new ones only renames steps, so the view always exists.
      array.assign(value.array, at: array.layout.sliced(selection.slice).reshaped(to: selection.resultShape)!)
    } else {
      let aligned = value.broadcast(to: selection.resultShape).reshaped(to: selection.slice.shape)
      self = replacing(selection.slice, with: aligned)
    }
  }
}
