/// Records an operation: its value, and for each input the rule that pulls a gradient back to it.
///
/// ```swift
/// func scaledSine(_ x: Tensor<Double>) -> Tensor<Double> {
///   record("scaledSine", value(x), (x, { g in g * x.cos() }))
/// }
/// ```
///
/// Rules are written with differentiable operations on tensors; that gives second derivatives for free. A rule
/// should capture the least that it needs, because all that it captures lives until the backward pass. The rule
/// of an input that is not tracked is dropped here, so what only it captured never lives at all.
///
/// - Parameters:
///   - name: The operation's name, for messages.
///   - value: The result. Its history, if it has one, is ignored.
///   - inputs: Each input with its rule, from the gradient with respect to the result (of the result's shape)
///     to the gradient with respect to the input. If the input was broadcast, the rule may return a gradient
///     of the broadcast shape: it is summed to the input's shape.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  _ inputs: (Tensor<Scalar>, (Tensor<Scalar>) -> Tensor<Scalar>)...
) -> Tensor<Scalar> {
  record(name, value, inputs: inputs)
}

/// Records an operation whose rules use its own output: they receive it as their second argument, and must not
/// capture it, since a node that holds its own output would never be freed.
///
/// ```swift
/// record("exp", value, (x, { g, y in g * y }))
/// ```
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  _ inputs: (Tensor<Scalar>, (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>)...
) -> Tensor<Scalar> {
  record(name, value, inputs: inputs)
}

/// Records an operation with any number of inputs, such as a concatenation.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  inputs: [(Tensor<Scalar>, (Tensor<Scalar>) -> Tensor<Scalar>)]
) -> Tensor<Scalar> {
  record(name, value, inputs: inputs, pushing: .transposed)
}

/// Records an operation with any number of inputs whose rules use its own output, which they receive as their second
/// argument.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  inputs: [(Tensor<Scalar>, (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>)]
) -> Tensor<Scalar> {
  record(name, value, inputs: inputs, pushing: .transposed)
}

// MARK: - With a short way forward

/// Records an operation of which it is known how it pushes tangents forward.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  inputs: [(Tensor<Scalar>, (Tensor<Scalar>) -> Tensor<Scalar>)], pushing: Pushing<Scalar>
) -> Tensor<Scalar> {
  var edges: [Edge<Scalar>] = []
  var isSpecial = value.isMapped
  for (input, rule) in inputs {
    isSpecial = isSpecial || input.isMappedOrCarriesTangent
    guard let origin = input.origin else { continue }
    edges.append(Edge(input: origin, inputShape: input.shape, pullback: .gradient(rule)))
  }
  if isSpecial {
    let inputs = inputs.map { RecordedInput(tensor: $0.0, pullback: .gradient($0.1)) }
    return recordedSpecially(name, [value], inputs, pushing, keepsOutputs: false)[0]
  }
  let result = Tensor(value.stored, node: edges.isEmpty ? nil : Node(name: name, edges: edges))
  AnomalyScope.inUse?.examine([result], of: name, inputs.map { $0.0 })
  return result
}

/// The same of one whose rules use its output.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  inputs: [(Tensor<Scalar>, (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>)], pushing: Pushing<Scalar>
) -> Tensor<Scalar> {
  var edges: [Edge<Scalar>] = []
  var isSpecial = value.isMapped
  for (input, rule) in inputs {
    isSpecial = isSpecial || input.isMappedOrCarriesTangent
    guard let origin = input.origin else { continue }
    edges.append(Edge(input: origin, inputShape: input.shape, pullback: .gradientAndOutput(rule)))
  }
  if isSpecial {
    let inputs = inputs.map { RecordedInput(tensor: $0.0, pullback: .gradientAndOutput($0.1)) }
    return recordedSpecially(name, [value], inputs, pushing, keepsOutputs: true)[0]
  }
  let node = edges.isEmpty ? nil : Node(name: name, edges: edges, keeping: .one(value.stored))
  let result = Tensor(value.stored, node: node)
  AnomalyScope.inUse?.examine([result], of: name, inputs.map { $0.0 })
  return result
}

/// Records a linear operation of one input: what it does to the numbers, `push` does to a tangent.
@inline(__always)
func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  _ input: (Tensor<Scalar>, (Tensor<Scalar>) -> Tensor<Scalar>),
  pushing push: (Tensor<Scalar>) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  record(name, value, inputs: [input], pushingJointly: { push($0[0]!) })
}

/// Records an operation that is linear in each input, or in all of them: `push` makes the tangent of the result of those
/// of the inputs, which are `nil` where they do not change.
///
/// It does not escape, so that no memory is taken for what it captures unless there are tangents.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func record<Scalar: TensorElement>(
  _ name: StaticString, _ value: Tensor<Scalar>,
  inputs: [(Tensor<Scalar>, (Tensor<Scalar>) -> Tensor<Scalar>)],
  pushingJointly push: ([Tensor<Scalar>?]) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  if inputs.contains(where: { $0.0.carriesTangent }) {
    return withoutActuallyEscaping(push) { record(name, value, inputs: inputs, pushing: .jointly($0)) }
  }
  return record(name, value, inputs: inputs, pushing: .transposed)
}

/// Whether an operation on a tensor leaves no trace: no derivative can be asked for, and nobody looks for anomalies.
@inline(__always)
func leavesNoTrace<Scalar: TensorElement>(_ x: Tensor<Scalar>) -> Bool {
  x.origin == nil && AnomalyScope.inUse == nil
}
