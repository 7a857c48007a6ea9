/// The graph of operations behind a tensor, as a picture.
public enum Graph {
  /// The operations that `result` descends from, in the language of Graphviz: `dot -Tsvg` draws it.
  ///
  /// A node shows the operation's name and its result's shape; tracked tensors that were given are boxes. Edges go
  /// the way the numbers went. Constants are not in the graph, since nothing is recorded of them. The text is the
  /// same for every run of the same program.
  ///
  /// ```swift
  /// let x = Tensor<Double>([1, 2]).tracked()
  /// print(Graph.dot(of: x.exp().sum(), naming: ["x": x]))
  /// ```
  ///
  /// - Parameters:
  ///   - result: Any tensor. One that is not tracked has no graph: the text describes an empty one.
  ///   - names: What to call tensors of the graph, instead of their operations' names.
  public static func dot<Scalar: TensorScalar>(
    of result: Tensor<Scalar>, naming names: [String: Tensor<Scalar>] = [:]
  ) -> String {
    var nodes: [UInt64: Node<Scalar>] = [:]
    var shapes: [UInt64: Shape] = [:]
    var pending: [Node<Scalar>] = []
    if let root = result.node {
      shapes[root.id] = result.shape
      pending.append(root)
    }
    while let node = pending.popLast() {
      if nodes.updateValue(node, forKey: node.id) != nil { continue }
      for edge in node.edges {
        shapes[edge.input.id] = edge.inputShape
        pending.append(edge.input)
      }
    }
    var labels: [UInt64: String] = [:]
    // Sorted, so that of two names for one tensor the same is shown each time.
    for (name, tensor) in names.sorted(by: { $0.key > $1.key }) {
      if let node = tensor.node { labels[node.id] = name }
    }

    // Ids count all nodes of the process; here they are counted from 0, in the same order.
    let ids = nodes.keys.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
    var lines: [String] = []
    for id in ids {
      let node = nodes[id]!
      let label = escaped(labels[id] ?? "\(node.name)") + "\\n\(shapes[id]!)"
      let form = node.isConsumed ? ", style=dashed" : node.edges.isEmpty ? ", shape=box" : ""
      lines.append("  n\(numbers[id]!) [label=\"\(label)\"\(form)];")
    }
    for id in ids {
      for edge in nodes[id]!.edges { lines.append("  n\(numbers[edge.input.id]!) -> n\(numbers[id]!);") }
    }
    return (["digraph {"] + lines + ["}"]).joined(separator: "\n")
  }

  private static func escaped(_ name: String) -> String {
    name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
