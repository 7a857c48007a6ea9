/// The graph of operations behind a tensor, as a picture.
public enum Graph {
  /// The operations that `result` descends from, in the language of Graphviz: `dot -Tsvg` draws it.
  ///
  /// A node shows the operation's name and its result's shape; tracked tensors that were given are boxes. Edges go
  /// the way the numbers went. Of an operation with several outputs the node shows the shapes of those that were used,
  /// each by its number, and an edge the number of the one that it leads from. Constants are not in the graph, since
  /// nothing is recorded of them. The text is the same for every run of the same program.
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
    var shapes: [NodeOutput<Scalar>.Key: Shape] = [:]
    var pending: [Node<Scalar>] = []
    if let root = result.origin {
      shapes[root.key] = result.plain.shape
      pending.append(root.node)
    }
    while let node = pending.popLast() {
      if nodes.updateValue(node, forKey: node.id) != nil { continue }
      for edge in node.edges {
        shapes[edge.input.key] = edge.inputShape
        pending.append(edge.input.node)
      }
    }
    var labels: [NodeOutput<Scalar>.Key: String] = [:]
    // Sorted, so that of two names for one tensor the same is shown each time.
    for (name, tensor) in names.sorted(by: { $0.key > $1.key }) {
      if let origin = tensor.origin { labels[origin.key] = escaped(name) }
    }

    // Ids count all nodes of the process; here they are counted from 0, in the same order.
    let ids = nodes.keys.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
    var lines: [String] = []
    for id in ids {
      let node = nodes[id]!
      let form = node.isConsumed ? ", style=dashed" : node.edges.isEmpty ? ", shape=box" : ""
      lines.append("  n\(numbers[id]!) [label=\"\(label(of: node, shapes, labels))\"\(form)];")
    }
    for id in ids {
      for edge in nodes[id]!.edges {
        let input = edge.input
        let output = input.node.outputCount > 1 ? " [label=\"\(input.index)\"]" : ""
        lines.append("  n\(numbers[input.node.id]!) -> n\(numbers[id]!)\(output);")
      }
    }
    return (["digraph {"] + lines + ["}"]).joined(separator: "\n")
  }

  /// The operation's name and its outputs' shapes, as far as they are known, a line each.
  private static func label<Scalar: TensorScalar>(
    of node: Node<Scalar>, _ shapes: [NodeOutput<Scalar>.Key: Shape],
    _ labels: [NodeOutput<Scalar>.Key: String]
  ) -> String {
    let name = escaped("\(node.name)")
    let first = NodeOutput(node).key
    if node.outputCount == 1 { return (labels[first] ?? name) + "\\n\(shapes[first]!)" }
    let outputs = (0..<node.outputCount).compactMap { index -> String? in
      let key = NodeOutput(node, index).key
      return shapes[key].map { "\(index): " + (labels[key].map { $0 + " " } ?? "") + "\($0)" }
    }
    return ([name] + outputs).joined(separator: "\\n")
  }

  private static func escaped(_ name: String) -> String {
    name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
