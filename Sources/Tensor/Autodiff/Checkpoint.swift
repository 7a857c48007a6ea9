/// `body` of `x`, of which nothing is remembered but `x`: the backward pass computes the body again. That trades
/// time, about a third of a training step, for memory.
///
/// ```swift
/// for block in blocks { x = checkpointed(x) { block($0) } }
/// ```
///
/// Derivatives of every order are those of the body without it.
///
/// The body may use other tracked tensors than its argument, such as the parameters of a layer, which get their
/// gradients as well.
///
/// It is called once now and once in each backward pass, so it must compute the same each time: it may not count its
/// calls or read what changes in between, and random numbers come from a copy of a generator that it makes itself.
///
/// ```swift
/// y = checkpointed(x) { [generator] x in
///   var copy = generator
///   return dropout(x, training: &copy)
/// }
/// ```
public func checkpointed<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, _ body: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  checkpointed([x]) { body($0[0]) }
}

/// `body` of several tensors, such as an activation and a layer's parameters, of which nothing is remembered but
/// these: the backward pass computes the body again.
///
/// ```swift
/// let y = checkpointed([x, weight, bias]) { ($0[0].matrixProduct($0[1]) + $0[2]).tanh() }
/// ```
///
/// - Precondition: The body's result has the same shape each time.
public func checkpointed<Scalar: TensorScalar>(
  _ inputs: [Tensor<Scalar>], _ body: @escaping ([Tensor<Scalar>]) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  // A history of all examples is not computed again by one of them.
  if MappingScope.isInUse { return body(inputs) }
  // Tangents are carried along, and need no second computation.
  if inputs.contains(where: \.carriesTangent) { return body(inputs) }
  let before = Node<Scalar>.newestID
  let value = body(inputs.map { $0.detached() })
  if value.carriesTangent { return body(inputs) }
  // Without its arguments' history, the value descends from what the body used beside them alone.
  let others = tensorsUsed(by: value, madeBefore: before)
  let variables = inputs.filter(\.isTracked) + others
  if variables.isEmpty { return value }
  let joined = variables.count == 1 ? variables[0] : gradientsJoined(variables)
  let isJoined = variables.count > 1
  let edge = Edge(
    input: joined.origin!, inputShape: joined.shape,
    pullback: .recomputed { gradient, isDifferentiable in
      let gradients = recomputedGradients(of: body, at: inputs, others, gradient, isDifferentiable)
      return isJoined
        ? Tensor.concatenated(gradients.map { $0.reshaped(to: [$0.count]) }, axis: 0) : gradients[0]
    })
  return Tensor(value.array, node: Node(name: "checkpointed", edges: [edge]))
}

/// The tensors made up to a node's id that `value` descends from first, in no certain order and without their numbers.
private func tensorsUsed<Scalar: TensorScalar>(
  by value: Tensor<Scalar>, madeBefore newest: UInt64
) -> [Tensor<Scalar>] {
  guard let root = value.origin else { return [] }
  var found: [Tensor<Scalar>] = []
  var seen: Set = [root.key]
  var pending = [(output: root, shape: value.shape)]
  while let (output, shape) = pending.popLast() {
    if output.node.id <= newest {
      found.append(Tensor(Tensor(0).broadcast(to: shape).array, origin: output))
      continue
    }
    for edge in output.node.edges where seen.insert(edge.input.key).inserted {
      pending.append((edge.input, edge.inputShape))
    }
  }
  return found
}

/// A tensor without numbers of its own, whose gradient is those of `variables`, flat and one after the other: through
/// it the backward pass gets all of them from one recomputation.
private func gradientsJoined<Scalar: TensorScalar>(_ variables: [Tensor<Scalar>]) -> Tensor<Scalar> {
  var count = 0
  let parts = variables.map { variable in
    let (part, shape) = (count..<count + variable.count, variable.shape)
    count = part.upperBound
    return (variable, { (g: Tensor<Scalar>) in g[part].reshaped(to: shape) })
  }
  return record("checkpointed", Tensor<Scalar>(0).broadcast(to: [count]), inputs: parts)
}

/// The gradients with respect to the tracked ones of `inputs`, and then to `others`.
private func recomputedGradients<Scalar: TensorScalar>(
  of body: ([Tensor<Scalar>]) -> Tensor<Scalar>, at inputs: [Tensor<Scalar>], _ others: [Tensor<Scalar>],
  _ gradient: Tensor<Scalar>, _ isDifferentiable: Bool
) -> [Tensor<Scalar>] {
  // Nodes of their own, since one input may descend from another, or be used by the body on its own account.
  let copies = inputs.map { $0.isTracked ? $0.asVariable() : $0 }
  let result = body(copies)
  ShapeCheck.require(result.shape == gradient.shape) {
    "checkpointed: the body's result had the shape \(gradient.shape) and has \(result.shape) when computed again"
  }
  let variables = copies.filter(\.isTracked) + others
  let pass = BackwardPass<Scalar>(isDifferentiable: isDifferentiable, endsAtVariables: true)
  let found = pass.gradients(of: result, seed: gradient, withRespectTo: variables.map { $0.origin! })
  return zip(variables, found).map { variable, gradient in gradient ?? .zeros(variable.shape) }
}
