// The rules of operations on windows, whose first axis is a batch: the batches of all examples are one.

extension Tensor where Scalar: TensorScalar {
  /// An operation on each part of a batch, on those of all examples at once.
  func throughMergedBatch(_ operation: (Tensor) -> Tensor) -> Tensor {
    let lengths = Array(stored.layout.shape[...mappedCount])
    let result = operation(plain.reshaped(to: [lengths.elementCount] + shape.dropFirst()))
    return result.reshaped(to: lengths + result.shape.dropFirst()).asMapped(mapped)
  }

  /// The same of two batches, at least one of which is mapped.
  static func throughMergedBatch(
    _ x: Tensor, _ y: Tensor, _ operation: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    let scope = MappingScope.open(deepest(x.mapped, y.mapped))
    func merged(_ tensor: Tensor) -> Tensor {
      tensor.lifted(to: scope)
        .reshaped(to: [scope.lengths.elementCount * tensor.shape[0]] + tensor.shape.dropFirst())
    }
    let result = operation(merged(x), merged(y))
    return result.reshaped(to: scope.lengths + [x.shape[0]] + result.shape.dropFirst()).asMapped(scope.axes)
  }

  /// A convolution, transposed or not, of which at least one operand is mapped.
  ///
  /// Where each example has a filter of its own, as in the gradient for each example, their channels are groups of one
  /// convolution.
  func mappedConvolution(
    with filter: Tensor, bias: Tensor?, groups: Int, applyingReLU: Bool,
    _ convolution: (_ x: Tensor, _ filter: Tensor, _ bias: Tensor?, _ groups: Int) -> Tensor
  ) -> Tensor {
    var result: Tensor
    if !filter.isMapped {
      result = throughMergedBatch { convolution($0, filter, nil, groups) }
    } else {
      let scope = MappingScope.open(deepest(mapped, filter.mapped))
      let (count, axes) = (scope.lengths.count, Array(0..<scope.lengths.count))
      let examples = scope.lengths.elementCount
      let pictures = lifted(to: scope).transposed(axes: [count] + axes + (count + 1..<count + 4))
        .reshaped(to: [shape[0], examples * shape[1]] + shape[2...])
      let filters = filter.lifted(to: scope).reshaped(to: [examples * filter.shape[0]] + filter.shape[1...])
      let channels = convolution(pictures, filters, nil, examples * groups)
      result = channels.reshaped(
        to: [shape[0]] + scope.lengths + [channels.shape[1] / Swift.max(examples, 1)] + channels.shape[2...]
      ).transposed(axes: axes.map { $0 + 1 } + [0] + (count + 1..<count + 4)).asMapped(scope.axes)
    }
    if let bias { result = result + bias.reshaped(to: [bias.count, 1, 1]) }
    return applyingReLU ? result.relu() : result
  }
}
