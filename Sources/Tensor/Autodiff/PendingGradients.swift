/// The gradients of nodes that a backward pass has yet to visit, to be taken out newest node first.
struct PendingGradients<Scalar: TensorScalar> {
  /// The newest node of all and its gradient, told apart: along a chain of operations there is no other.
  private var newest: (node: Node<Scalar>, gradient: Tensor<Scalar>)?
  private var others = NodeHeap<Scalar>()
  private var gradients: [UInt64: Tensor<Scalar>] = [:]

  /// Adds to what was pulled back to `node` before.
  mutating func add(_ gradient: Tensor<Scalar>, for node: Node<Scalar>, isDifferentiable: Bool) {
    if let newest, node.id <= newest.node.id {
      if node === newest.node {
        Self.add(gradient, to: &self.newest!.gradient, isDifferentiable)
      } else {
        addToOthers(gradient, for: node, isDifferentiable)
      }
    } else if newest == nil, let other = others.newest, node.id <= other.id {
      addToOthers(gradient, for: node, isDifferentiable)
    } else {
      if let newest { addToOthers(newest.gradient, for: newest.node, isDifferentiable) }
      newest = (node, gradient)
    }
  }

  /// The newest node with the sum of what was pulled back to it.
  mutating func removeNewest() -> (node: Node<Scalar>, gradient: Tensor<Scalar>)? {
    if let result = newest {
      newest = nil
      return result
    }
    return others.removeNewest().map { ($0, gradients.removeValue(forKey: $0.id)!) }
  }

  private mutating func addToOthers(
    _ gradient: Tensor<Scalar>, for node: Node<Scalar>, _ isDifferentiable: Bool
  ) {
    // Taken out of the table first, so that the sum can be made in place.
    guard var sum = gradients.removeValue(forKey: node.id) else {
      gradients[node.id] = gradient
      others.insert(node)
      return
    }
    Self.add(gradient, to: &sum, isDifferentiable)
    gradients[node.id] = sum
  }

  private static func add(
    _ gradient: Tensor<Scalar>, to sum: inout Tensor<Scalar>, _ isDifferentiable: Bool
  ) {
    if isDifferentiable {
      sum = sum + gradient
    } else {
      Kernels.zipInPlace(&sum.array, gradient.array, Functions.Add())
    }
  }
}

/// A max-heap of nodes by id.
private struct NodeHeap<Scalar: TensorScalar> {
  private var nodes: [Node<Scalar>] = []

  var newest: Node<Scalar>? { nodes.first }

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
