import Synchronization

/// A call of ``jvp(at:along:in:)-(Tensor<Scalar>,_,_)`` that is being carried out, or was.
final class TangentScope: Sendable {
  /// Later calls have greater numbers, and so have the nodes that are made inside of a call.
  let id: UInt64
  private let isOver = Atomic(false)

  /// The calls whose tangents nobody asks for at present: a tangent is not itself moved along the direction that it is of.
  @TaskLocal static var ignored: [UInt64] = []

  init() { id = Node<Float>.reserveID() }

  /// Ends the call. What is left of its tangents, in tensors that got out of it, counts no more.
  func close() { isOver.store(true, ordering: .relaxed) }

  func isActive(_ ignored: [UInt64]) -> Bool { !isOver.load(ordering: .relaxed) && !ignored.contains(id) }
}

/// By how much the outputs of an operation change when the arguments of a call of `jvp` move along their directions.
///
/// They are kept by the node of the operation, so that whoever asks whether a tensor has a node has asked for them too. A
/// tensor without a node has none.
final class Tangents<Scalar: TensorElement> {
  let scope: TangentScope
  /// One for each output, `nil` for one that does not change. A tangent knows nothing of its own call, but carries
  /// tangents of older ones, and has a history where something that is tracked outside of the call matters to it.
  let values: [Tensor<Scalar>?]
  /// Those of calls around this one.
  let older: Tangents?

  init(_ scope: TangentScope, _ values: [Tensor<Scalar>?], older: Tangents?) {
    (self.scope, self.values, self.older) = (scope, values, older)
  }

  /// Those of calls that go on and are not ignored.
  func active(_ ignored: [UInt64] = TangentScope.ignored) -> Tangents? {
    let rest = older?.active(ignored)
    if !scope.isActive(ignored) { return rest }
    return rest === older ? self : Tangents(scope, values, older: rest)
  }

  /// Those of one output alone.
  func output(_ index: Int, mapping transform: (Tensor<Scalar>) -> Tensor<Scalar> = { $0 }) -> Tangents {
    Tangents(
      scope, [values[index].map(transform)], older: older?.output(index, mapping: transform))
  }

  /// Whether a backward pass might lead through one of them.
  var haveHistory: Bool {
    values.contains { $0?.node.map { $0.hasHistory || $0.tangents?.haveHistory == true } == true }
      || older?.haveHistory == true
  }

  /// The least id of the nodes that they descend from.
  var oldestAncestor: UInt64 {
    let own = values.reduce(UInt64.max) { min($0, $1?.node?.oldestAncestor ?? .max) }
    return min(own, older?.oldestAncestor ?? .max)
  }
}

extension Tensor {
  /// Whether the tensor has tangents, of whatever calls of `jvp`.
  @inline(__always)
  var carriesTangent: Bool { origin?.node.tangents != nil }

  /// Whether it needs more of an operation than a place in the graph.
  @inline(__always)
  var isMappedOrCarriesTangent: Bool { isMapped || carriesTangent }

  /// The tangent in a call of `jvp`, an ordinary tensor also where this one is mapped.
  func tangent(in scope: TangentScope) -> Tensor? {
    guard let origin else { return nil }
    var tangents = origin.node.tangents
    while let candidate = tangents, candidate.scope !== scope { tangents = candidate.older }
    return tangents?.values[origin.index]
  }

  /// The same numbers, which no backward pass leads through, with their tangents: what ``detached()`` is where only
  /// backward passes are meant.
  @inline(__always)
  package func untracked() -> Tensor {
    guard let origin else { return self }
    return origin.node.tangents == nil ? Tensor(stored, mapped: mapped) : withTangentsAlone(origin)
  }

  private func withTangentsAlone(_ origin: NodeOutput<Scalar>) -> Tensor {
    guard let tangents = origin.node.tangents!.active() else { return Tensor(stored, mapped: mapped) }
    if !origin.node.hasHistory, tangents === origin.node.tangents, !tangents.haveHistory { return self }
    return Tensor(stored, constantWith: tangents.output(origin.index) { $0.untracked() }, mapped: mapped)
  }

  /// A tensor with tangents, through which no backward pass leads.
  init(_ array: StridedArray<Scalar>, constantWith tangents: Tangents<Scalar>?, mapped: MappedAxes) {
    let node = tangents.map { Node(name: "tangent", tangents: $0, hasHistory: false) }
    self.init(array, origin: node.map { NodeOutput($0) }, mapped: mapped)
  }

  /// The way back to this tensor from one with the same numbers, where there is one.
  func identityEdges() -> [Edge<Scalar>] {
    guard let origin, origin.node.hasHistory else { return [] }
    return [Edge(input: origin, inputShape: shape, pullback: .gradient { $0 })]
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The same numbers moving along `direction` in a call of `jvp`.
  func moving(along direction: Tensor, in scope: TangentScope) -> Tensor {
    if isMapped || direction.isMapped, let mapping = MappingScope.inUse {
      return MappingScope.within(nil) {
        lifted(to: mapping).moving(along: direction.lifted(to: mapping), in: scope)
      }.asMapped(mapping.axes)
    }
    let older = origin.flatMap { origin in
      origin.node.tangents?.active().map { $0.output(origin.index) }
    }
    let edges = identityEdges()
    return Tensor(
      stored,
      node: Node(
        name: "variable", edges: edges, tangents: Tangents(scope, [direction], older: older),
        hasHistory: !edges.isEmpty))
  }

  /// The tensor as it is outside of a call of `jvp` that is over.
  func leaving(_ scope: TangentScope) -> Tensor {
    guard let origin else { return self }
    let node = origin.node
    let tangents = node.tangents?.active()
    if node.hasHistory {
      let outside = tangents === node.tangents ? node : node.copy(with: tangents)
      // What descends from variables of the call alone is a constant outside of it.
      if outside.oldestAncestor < scope.id {
        return Tensor(stored, origin: NodeOutput(outside, origin.index), mapped: mapped)
      }
    }
    return Tensor(stored, constantWith: tangents?.output(origin.index), mapped: mapped)
  }
}
