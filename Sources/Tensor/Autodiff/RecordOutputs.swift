/// Records an operation with several outputs, such as a factorisation: their values, and for each input the rule that
/// pulls the gradients of all outputs back to it.
///
/// ```swift
/// func sumAndDifference(_ x: Tensor<Double>, _ y: Tensor<Double>) -> (Tensor<Double>, Tensor<Double>) {
///   let outputs = record(
///     "sumAndDifference", outputs: [x + y, x - y],
///     (x, { g in (g[0] ?? Tensor(0)) + (g[1] ?? Tensor(0)) }),
///     (y, { g in (g[0] ?? Tensor(0)) - (g[1] ?? Tensor(0)) }))
///   return (outputs[0], outputs[1])
/// }
/// ```
///
/// A rule gets a gradient for each output, `nil` for one that was not used on the way to what is differentiated. It
/// can leave out what only that one needs; at least one gradient is there.
///
/// - Parameters:
///   - name: The operation's name, for messages.
///   - outputs: The results, one at least. Their history, if they have one, is ignored.
///   - inputs: Each input with its rule, from the gradients with respect to the outputs to the gradient with respect
///     to the input. If the input was broadcast, the rule may return a gradient of the broadcast shape.
/// - Returns: The outputs, in their order. Each can be dropped by itself: a rule that does not ask for the outputs
///   keeps none of them alive.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, outputs: [Tensor<Scalar>],
  _ inputs: (Tensor<Scalar>, ([Tensor<Scalar>?]) -> Tensor<Scalar>)...
) -> [Tensor<Scalar>] {
  record(name, outputs: outputs, inputs: inputs)
}

/// Records an operation with several outputs whose rules use them: they receive all outputs as their second argument,
/// and must not capture them.
///
/// ```swift
/// let (s, c) = (x.detached().sin(), x.detached().cos())
/// record("sineAndCosine", outputs: [s, c], (x, { g, y in (g[0] ?? Tensor(0)) * y[1] - (g[1] ?? Tensor(0)) * y[0] }))
/// ```
///
/// The outputs live until the backward pass has gone by, also those that nobody else holds.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, outputs: [Tensor<Scalar>],
  _ inputs: (Tensor<Scalar>, ([Tensor<Scalar>?], [Tensor<Scalar>]) -> Tensor<Scalar>)...
) -> [Tensor<Scalar>] {
  record(name, outputs: outputs, inputs: inputs)
}

/// Records an operation with several outputs and any number of inputs.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, outputs: [Tensor<Scalar>],
  inputs: [(Tensor<Scalar>, ([Tensor<Scalar>?]) -> Tensor<Scalar>)]
) -> [Tensor<Scalar>] {
  recorded(
    name, outputs,
    inputs.map { input, rule in RecordedInput(tensor: input, pullback: .gradients { g, _ in rule(g) }) },
    keepsOutputs: false)
}

/// Records an operation with several outputs and one input whose rule is told whether its gradient is to be differentiable.
///
/// Where it is not, which is nearly always, the rule may detach what it captured and work in place.
package func record<Scalar: TensorScalar>(
  _ name: StaticString, outputs: [Tensor<Scalar>],
  tellingOrder input: (Tensor<Scalar>, ([Tensor<Scalar>?], _ isDifferentiable: Bool) -> Tensor<Scalar>)
) -> [Tensor<Scalar>] {
  recorded(
    name, outputs, [RecordedInput(tensor: input.0, pullback: .gradients(input.1))], keepsOutputs: false)
}

/// Records an operation with several outputs and any number of inputs whose rules use the outputs, which they receive
/// as their second argument.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func record<Scalar: TensorElement>(
  _ name: StaticString, outputs: [Tensor<Scalar>],
  inputs: [(Tensor<Scalar>, ([Tensor<Scalar>?], [Tensor<Scalar>]) -> Tensor<Scalar>)]
) -> [Tensor<Scalar>] {
  recorded(
    name, outputs, inputs.map { RecordedInput(tensor: $0.0, pullback: .gradientsAndOutputs($0.1)) },
    keepsOutputs: true)
}

private func recorded<Scalar: TensorElement>(
  _ name: StaticString, _ outputs: [Tensor<Scalar>], _ inputs: [RecordedInput<Scalar>], keepsOutputs: Bool
) -> [Tensor<Scalar>] {
  ShapeCheck.require(!outputs.isEmpty) { "\(name): record was given no output" }
  return recordedSpecially(name, outputs, inputs, .transposed, keepsOutputs: keepsOutputs)
}
