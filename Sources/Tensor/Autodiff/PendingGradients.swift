/// The gradients of nodes that a backward pass has yet to visit, to be taken out newest node first. What several uses
/// pull back to the same output of a node is added up.
struct PendingGradients<Scalar: TensorScalar> {
  /// The newest node of all and its gradients, told apart: along a chain of operations there is no other.
  private var newest: NodeGradients<Scalar>?
  private var others = NodeHeap<Scalar>()
  private var gradients: [UInt64: OutputGradients<Scalar>] = [:]

  /// Adds to what was pulled back to `output` before.
  mutating func add(_ gradient: Tensor<Scalar>, for output: NodeOutput<Scalar>, isDifferentiable: Bool) {
    let node = output.node
    if let newestID = newest?.node.id {
      if node.id == newestID {
        newest!.gradients.add(gradient, to: output.index, isDifferentiable)
        return
      }
      if node.id < newestID { return addToOthers(gradient, for: output, isDifferentiable) }
      // No other gradient of it is in the table, which holds what is older.
      others.insert(newest!.node)
      gradients[newestID] = newest!.gradients
    } else if let other = others.newest, node.id <= other.id {
      return addToOthers(gradient, for: output, isDifferentiable)
    }
    newest = NodeGradients(node: node, gradients: OutputGradients(gradient, of: output))
  }

  /// The newest node with the sums of what was pulled back to each of its outputs.
  mutating func removeNewest() -> NodeGradients<Scalar>? {
    if newest != nil { return newest.take() }
    return others.removeNewest().map {
      NodeGradients(node: $0, gradients: gradients.removeValue(forKey: $0.id)!)
    }
  }

  private mutating func addToOthers(
    _ gradient: Tensor<Scalar>, for output: NodeOutput<Scalar>, _ isDifferentiable: Bool
  ) {
    // Taken out of the table first, so that the sum can be made in place.
    guard var sums = gradients.removeValue(forKey: output.node.id) else {
      gradients[output.node.id] = OutputGradients(gradient, of: output)
      others.insert(output.node)
      return
    }
    sums.add(gradient, to: output.index, isDifferentiable)
    gradients[output.node.id] = sums
  }
}

/// A node with the complete gradients of its outputs.
struct NodeGradients<Scalar: TensorScalar> {
  let node: Node<Scalar>
  var gradients: OutputGradients<Scalar>
}

/// The gradients with respect to the outputs of one node, `nil` for an output to which nothing was pulled back.
struct OutputGradients<Scalar: TensorScalar> {
  /// The first output's, apart from the others, which most nodes do not have.
  private(set) var first: Tensor<Scalar>?
  private var others: [Tensor<Scalar>?] = []

  /// The gradient of one output alone.
  init(_ gradient: Tensor<Scalar>, of output: NodeOutput<Scalar>) {
    let count = output.node.outputCount
    if count == 1 {
      first = gradient
      return
    }
    others = [Tensor<Scalar>?](repeating: nil, count: count - 1)
    self[output.index] = gradient
  }

  /// The gradients of all outputs, in their order.
  var all: [Tensor<Scalar>?] { [first] + others }
  /// The number of outputs.
  var count: Int { 1 + others.count }
  /// Whether a gradient changes inside of a call of `jvp`.
  var carryTangent: Bool { first?.carriesTangent == true || others.contains { $0?.carriesTangent == true } }
  /// Whether no output has a gradient.
  var isEmpty: Bool { first == nil && others.allSatisfy { $0 == nil } }

  subscript(output: Int) -> Tensor<Scalar>? {
    get { output == 0 ? first : others[output - 1] }
    set { if output == 0 { first = newValue } else { others[output - 1] = newValue } }
  }

  mutating func add(_ gradient: Tensor<Scalar>, to output: Int, _ isDifferentiable: Bool) {
    if output == 0 {
      Self.add(gradient, to: &first, isDifferentiable)
    } else {
      Self.add(gradient, to: &others[output - 1], isDifferentiable)
    }
  }

  private static func add(
    _ gradient: Tensor<Scalar>, to sum: inout Tensor<Scalar>?, _ isDifferentiable: Bool
  ) {
    if sum == nil {
      sum = gradient
    } else if isDifferentiable || sum!.isMappedOrCarriesTangent || gradient.isMappedOrCarriesTangent {
      sum = sum! + gradient
    } else {
      Kernels.zipInPlace(&sum!.array, gradient.array, Arithmetic.Add())
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
