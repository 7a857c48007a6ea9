/// The backward pass: from the gradient of a result to the gradients of the variables.
///
/// Nodes are visited from the newest to the oldest, by a heap and without recursion. A node's id is greater
/// than those of its inputs, so when a node comes up its gradient is complete.
struct BackwardPass<Scalar: TensorScalar> {
  /// Keep the graph, for another backward pass.
  var retainsGraph = false
  /// Record how the gradients are computed, so that they can be differentiated in turn.
  var isDifferentiable = false

  /// The gradients with respect to `variables`, `nil` where the result does not depend on one.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func gradients(
    of result: Tensor<Scalar>, seed: Tensor<Scalar>, withRespectTo variables: [Node<Scalar>]
  ) -> [Tensor<Scalar>?] {
    guard let root = result.node, let oldest = variables.map(\.id).min() else {
      return variables.map { _ in nil }
    }
    let anomalies = AnomalyScope.inUse
    let wanted = Set(variables.map(\.id))
    var found: [UInt64: Tensor<Scalar>] = [:]
    var gradients: [UInt64: Tensor<Scalar>] = [root.id: seed]
    var queue = NodeHeap<Scalar>()
    queue.insert(root)
    while let node = queue.removeNewest() {
      let gradient = gradients.removeValue(forKey: node.id)!
      if wanted.contains(node.id) { found[node.id] = gradient }
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
        accumulate(isDifferentiable ? pulled : pulled.detached(), for: edge.input, in: &gradients, &queue)
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

  private func accumulate(
    _ gradient: Tensor<Scalar>, for node: Node<Scalar>, in gradients: inout [UInt64: Tensor<Scalar>],
    _ queue: inout NodeHeap<Scalar>
  ) {
    // Taken out of the table first, so that the sum can be made in place.
    guard var sum = gradients.removeValue(forKey: node.id) else {
      gradients[node.id] = gradient
      queue.insert(node)
      return
    }
    if isDifferentiable {
      sum = sum + gradient
    } else {
      Kernels.zipInPlace(&sum.array, gradient.array, Functions.Add())
    }
    gradients[node.id] = sum
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

/// A max-heap of nodes by id.
private struct NodeHeap<Scalar: TensorScalar> {
  private var nodes: [Node<Scalar>] = []

  mutating func insert(_ node: Node<Scalar>) {
    nodes.append(node)
    var child = nodes.count - 1
    while child > 0, nodes[(child - 1) / 2].id < nodes[child].id {
      nodes.swapAt((child - 1) / 2, child)
      child = (child - 1) / 2
    }
  }

  mutating func removeNewest() -> Node<Scalar>? {
    guard nodes.count > 1 else { return nodes.popLast() }
    nodes.swapAt(0, nodes.count - 1)
    let newest = nodes.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      if left >= nodes.count { break }
      let child = left + 1 < nodes.count && nodes[left + 1].id > nodes[left].id ? left + 1 : left
      if nodes[parent].id > nodes[child].id { break }
      nodes.swapAt(parent, child)
      parent = child
    }
    return newest
  }
}
