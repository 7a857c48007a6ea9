import Synchronization

/// One recorded operation, with one output or several: where its tracked inputs came from and how to pull a gradient
/// back to each.
///
/// A node never refers to its own outputs' tensors, so dropping the last tensor of a graph frees the graph.
final class Node<Scalar: TensorElement>: @unchecked Sendable {
  /// Grows with every node, so an operation's id is greater than those of all its inputs.
  let id: UInt64
  /// The least id among this node and all that it or its tangents descend from, if a backward pass may lead there.
  let oldestAncestor: UInt64
  let name: StaticString
  /// How many tensors the operation made.
  let outputCount: Int
  /// One for each tracked input, dropped as the backward pass uses them.
  private(set) var edges: [Edge<Scalar>]
  /// The outputs' numbers, kept only when a pullback asks for them.
  private(set) var outputs: KeptOutputs<Scalar>
  /// Whether a backward pass has used up the edges.
  private(set) var isConsumed = false
  /// By how much the outputs change, inside of calls of `jvp`.
  let tangents: Tangents<Scalar>?
  /// Whether a backward pass may lead here; where it may not, the node is there for the tangents alone.
  let hasHistory: Bool

  init(
    name: StaticString, edges: [Edge<Scalar>] = [], outputCount: Int = 1,
    keeping outputs: KeptOutputs<Scalar> = .none, tangents: Tangents<Scalar>? = nil, hasHistory: Bool = true
  ) {
    id = Self.reserveID()
    let own = edges.reduce(hasHistory ? id : .max) { min($0, $1.input.node.oldestAncestor) }
    oldestAncestor = tangents.map { min(own, $0.oldestAncestor) } ?? own
    self.name = name
    self.outputCount = outputCount
    self.edges = edges
    self.outputs = outputs
    self.tangents = tangents
    self.hasHistory = hasHistory
  }

  /// The same operation with other tangents.
  func copy(with tangents: Tangents<Scalar>?) -> Node {
    Node(
      name: name, edges: edges, outputCount: outputCount, keeping: outputs, tangents: tangents,
      hasHistory: hasHistory)
  }

  /// A number that no other node has, of any graph, greater than those given before.
  static func reserveID() -> UInt64 { nextNodeID.wrappingAdd(1, ordering: .relaxed).newValue }

  /// The id of the last node that was made, of any graph.
  static var newestID: UInt64 { nextNodeID.load(ordering: .relaxed) }

  /// The edges, which the node forgets, and with them all that their pullbacks captured.
  func consumeEdges() -> [Edge<Scalar>] {
    guard !edges.isEmpty else { return [] }
    isConsumed = true
    return exchange(&edges, with: [])
  }

  /// Forgets the outputs' numbers, when no pullback will ask for them again.
  func forgetOutputs() { outputs = .none }

  deinit {
    if !edges.isEmpty { Self.dismantle(&edges) }
  }

  /// Releases a chain of nodes one after the other.
  ///
  /// Left to the compiler, each node would release its inputs from inside its own release, and a chain of
  /// 100,000 operations would overflow the stack.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func dismantle(_ edges: inout [Edge<Scalar>]) {
    // The nodes go on the list before the pullbacks are dropped: what a pullback captured of the graph is then
    // still held here, and its release ends here too.
    var pending = edges.map(\.input.node)
    edges = []
    while var node = pending.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      for edge in node.edges { pending.append(edge.input.node) }
      node.edges = []
    }
  }
}

/// Where a tensor came from: one of the outputs of an operation.
struct NodeOutput<Scalar: TensorElement> {
  let node: Node<Scalar>
  /// Which of the node's outputs, counted from 0.
  let index: Int

  init(_ node: Node<Scalar>, _ index: Int = 0) { (self.node, self.index) = (node, index) }

  var key: Key { Key(node: node.id, output: index) }

  /// An output's name in tables.
  struct Key: Hashable {
    let node: UInt64
    let output: Int
  }
}

/// What a node remembers of its outputs' numbers, for pullbacks that are given them. A single array stands by itself,
/// since most nodes have no other and a list of one would be one more allocation for each.
enum KeptOutputs<Scalar: TensorElement> {
  case none
  case one(StridedArray<Scalar>)
  case several([StridedArray<Scalar>])

  /// An output for a pullback that asks for it, which leads on to the node if what is computed from it is to be
  /// differentiated.
  func tensor(_ index: Int, of node: Node<Scalar>, _ isDifferentiable: Bool) -> Tensor<Scalar> {
    let array: StridedArray<Scalar>
    switch self {
    case .none: fatalError("\(node.name): its outputs were not kept")
    case .one(let only): array = only
    case .several(let arrays): array = arrays[index]
    }
    if !isDifferentiable, node.tangents == nil { return Tensor(array) }
    let output = Tensor(array, origin: NodeOutput(node, index))
    return isDifferentiable ? output : output.untracked()
  }
}

/// The way back from an operation to one of its inputs.
struct Edge<Scalar: TensorElement> {
  /// The output of another operation that the input is, to which the gradient goes.
  let input: NodeOutput<Scalar>
  /// To which the pulled-back gradient is summed when the input was broadcast.
  let inputShape: Shape
  let pullback: Pullback<Scalar>
}

/// From the gradient of a scalar with respect to an operation's outputs to the gradient with respect to one input.
enum Pullback<Scalar: TensorElement> {
  /// The rule of an operation with one output.
  case gradient((Tensor<Scalar>) -> Tensor<Scalar>)
  /// Takes the operation's own output as well, which the node keeps for it.
  case gradientAndOutput((Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>)
  /// The rule of an operation with several outputs, of which those without a gradient were not used; it is told whether
  /// its gradient is to be differentiable.
  case gradients(([Tensor<Scalar>?], _ isDifferentiable: Bool) -> Tensor<Scalar>)
  /// Takes the operation's own outputs as well, which the node keeps for it.
  case gradientsAndOutputs(([Tensor<Scalar>?], [Tensor<Scalar>]) -> Tensor<Scalar>)
  /// Runs a backward pass of its own, which must know whether its gradient is to be differentiable.
  case recomputed((Tensor<Scalar>, _ isDifferentiable: Bool) -> Tensor<Scalar>)
}

private let nextNodeID = Atomic<UInt64>(0)
