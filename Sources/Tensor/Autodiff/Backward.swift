/// The backward pass: from the gradient of a result to the gradients of the variables.
///
/// Nodes are visited from the newest to the oldest, without recursion. A node's id is greater than those of its
/// inputs, so when a node comes up the gradients of all its outputs are complete.
struct BackwardPass<Scalar: TensorScalar> {
  /// Keep the graph, for another backward pass.
  var retainsGraph = false
  /// Record how the gradients are computed, so that they can be differentiated in turn.
  var isDifferentiable = false
  /// End at the variables, though one may descend from another.
  var endsAtVariables = false

  /// The gradients with respect to `variables`, `nil` where the result does not depend on one.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func gradients(
    of result: Tensor<Scalar>, seed: Tensor<Scalar>, withRespectTo variables: [NodeOutput<Scalar>]
  ) -> [Tensor<Scalar>?] {
    let keys = variables.map(\.key)
    guard let root = result.origin, let oldest = keys.lazy.map(\.node).min(),
      let newest = keys.lazy.map(\.node).max()
    else {
      return variables.map { _ in nil }
    }
    let anomalies = AnomalyScope.inUse
    let wanted = Set(keys)
    var found: [NodeOutput<Scalar>.Key: Tensor<Scalar>] = [:]
    var pending = PendingGradients<Scalar>()
    pending.add(seed, for: root, isDifferentiable: isDifferentiable)
    while let (node, sums) = pending.removeNewest() {
      var gradients = sums
      if node.id <= newest {
        for output in 0..<gradients.count {
          let key = NodeOutput<Scalar>.Key(node: node.id, output: output)
          guard wanted.contains(key) else { continue }
          found[key] = gradients[output]
          if endsAtVariables { gradients[output] = nil }
        }
        if gradients.isEmpty { continue }
      }
      if node.isConsumed {
        ShapeCheck.fail(
          "gradient: the history of '\(node.name)' was used up by an earlier gradient; "
            + "pass retainingGraph: true to the earlier one")
      }
      anomalies?.examine(gradients, reaching: node)
      let arrival = Arrival(gradients, at: node, isDifferentiable: isDifferentiable)
      // Taken out of the node one by one, so that what a pullback captured dies with its edge.
      var edges = retainsGraph || isDifferentiable ? node.edges : node.consumeEdges()
      while let edge = edges.popLast() {
        // Older than every variable: nothing wanted can lie behind it.
        if edge.input.node.id < oldest { continue }
        let pulled =
          anomalies?.pulling(gradients, through: node) { pull(edge, arrival, node.name) }
          ?? pull(edge, arrival, node.name)
        pending.add(
          isDifferentiable ? pulled : pulled.detached(), for: edge.input, isDifferentiable: isDifferentiable)
      }
    }
    return keys.map { found[$0] }
  }

  private func pull(_ edge: Edge<Scalar>, _ arrival: Arrival<Scalar>, _ name: StaticString) -> Tensor<Scalar>
  {
    let pulled =
      switch edge.pullback {
      case .gradient(let rule): rule(arrival.gradients.first!)
      case .gradientAndOutput(let rule): rule(arrival.gradients.first!, arrival.output!)
      case .gradients(let rule): rule(arrival.gradients.all)
      case .gradientsAndOutputs(let rule): rule(arrival.gradients.all, arrival.outputs)
      case .recomputed(let rule): rule(arrival.gradients.first!, isDifferentiable)
      }
    return pulled.summed(toBroadcastSource: edge.inputShape, name: name)
  }
}

/// What the pullbacks of a node are given: the complete gradients of its outputs, and the outputs that it kept.
private struct Arrival<Scalar: TensorScalar> {
  let gradients: OutputGradients<Scalar>
  /// The output of a node with one.
  private(set) var output: Tensor<Scalar>?
  /// The outputs of a node with several.
  private(set) var outputs: [Tensor<Scalar>] = []

  /// - Parameter isDifferentiable: Whether what is computed from the outputs leads on to the node.
  init(_ gradients: OutputGradients<Scalar>, at node: Node<Scalar>, isDifferentiable: Bool) {
    self.gradients = gradients
    func tensor(_ array: StridedArray<Scalar>, _ index: Int) -> Tensor<Scalar> {
      Tensor(array, origin: isDifferentiable ? NodeOutput(node, index) : nil)
    }
    switch node.outputs {
    case .none: break
    case .one(let array): output = tensor(array, 0)
    case .several(let arrays): outputs = arrays.enumerated().map { tensor($1, $0) }
    }
  }
}

extension Tensor {
  /// Sums a gradient of a broadcast shape to the shape its input had.
  fileprivate func summed(toBroadcastSource source: Shape, name: StaticString) -> Tensor {
    if shape == source { return self }
    ShapeCheck.require(source.broadcast(with: shape) == shape) {
      "\(name): its rule returned a gradient of shape \(shape) for an input of shape \(source)"
    }
    let added = rank - source.count
    let axes = shape.indices.filter { $0 < added || source[$0 - added] != shape[$0] }
    return sum(axes: axes, keepingDimensions: true).reshaped(to: source)
  }
}
