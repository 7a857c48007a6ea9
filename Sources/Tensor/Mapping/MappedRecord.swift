// What is recorded of a mapped operation is one of ordinary tensors. A rule that was written for single examples is called
// with a gradient that looks like one, in the scope in which it was recorded.

/// The scope of an operation's outputs, of whose tensors one at least is mapped.
func mappingScope<Scalar: TensorElement>(
  _ outputs: [Tensor<Scalar>], _ inputs: [Tensor<Scalar>]
) -> MappingScope {
  MappingScope.open((outputs + inputs).map(\.mapped).reduce(.none, deepest))
}

extension MappingScope {
  /// The rule of an operation with one output, for all examples at once.
  func plainRule<Scalar: TensorElement>(
    _ name: StaticString, _ input: Tensor<Scalar>, _ rule: @escaping (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> (Tensor<Scalar>, (Tensor<Scalar>) -> Tensor<Scalar>) {
    let (shape, axes) = (input.shape, input.mapped)
    return (
      input.plain,
      { g in self.pulled(name, to: shape, axes) { rule(self.example(name, g)) } }
    )
  }

  /// The same for a rule that gets the output as well.
  func plainRule<Scalar: TensorElement>(
    _ name: StaticString, _ input: Tensor<Scalar>,
    _ rule: @escaping (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> (Tensor<Scalar>, (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>) {
    let (shape, axes) = (input.shape, input.mapped)
    return (
      input.plain,
      { g, y in self.pulled(name, to: shape, axes) { rule(self.example(name, g), self.example(name, y)) } }
    )
  }

  /// The rule of an operation with several outputs.
  func plainRule<Scalar: TensorElement>(
    _ name: StaticString, _ input: Tensor<Scalar>, _ pullback: Pullback<Scalar>
  ) -> (Tensor<Scalar>, Pullback<Scalar>) {
    let (shape, axes) = (input.shape, input.mapped)
    func examples(_ g: [Tensor<Scalar>?]) -> [Tensor<Scalar>?] { g.map { $0.map { self.example(name, $0) } } }
    let plain: Pullback<Scalar>
    switch pullback {
    case .gradients(let rule):
      plain = .gradients { g, isDifferentiable in
        self.pulled(name, to: shape, axes) { rule(examples(g), isDifferentiable) }
      }
    case .gradientsAndOutputs(let rule):
      plain = .gradientsAndOutputs { g, y in
        self.pulled(name, to: shape, axes) { rule(examples(g), y.map { self.example(name, $0) }) }
      }
    default: fatalError("\(name): a rule of one output among those of several")
    }
    return (input.plain, plain)
  }

  /// A gradient or an output of all examples as one of them.
  private func example<Scalar: TensorElement>(_ name: StaticString, _ x: Tensor<Scalar>) -> Tensor<Scalar> {
    ShapeCheck.require(!x.isMapped) {
      "vmap: the pullback of '\(name)', which was called inside of a vmap, cannot itself be mapped; map the function that "
        + "computes both"
    }
    return x.asMapped(axes)
  }

  /// What a rule for single examples gives, as the gradient with respect to an input of `shape` with `axes`: summed over
  /// those examples that shared it.
  private func pulled<Scalar: TensorElement>(
    _ name: StaticString, to shape: Shape, _ inputAxes: MappedAxes, _ rule: () -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let examples = MappingScope.within(self) { () -> Tensor<Scalar> in
      summedToBroadcastSource(rule(), shape, name).lifted(to: self)
    }
    let shared = Array(Int(inputAxes.count)..<lengths.count)
    if shared.isEmpty { return examples }
    return summed(examples, shared)
  }
}

/// The sum along the axes of a tensor that has derivatives, as all that come here do.
private func summed<Scalar: TensorElement>(_ x: Tensor<Scalar>, _ axes: [Int]) -> Tensor<Scalar> {
  if let x = x as? Tensor<Float> { return x.sum(axes: axes) as! Tensor<Scalar> }
  return (x as! Tensor<Double>).sum(axes: axes) as! Tensor<Scalar>
}

private func summedToBroadcastSource<Scalar: TensorElement>(
  _ x: Tensor<Scalar>, _ shape: Shape, _ name: StaticString
) -> Tensor<Scalar> {
  if x.shape == shape { return x }
  if let x = x as? Tensor<Float> { return x.summed(toBroadcastSource: shape, name: name) as! Tensor<Scalar> }
  return (x as! Tensor<Double>).summed(toBroadcastSource: shape, name: name) as! Tensor<Scalar>
}
