/// `body` of `x`, of which nothing is remembered but `x`: the backward pass computes the body again. That trades
/// time, about a third of a training step, for memory.
///
/// ```swift
/// for block in blocks { x = checkpointed(x) { block($0) } }
/// ```
///
/// Derivatives of every order are those of the body without it.
///
/// The body is called once now and once in each backward pass, so it must compute the same each time: it may not draw
/// random numbers, count its calls or read what changes in between. It may not use tracked tensors but its argument,
/// since their gradients would be lost; that traps. Hand them in as further inputs, in an array.
///
/// - Precondition: The body's result descends from no tracked tensor but its argument.
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
/// - Precondition: The body's result descends from no tracked tensor but its arguments, and has the same shape each
///   time.
public func checkpointed<Scalar: TensorScalar>(
  _ inputs: [Tensor<Scalar>], _ body: @escaping ([Tensor<Scalar>]) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  let value = body(inputs.map { $0.detached() })
  ShapeCheck.require(!value.isTracked) {
    "checkpointed: the body uses a tracked tensor that is not its argument; hand it in as one"
  }
  let variables = inputs.filter(\.isTracked)
  if variables.isEmpty { return value }
  let joined = variables.count == 1 ? variables[0] : gradientsJoined(variables)
  let isJoined = variables.count > 1
  let edge = Edge(
    input: joined.node!, inputShape: joined.shape,
    pullback: .recomputed { gradient, isDifferentiable in
      let gradients = recomputedGradients(of: body, at: inputs, gradient, isDifferentiable)
      return isJoined
        ? Tensor.concatenated(gradients.map { $0.reshaped(to: [$0.count]) }, axis: 0) : gradients[0]
    })
  return Tensor(value.array, node: Node(name: "checkpointed", edges: [edge]))
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

/// The gradients with respect to the tracked ones of `inputs`.
private func recomputedGradients<Scalar: TensorScalar>(
  of body: ([Tensor<Scalar>]) -> Tensor<Scalar>, at inputs: [Tensor<Scalar>], _ gradient: Tensor<Scalar>,
  _ isDifferentiable: Bool
) -> [Tensor<Scalar>] {
  // New nodes, where the inner pass ends even if one input descends from another. They lead on to the inputs, for
  // the derivative of the gradient.
  let copies = inputs.map { $0.isTracked ? record("checkpointed", $0.detached(), ($0, { $0 })) : $0 }
  let result = body(copies)
  ShapeCheck.require(result.shape == gradient.shape) {
    "checkpointed: the body's result had the shape \(gradient.shape) and has \(result.shape) when computed again"
  }
  let variables = copies.filter(\.isTracked)
  let pass = BackwardPass<Scalar>(isDifferentiable: isDifferentiable)
  let found = pass.gradients(of: result, seed: gradient, withRespectTo: variables.map { $0.node! })
  return zip(variables, found).map { variable, gradient in gradient ?? .zeros(variable.shape) }
}
