// Forward mode: the tangents of an operation's outputs are computed when it is recorded, and nothing is kept for them.
//
// An operation knows how to pull a gradient back. That is linear in the gradient, so what pushes a tangent forward is its
// transpose, which a backward pass through the rule itself gives: through one rule, not through the graph. Two kinds of
// operations say that it is less: where each element depends on its own place the rule is its own transpose, and the
// tangent of a linear operation is that operation of the tangent.

/// An input of an operation with its rule.
struct RecordedInput<Scalar: TensorElement> {
  let tensor: Tensor<Scalar>
  let pullback: Pullback<Scalar>
}

/// How an operation pushes tangents forward.
enum Pushing<Scalar: TensorElement> {
  /// By the transposes of its rules.
  case transposed
  /// By its rules, where the shapes of input and output agree, since their matrices are symmetric there.
  case symmetric
  /// By its rules, of tangents that are broadcast: each element of the output depends on one of each input.
  case diagonal
  /// By a function of the tangents of all inputs, one at least.
  case jointly(([Tensor<Scalar>?]) -> Tensor<Scalar>)
}

/// Records an operation whose inputs are mapped or carry tangents, some of them at least.
@inline(never)
func recordedSpecially<Scalar: TensorElement>(
  _ name: StaticString, _ outputs: [Tensor<Scalar>], _ inputs: [RecordedInput<Scalar>],
  _ pushing: Pushing<Scalar>, keepsOutputs: Bool
) -> [Tensor<Scalar>] {
  if outputs.contains(where: \.isMapped) || inputs.contains(where: { $0.tensor.isMapped }) {
    let scope = mappingScope(outputs, inputs.map(\.tensor))
    // Rules for examples sum what broadcasting made.
    let plainPushing: Pushing<Scalar> = if case .transposed = pushing { .transposed } else { .symmetric }
    return recordedSpecially(
      name, outputs.map { $0.lifted(to: scope) }, inputs.map { scope.plainInput(name, $0) }, plainPushing,
      keepsOutputs: keepsOutputs
    ).map { $0.asMapped(scope.axes) }
  }
  let operation = RecordedOperation(
    name: name, arrays: outputs.map(\.stored), inputs: inputs, keepsOutputs: keepsOutputs)
  let results: [Tensor<Scalar>]
  if !inputs.contains(where: { $0.tensor.carriesTangent }) {
    results = operation.results(carrying: nil)
  } else if let operation = operation as? RecordedOperation<Float> {
    results = operation.pushed(pushing as! Pushing<Float>) as! [Tensor<Scalar>]
  } else {
    let operation = operation as! RecordedOperation<Double>
    results = operation.pushed(pushing as! Pushing<Double>) as! [Tensor<Scalar>]
  }
  AnomalyScope.inUse?.examine(results, of: name, inputs.map(\.tensor))
  return results
}

/// An operation on ordinary tensors, as it was recorded.
private struct RecordedOperation<Scalar: TensorElement> {
  let name: StaticString
  /// The outputs' numbers.
  let arrays: [StridedArray<Scalar>]
  let inputs: [RecordedInput<Scalar>]
  /// Whether a rule asks for the outputs.
  let keepsOutputs: Bool

  /// The outputs with a node, if an input is tracked or they have tangents. The pullbacks of inputs that are not tracked are
  /// dropped here.
  func results(carrying tangents: Tangents<Scalar>?) -> [Tensor<Scalar>] {
    let edges = inputs.compactMap { input -> Edge<Scalar>? in
      guard let origin = input.tensor.origin, origin.node.hasHistory else { return nil }
      return Edge(input: origin, inputShape: input.tensor.shape, pullback: input.pullback)
    }
    if edges.isEmpty, tangents == nil { return arrays.map { Tensor($0) } }
    let isKept = keepsOutputs && !edges.isEmpty
    let node = Node(
      name: name, edges: edges, outputCount: arrays.count,
      keeping: !isKept ? .none : arrays.count == 1 ? .one(arrays[0]) : .several(arrays), tangents: tangents,
      hasHistory: !edges.isEmpty)
    return arrays.indices.map { Tensor(arrays[$0], origin: NodeOutput(node, $0)) }
  }
}

