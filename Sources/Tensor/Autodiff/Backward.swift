/// The backward pass: from the gradient of a result to the gradients of the variables.
///
/// Nodes are visited from the newest to the oldest, without recursion. A node's id is greater than those of its
/// inputs, so when a node comes up its gradient is complete.
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
    of result: Tensor<Scalar>, seed: Tensor<Scalar>, withRespectTo variables: [Node<Scalar>]
  ) -> [Tensor<Scalar>?] {
    let ids = variables.map(\.id)
    guard let root = result.node, let oldest = ids.min(), let newest = ids.max() else {
      return variables.map { _ in nil }
    }
    let anomalies = AnomalyScope.inUse
    let wanted = Set(ids)
    var found: [UInt64: Tensor<Scalar>] = [:]
    var pending = PendingGradients<Scalar>()
    pending.add(seed, for: root, isDifferentiable: isDifferentiable)
    while let (node, gradient) = pending.removeNewest() {
      if node.id <= newest, wanted.contains(node.id) {
        found[node.id] = gradient
        if endsAtVariables { continue }
      }
      if node.isConsumed {
        ShapeCheck.fail(
          "gradient: the history of '\(node.name)' was used up by an earlier gradient; "
            + "pass retainingGraph: true to the earlier one")
      }
      anomalies?.examine(gradient, reaching: node)
      let output = node.output.map { Tensor($0, node: isDifferentiable ? node : nil) }
      // Taken out of the node one by one, so that what a pullback captured dies with its edge.
      var edges = retainsGraph || isDifferentiable ? node.edges : node.consumeEdges()
      while let edge = edges.popLast() {
        // Older than every variable: nothing wanted can lie behind it.
        if edge.input.id < oldest { continue }
        let pulled =
          anomalies?.pulling(gradient, through: node) { pull(edge, gradient, output, node.name) }
          ?? pull(edge, gradient, output, node.name)
        pending.add(
          isDifferentiable ? pulled : pulled.detached(), for: edge.input, isDifferentiable: isDifferentiable)
      }
    }
    return variables.map { found[$0.id] }
  }

  private func pull(
    _ edge: Edge<Scalar>, _ gradient: Tensor<Scalar>, _ output: Tensor<Scalar>?, _ name: StaticString
  ) -> Tensor<Scalar> {
    let pulled =
      switch edge.pullback {
      case .gradient(let rule): rule(gradient)
      case .gradientAndOutput(let rule): rule(gradient, output!)
      case .recomputed(let rule): rule(gradient, isDifferentiable)
      }
    return pulled.summed(toBroadcastSource: edge.inputShape, name: name)
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
