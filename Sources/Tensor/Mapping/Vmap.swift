/// `function` of every part of the inputs along their first axis, all at once, the results put together along a new first
/// axis: what a loop over the examples of a batch computes, in the time of operations on the whole batch.
///
/// ```swift
/// // A gradient for each example: [N, D] and [N] give [N, D].
/// let slopes = vmap(over: x, y) { x, y in
///   gradient(at: w) { w in ((w * x).sum() - y).square() }
/// }
/// ```
///
/// Inside of the function each tensor has the shape of one example. What the function captures is the same for all of
/// them. Transforms nest in every order: gradients of mapped functions, mapped gradients, and `vmap` in `vmap`. The
/// function may give two tensors, or a list of them.
///
/// What depends on the numbers of one example has no meaning for all of them, and traps: `scalar`, `scalars`, a mask as an
/// index, an `if` on any of these. `Tensor.where` chooses instead. So do the few operations that have no rule for mapped
/// tensors, such as sets and histograms; <doc:MappingFunctions> lists them. Random numbers are drawn before and mapped over.
///
/// - Parameters:
///   - inputs: Tensors with one length along `axis`, of any types.
///   - axis: The axis of the examples; negative ones count from the back.
///   - function: From a part of each input to a tensor.
/// - Returns: The results with the axis of the examples in front.
/// - Precondition: The inputs have an axis `axis`, of one length.
public func vmap<each Input: TensorElement, Output: TensorElement>(
  over inputs: repeat Tensor<each Input>, axis: Int = 0,
  in function: (repeat Tensor<each Input>) throws -> Tensor<Output>
) rethrows -> Tensor<Output> {
  var lengths: [Int?] = []
  for input in repeat each inputs { lengths.append(length(of: input.shape, axis)) }
  let scope = mappingScope(over: lengths, axis)
  let output = try MappingScope.within(scope) {
    try function(repeat entering(scope, each inputs, axis))
  }
  return leaving(scope, output)
}

/// A mapped function with two results, such as a value and a gradient.
public func vmap<each Input: TensorElement, First: TensorElement, Second: TensorElement>(
  over inputs: repeat Tensor<each Input>, axis: Int = 0,
  in function: (repeat Tensor<each Input>) throws -> (Tensor<First>, Tensor<Second>)
) rethrows -> (Tensor<First>, Tensor<Second>) {
  var lengths: [Int?] = []
  for input in repeat each inputs { lengths.append(length(of: input.shape, axis)) }
  let scope = mappingScope(over: lengths, axis)
  let outputs = try MappingScope.within(scope) {
    try function(repeat entering(scope, each inputs, axis))
  }
  return (leaving(scope, outputs.0), leaving(scope, outputs.1))
}

/// A mapped function of several tensors to a list of them, such as the gradients of a model's parameters.
///
/// ```swift
/// let slopes = vmap(over: x, y) { x, y in
///   valueWithGradient(at: model) { Loss.crossEntropy($0(x.expanded(axis: 0)), classes: y.expanded(axis: 0)) }
///     .gradient.tensors
/// }  // of each parameter [N, …]
/// ```
public func vmap<each Input: TensorElement, Output: TensorElement>(
  over inputs: repeat Tensor<each Input>, axis: Int = 0,
  in function: (repeat Tensor<each Input>) throws -> [Tensor<Output>]
) rethrows -> [Tensor<Output>] {
  var lengths: [Int?] = []
  for input in repeat each inputs { lengths.append(length(of: input.shape, axis)) }
  let scope = mappingScope(over: lengths, axis)
  let outputs = try MappingScope.within(scope) {
    try function(repeat entering(scope, each inputs, axis))
  }
  return outputs.map { leaving(scope, $0) }
}

/// A mapped function of a list of tensors, such as the parameters of many models of one kind.
public func vmap<Input: TensorElement, Output: TensorElement>(
  over inputs: [Tensor<Input>], axis: Int = 0,
  in function: ([Tensor<Input>]) throws -> [Tensor<Output>]
) rethrows -> [Tensor<Output>] {
  let scope = mappingScope(over: inputs.map { length(of: $0.shape, axis) }, axis)
  let outputs = try MappingScope.within(scope) {
    try function(inputs.map { entering(scope, $0, axis) })
  }
  return outputs.map { leaving(scope, $0) }
}

private func length(of shape: Shape, _ axis: Int) -> Int? {
  let index = axis < 0 ? axis + shape.count : axis
  return shape.indices.contains(index) ? shape[index] : nil
}

private func mappingScope(over lengths: [Int?], _ axis: Int) -> MappingScope {
  ShapeCheck.require(!lengths.isEmpty) { "vmap: there are no tensors to map over" }
  for (index, length) in lengths.enumerated() {
    ShapeCheck.require(length != nil) {
      "vmap: input \(index) has no axis \(axis); a tensor that all examples share is captured by the function"
    }
    ShapeCheck.require(length == lengths[0]) {
      "vmap: input \(index) has \(length!) examples along axis \(axis), input 0 has \(lengths[0]!)"
    }
  }
  return MappingScope(length: lengths[0]!, in: MappingScope.inUse)
}

/// A part of `x` along `axis`, standing for all of them.
private func entering<Scalar: TensorElement>(
  _ scope: MappingScope, _ x: Tensor<Scalar>, _ axis: Int
) -> Tensor<Scalar> {
  let examples = x.movedAxis(from: axis, to: 0)
  return (scope.outer.map { examples.lifted(to: $0) } ?? examples).asMapped(scope.axes)
}

/// The results of all examples, one after the other.
private func leaving<Scalar: TensorElement>(_ scope: MappingScope, _ x: Tensor<Scalar>) -> Tensor<Scalar> {
  MappingScope.within(scope) { x.lifted(to: scope) }.asMapped(scope.outer?.axes ?? .none)
}
