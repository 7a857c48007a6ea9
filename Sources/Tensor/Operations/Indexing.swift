extension Tensor {
  /// The selected elements, as a view without a copy unless positions are listed. d/dx is the gradient among
  /// zeros.
  ///
  /// ```swift
  /// x[0]            // the first row
  /// x[1..<3, -1]    // the last column of rows 1 and 2
  /// x[..., 2]       // position 2 of the last axis
  /// x[1..<3, ...]   // the same as x[1..<3]
  /// x[(0...).strided(by: 2), .newAxis]
  /// x[[2, 0], 1...] // rows 2 and 0, of each the elements from position 1: a copy
  /// ```
  ///
  /// ``TensorIndex`` lists what may be given. Axes without an index are taken whole. Every index is about its
  /// own axis: two lists of positions select all pairs of them (NumPy's `ix_`), not one element for each
  /// pair.
  ///
  /// Assigning writes the new value, which broadcasts, over the selected elements, in place when nobody else
  /// sees the tensor's memory. Of what is written to one position, listed twice, the last stays; to add it up
  /// is ``add(_:at:axis:)``. When either side is tracked, the tensor becomes one that descends from both.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get { selected(indices.map(\.selection)) }
    set { assign(newValue, indices.map(\.selection)) }
  }

  /// The whole tensor, all elements. Assigning overwrites them with the new value, broadcast.
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
  /// `x[0..., 1..<3]`. Nothing is copied unless positions are listed. d/dx is the gradient among zeros.
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
    return elements(of: selection).reshaped(to: selection.resultShape)
  }

  private mutating func assign(_ value: Tensor, _ indices: [AxisSelection]) {
    var selection = Selection(indices, of: shape)
    let resultShape = selection.resultShape
    ShapeCheck.require(value.shape.broadcast(with: resultShape) == resultShape) {
      "subscript: a value of shape \(value.shape) does not broadcast to the selected \(resultShape)"
    }
    var value = value.broadcast(to: resultShape).reshaped(to: selection.boxShape)
    for list in selection.dropRepetitions() {
      value = value.gathered(AxisPositions(list.positions, axis: list.axis, of: value.shape))
    }
    if isTracked || value.isTracked || isMapped || value.isMapped {
      self = replacing(selection, with: value)
    } else {
      array.makeWritable()
      array.assign(value.array, to: selection)
    }
  }
}
