import Tensor

/// The parameters of one layer of a recurrent network in one direction, with PyTorch's names; its gates are one below the
/// other.
struct RecurrentCell<Scalar: TensorScalar>: Module {
  /// [gates · H, I].
  var inputWeight: Tensor<Scalar>
  /// [gates · H, H].
  var hiddenWeight: Tensor<Scalar>
  /// [gates · H], or `nil`.
  var inputBias: Tensor<Scalar>?
  var hiddenBias: Tensor<Scalar>?
  /// What names end with, such as `l0_reverse`.
  let suffix: String

  init(
    gates: Int, inputs: Int, hidden: Int, bias: Bool, suffix: String, using generator: inout RandomGenerator
  ) {
    let initializer = WeightInitializer.uniform(bound: 1 / Double(hidden).squareRoot())
    inputWeight = initializer([gates * hidden, inputs], using: &generator)
    hiddenWeight = initializer([gates * hidden, hidden], using: &generator)
    inputBias = bias ? initializer([gates * hidden], using: &generator) : nil
    hiddenBias = bias ? initializer([gates * hidden], using: &generator) : nil
    self.suffix = suffix
  }

  mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight_ih_\(suffix)", &inputWeight)
    visitor.parameter("weight_hh_\(suffix)", &hiddenWeight)
    visitor.parameter("bias_ih_\(suffix)", &inputBias)
    visitor.parameter("bias_hh_\(suffix)", &hiddenBias)
  }

  /// The outputs of all steps, [N, T, H], and the state after the last: `step` makes the next state of what the input and
  /// the hidden state give to the gates, [N, gates · H] each.
  ///
  /// - Parameter state: Its first tensor is the hidden state, which is the output.
  func run(
    _ x: Tensor<Scalar>, from state: [Tensor<Scalar>], isReversed: Bool,
    _ step: (_ input: Tensor<Scalar>, _ hidden: Tensor<Scalar>, _ state: [Tensor<Scalar>]) -> [Tensor<Scalar>]
  ) -> (output: Tensor<Scalar>, state: [Tensor<Scalar>]) {
    // What the inputs give does not wait for the states: one product for all steps.
    let inputs = Linear(weight: inputWeight, bias: inputBias)(x).slices(along: 1)
    let recurrent = Linear(weight: hiddenWeight, bias: hiddenBias)
    var state = state
    var outputs: [Tensor<Scalar>] = []
    for input in isReversed ? inputs.reversed() : inputs {
      state = step(input, recurrent(state[0]), state)
      outputs.append(state[0])
    }
    return (Tensor.stacked(isReversed ? outputs.reversed() : outputs, axis: 1), state)
  }
}

/// The layers of a recurrent network, each of one direction or two, which ``LSTM`` and ``GRU`` are made of.
struct RecurrentStack<Scalar: TensorScalar>: Module {
  /// Layer after layer, of each the two directions where there are two.
  var cells: [RecurrentCell<Scalar>]
  let name: String
  let inputs: Int
  let hidden: Int
  let directions: Int
  let dropout: Dropout<Scalar>

  init(
    _ name: String, gates: Int, inputs: Int, hidden: Int, layers: Int, isBidirectional: Bool, bias: Bool,
    dropout: Double, using generator: inout RandomGenerator
  ) {
    requirePositive(name, "number of inputs", inputs)
    requirePositive(name, "number of hidden units", hidden)
    requirePositive(name, "number of layers", layers)
    self.name = name
    self.inputs = inputs
    self.hidden = hidden
    let directions = isBidirectional ? 2 : 1
    self.directions = directions
    self.dropout = Dropout(probability: dropout)
    cells = []
    for layer in 0..<layers {
      for direction in 0..<directions {
        cells.append(
          RecurrentCell(
            gates: gates, inputs: layer == 0 ? inputs : directions * hidden, hidden: hidden, bias: bias,
            suffix: "l\(layer)" + (direction == 1 ? "_reverse" : ""), using: &generator))
      }
    }
  }

  mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    for index in cells.indices { cells[index].visitParts(visitor) }
  }

  /// The outputs of the last layer, [N, T, directions · H], and the states of all cells after their last steps,
  /// [cells, N, H] each.
  ///
  /// - Parameters:
  ///   - parts: How many tensors a state has.
  ///   - start: The states to begin with, [cells, N, H] each, or `nil` for zeros.
  func run(
    _ x: Tensor<Scalar>, from start: [Tensor<Scalar>]?, stateParts parts: Int, _ mode: inout ForwardMode,
    _ step: (_ input: Tensor<Scalar>, _ hidden: Tensor<Scalar>, _ state: [Tensor<Scalar>]) -> [Tensor<Scalar>]
  ) -> (output: Tensor<Scalar>, state: [Tensor<Scalar>]) {
    ShapeCheck.require(x.rank == 3 && x.shape[2] == inputs && x.shape[1] > 0) {
      "\(name): the input \(x.shape) is not of the form [N, T, \(inputs)] with a step at least"
    }
    let stateShape = [cells.count, x.shape[0], hidden]
    for part in start ?? [] {
      ShapeCheck.require(part.shape == stateShape) {
        "\(name): the state has the shape \(part.shape), not \(stateShape), for the input \(x.shape)"
      }
    }
    let zeros = Tensor<Scalar>.zeros([x.shape[0], hidden])
    var ends: [[Tensor<Scalar>]] = []
    var x = x
    for first in stride(from: 0, to: cells.count, by: directions) {
      // Between layers, not after the last.
      if first > 0 { x = dropout.forward(x, &mode) }
      let results = (0..<directions).map { direction in
        let begin = start.map { $0.map { $0[first + direction] } } ?? Array(repeating: zeros, count: parts)
        return cells[first + direction].run(x, from: begin, isReversed: direction == 1, step)
      }
      ends += results.map(\.state)
      x = directions == 1 ? results[0].output : Tensor.concatenated(results.map(\.output), axis: 2)
    }
    return (x, (0..<parts).map { part in Tensor.stacked(ends.map { $0[part] }) })
  }
}