extension RecordedOperation where Scalar: TensorScalar {
  /// The outputs with their tangents in all calls of `jvp` that are active.
  func pushed(_ pushing: Pushing<Scalar>) -> [Tensor<Scalar>] {
    let ignored = TangentScope.ignored
    var scopes: [TangentScope] = []
    for input in inputs {
      var tangents = input.tensor.origin?.node.tangents
      while let candidate = tangents {
        let scope = candidate.scope
        if scope.isActive(ignored), !scopes.contains(where: { $0 === scope }) { scopes.append(scope) }
        tangents = candidate.older
      }
    }
    scopes.sort { $0.id < $1.id }
    var carried: Tangents<Scalar>?
    for (index, scope) in scopes.enumerated() {
      // A rule's output is one without this tangent: the node that had both would be held by its own tangent's history.
      let outputs = keepsOutputs ? results(carrying: carried) : []
      let newer = scopes[index...].map(\.id)
      let values = TangentScope.$ignored.withValue(ignored + newer) {
        MappingScope.isInUse
          ? MappingScope.within(nil) { tangents(in: scope, outputs, pushing) }
          : tangents(in: scope, outputs, pushing)
      }
      if !values.allSatisfy({ $0 == nil }) { carried = Tangents(scope, values, older: carried) }
    }
    return results(carrying: carried)
  }

  /// A tangent for each output, `nil` where it does not change; none if no input does.
  private func tangents(
    in scope: TangentScope, _ outputs: [Tensor<Scalar>], _ pushing: Pushing<Scalar>
  ) -> [Tensor<Scalar>?] {
    let tangents = inputs.map { $0.tensor.tangent(in: scope) }
    // Of an operation with several outputs some may not change.
    if tangents.allSatisfy({ $0 == nil }) { return [] }
    var sums: [Tensor<Scalar>?]
    if case .jointly(let push) = pushing {
      sums = [push(tangents)]
    } else {
      sums = arrays.map { _ in nil }
      for (input, tangent) in zip(inputs, tangents) {
        guard let tangent else { continue }
        let parts =
          direct(input, tangent, outputs, pushing).map { [$0] }
          ?? transposed(input, tangent, outputs, in: scope)
        for (index, part) in parts.enumerated() {
          guard let part else { continue }
          sums[index] = sums[index].map { $0 + part } ?? part
        }
      }
    }
    return sums.enumerated().map { index, sum in
      guard let sum else { return nil }
      let whole = sum.shape == arrays[index].shape ? sum : sum.broadcast(to: arrays[index].shape)
      return whole.isOlder(than: scope) ? whole : whole.untracked()
    }
  }

  /// What the rule makes of a tangent, where it is its own transpose.
  private func direct(
    _ input: RecordedInput<Scalar>, _ tangent: Tensor<Scalar>, _ outputs: [Tensor<Scalar>],
    _ pushing: Pushing<Scalar>
  ) -> Tensor<Scalar>? {
    var tangent = tangent
    let shape = arrays[0].shape
    switch pushing {
    case .diagonal: if tangent.shape != shape { tangent = tangent.broadcast(to: shape) }
    case .symmetric: if tangent.shape != shape { return nil }
    case .transposed, .jointly: return nil
    }
    switch input.pullback {
    case .gradient(let rule): return rule(tangent)
    case .gradientAndOutput(let rule): return rule(tangent, outputs[0])
    default: return nil
    }
  }

  /// What the transpose of an input's rule makes of a tangent, for each output.
  private func transposed(
    _ input: RecordedInput<Scalar>, _ tangent: Tensor<Scalar>, _ outputs: [Tensor<Scalar>],
    in scope: TangentScope
  ) -> [Tensor<Scalar>?] {
    // The rule is linear in them, so their numbers count for nothing.
    let covectors = arrays.map {
      Tensor<Scalar>(
        StridedArray(repeating: 0, shape: []).broadcast(to: $0.shape), node: Node(name: "covector"))
    }
    let pulled =
      switch input.pullback {
      case .gradient(let rule): rule(covectors[0])
      case .gradientAndOutput(let rule): rule(covectors[0], outputs[0])
      case .gradients(let rule): rule(covectors, true)
      case .gradientsAndOutputs(let rule): rule(covectors, outputs)
      case .recomputed(let rule): rule(covectors[0], true)
      }
    let sum = pulled.summed(toBroadcastSource: input.tensor.shape, name: name)
    guard let node = sum.node, node.id >= covectors[0].node!.id else { return [] }
    let pass = BackwardPass<Scalar>(
      isDifferentiable: sum.isOlder(than: scope) || tangent.isOlder(than: scope))
    return pass.gradients(of: sum, seed: tangent, withRespectTo: covectors.map { $0.origin! })
  }
}

extension Tensor {
  /// Whether it descends from something that was tracked before a call of `jvp` began, and so has a history outside of it.
  fileprivate func isOlder(than scope: TangentScope) -> Bool {
    node.map { $0.oldestAncestor < scope.id } ?? false
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The sum of those tangents that there are, of which there is one at least.
  static func totalled(_ tangents: [Tensor?]) -> Tensor {
    let moving = tangents.compactMap(\.self)
    return moving.dropFirst().reduce(moving[0], +)
  }
}
