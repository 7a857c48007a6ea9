// What is recorded of a mapped operation is one of ordinary tensors. A rule that was written for single examples is called
// with a gradient that looks like one, in the scope in which it was recorded.

/// The scope of an operation's outputs, of whose tensors one at least is mapped.
func mappingScope<Scalar: TensorElement>(
  _ outputs: [Tensor<Scalar>], _ inputs: [Tensor<Scalar>]
) -> MappingScope {
  MappingScope.open((outputs + inputs).map(\.mapped).reduce(.none, deepest))
}

extension MappingScope {
  /// An input of an operation with its rule, for all examples at once.
  func plainInput<Scalar: TensorElement>(
    _ name: StaticString, _ input: RecordedInput<Scalar>
  ) -> RecordedInput<Scalar> {
    let (shape, axes) = (input.tensor.shape, input.tensor.mapped)
    func example(_ x: Tensor<Scalar>) -> Tensor<Scalar> { self.example(name, x) }
    func pulled(_ rule: () -> Tensor<Scalar>) -> Tensor<Scalar> { self.pulled(name, to: shape, axes, rule) }
    let pullback: Pullback<Scalar> =
      switch input.pullback {
      case .gradient(let rule): .gradient { g in pulled { rule(example(g)) } }
      case .gradientAndOutput(let rule):
        .gradientAndOutput { g, y in pulled { rule(example(g), example(y)) } }
      case .gradients(let rule):
        .gradients { g, isDifferentiable in pulled { rule(g.map { $0.map(example) }, isDifferentiable) } }
      case .gradientsAndOutputs(let rule):
        .gradientsAndOutputs { g, y in pulled { rule(g.map { $0.map(example) }, y.map(example)) } }
      case .recomputed(let rule):
        .recomputed { g, isDifferentiable in pulled { rule(example(g), isDifferentiable) } }
      }
    return RecordedInput(tensor: input.tensor.plain, pullback: pullback)
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
