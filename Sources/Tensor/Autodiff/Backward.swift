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
    DebugBuild.mentionOnce()
    if result.isMapped {
      // The history is that of all examples at once, each of which has its own gradient.
      let scope = MappingScope.open(result.mapped)
      let plain = seed.lifted(to: scope)
      return MappingScope.within(nil) {
        gradients(of: result.plain, seed: plain, withRespectTo: variables)
      }.map { $0?.asMapped(scope.axes) }
    }
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
    // A tensor is four references, so the gradients of a node are handed on and not copied.
    while var next = pending.removeNewest() {
      let node = next.node
      if node.id <= newest {
        for output in 0..<next.gradients.count {
          let key = NodeOutput<Scalar>.Key(node: node.id, output: output)
          guard wanted.contains(key) else { continue }
          found[key] = next.gradients[output]
          if endsAtVariables { next.gradients[output] = nil }
        }
        if next.gradients.isEmpty { continue }
      }
      if node.isConsumed {
        ShapeCheck.fail(
          "gradient: the history of the result was used up by an earlier gradient, from an operation '\(node.name)' on"
            + (anomalies?.origin(of: node).map { ", called at \($0)" } ?? "")
            + "; pass retainingGraph: true to the earlier one")
      }
      anomalies?.examine(next.gradients, reaching: node)
      // Taken out of the node one by one, so that what a pullback captured dies with its edge.
      let keepsGraph = retainsGraph || isDifferentiable
      var edges = keepsGraph ? node.edges : node.consumeEdges()
      while let edge = edges.popLast() {
        // Older than every variable: nothing wanted can lie behind it.
        if edge.input.node.id < oldest { continue }
        let pulled: Tensor<Scalar>
        if let anomalies {
          let gradients = next.gradients
          pulled = anomalies.pulling(gradients, through: node) { pull(edge, gradients, node) }
        } else {
          pulled = pull(edge, next.gradients, node)
        }
        pending.add(
          isDifferentiable ? pulled : pulled.untracked(), for: edge.input, isDifferentiable: isDifferentiable)
      }
      if !keepsGraph { node.forgetOutputs() }
    }
    return keys.map { found[$0] }
  }

  private func pull(
    _ edge: Edge<Scalar>, _ gradients: OutputGradients<Scalar>, _ node: Node<Scalar>
  ) -> Tensor<Scalar> {
    // A rule that detached what it captured would lose the tangents in it.
    func isMoving() -> Bool { isDifferentiable || node.tangents != nil || gradients.carryTangent }
    let pulled =
      switch edge.pullback {
      case .gradient(let rule): rule(gradients.first!)
      case .gradientAndOutput(let rule):
        rule(gradients.first!, node.outputs.tensor(0, of: node, isDifferentiable))
      case .gradients(let rule): rule(gradients.all, isMoving())
      case .gradientsAndOutputs(let rule):
        rule(
          gradients.all, (0..<node.outputCount).map { node.outputs.tensor($0, of: node, isDifferentiable) })
      case .recomputed(let rule): rule(gradients.first!, isMoving())
      }
    return pulled.summed(toBroadcastSource: edge.inputShape, name: node.name)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Sums a gradient of a broadcast shape to the shape its input had.
  func summed(toBroadcastSource source: Shape, name: StaticString) -> Tensor {
    if shape == source { return self }
    ShapeCheck.require(source.broadcast(with: shape) == shape) {
      "\(name): its rule returned a gradient of shape \(shape) for an input of shape \(source)"
    }
    let added = rank - source.count
    let axes = shape.indices.filter { $0 < added || source[$0 - added] != shape[$0] }
    return sum(axes: axes, keepingDimensions: true).reshaped(to: source)
  }
}
