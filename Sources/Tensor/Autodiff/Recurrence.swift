/// The states that `body` leads through, step by step along the first axis of `inputs`, and what it puts out: a recurrence
/// whose memory grows with the square root of its length.
///
/// ```swift
/// let decays = Tensor<Double>([0.9, 0.5, 0.8])
/// let (sum, sums) = scan(from: [Tensor(0)], over: decays) { state, decay in
///   let next = decay * state[0] + 1
///   return ([next], next)
/// }
/// ```
///
/// The backward pass keeps the states at the beginnings of segments alone and computes each segment again, as
/// ``checkpointed(_:_:)-(Tensor<Scalar>,_)`` does: a third more time than with all steps kept. Derivatives are those of the
/// loop written out. The body may use other tracked tensors, such as parameters, and must compute the same each time.
///
/// - Parameters:
///   - state: The tensors to begin with.
///   - inputs: [T, …], of which each step gets one position.
///   - segment: How many steps a segment has; √T unless it is given, which takes the least memory.
///   - body: From a state and an input to the next state, of the same shapes, and an output.
/// - Returns: The last state, and the outputs, [T, …].
/// - Precondition: T and `segment` are positive; states keep their shapes, and all outputs have one shape.
public func scan<Scalar: TensorScalar>(
  from state: [Tensor<Scalar>], over inputs: Tensor<Scalar>, segment: Int? = nil,
  body:
    @escaping (_ state: [Tensor<Scalar>], _ input: Tensor<Scalar>) -> (
      state: [Tensor<Scalar>], output: Tensor<Scalar>
    )
) -> (state: [Tensor<Scalar>], outputs: Tensor<Scalar>) {
  ShapeCheck.require(inputs.rank >= 1 && inputs.shape[0] > 0) {
    "scan: the inputs \(inputs.shape) have no position along their first axis"
  }
  let length = segment ?? Int(Double(inputs.shape[0]).squareRoot().rounded(.up))
  ShapeCheck.require(length > 0) { "scan: a segment of \(length) steps is none" }
  let shapes = state.map(\.shape)
  var state = state
  var outputs: [Tensor<Scalar>] = []
  for part in inputs.segments(of: length) {
    var outputShape: Shape = []
    let packed = checkpointed(state + [part]) { tensors in
      let (end, stepOutputs) = steps(Array(tensors.dropLast()), tensors[tensors.count - 1], body)
      outputShape = stepOutputs.shape
      return Tensor.concatenated((end + [stepOutputs]).map { $0.reshaped(to: [$0.count]) })
    }
    let counts = (shapes + [outputShape]).map(\.elementCount)
    let parts = packed.split(lengths: counts)
    state = zip(parts, shapes).map { $0.reshaped(to: $1) }
    outputs.append(parts[parts.count - 1].reshaped(to: outputShape))
    ShapeCheck.require(outputs[0].shape.dropFirst() == outputShape.dropFirst()) {
      "scan: the outputs have the shapes \(outputs[0].shape.dropFirst()) and \(outputShape.dropFirst())"
    }
  }
  return (state, Tensor.concatenated(outputs))
}

/// The state after all steps, and their outputs.
private func steps<Scalar: TensorScalar>(
  _ start: [Tensor<Scalar>], _ inputs: Tensor<Scalar>,
  _ body: ([Tensor<Scalar>], Tensor<Scalar>) -> (state: [Tensor<Scalar>], output: Tensor<Scalar>)
) -> ([Tensor<Scalar>], Tensor<Scalar>) {
  var state = start
  var outputs: [Tensor<Scalar>] = []
  for input in inputs.slices(along: 0) {
    let (next, output) = body(state, input)
    ShapeCheck.require(next.map(\.shape) == start.map(\.shape)) {
      "scan: the body made a state of the shapes \(next.map(\.shape)) of one of \(start.map(\.shape))"
    }
    ShapeCheck.require(outputs.first.map { $0.shape == output.shape } ?? true) {
      "scan: the outputs have the shapes \(outputs[0].shape) and \(output.shape)"
    }
    state = next
    outputs.append(output)
  }
  return (state, Tensor.stacked(outputs))
}
