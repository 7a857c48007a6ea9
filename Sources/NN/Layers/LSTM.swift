import Tensor

/// A recurrent network with a memory cell, long short-term memory (Hochreiter and Schmidhuber, 1997): [N, T, I] becomes
/// [N, T, H].
///
/// Axes: N examples, T steps, I inputs, H hidden units; in two directions the output is [N, T, 2·H]. A step is
///
///     i, f, g, o = σ, σ, tanh, σ of W·x + b + V·h + d        c ← f · c + i · g        h ← o · tanh(c)
///
/// with the gates one below the other in this order. Names and shapes of the parameters are PyTorch's, for
/// `batch_first=True`: `weight_ih_l0` [4·H, I], `weight_hh_l0` [4·H, H], `bias_ih_l0`, `bias_hh_l0`, and those of the
/// second direction with `_reverse`.
///
/// ```swift
/// let lstm = LSTM<Float>(inputs: 8, hidden: 32, layers: 2, using: &generator)
/// let y = lstm(x)
/// let (next, state) = lstm(x, from: nil)  // and goes on with lstm(more, from: state)
/// ```
public struct LSTM<Scalar: TensorScalar>: Layer {
  /// The state between two steps: hidden states and memory cells.
  public struct State: Sendable {
    /// The hidden states h of each layer and direction, [layers · directions, N, H].
    public var hidden: Tensor<Scalar>
    /// The memory cells c of each layer and direction, [layers · directions, N, H].
    public var cell: Tensor<Scalar>

    /// A state of these tensors.
    public init(hidden: Tensor<Scalar>, cell: Tensor<Scalar>) {
      (self.hidden, self.cell) = (hidden, cell)
    }
  }

  private var stack: RecurrentStack<Scalar>

  /// A network with new weights, evenly between ±1/√H.
  ///
  /// - Parameters:
  ///   - inputs: I.
  ///   - hidden: H.
  ///   - layers: How many layers are one above the other.
  ///   - isBidirectional: Whether each layer has a second half that goes from the last step to the first.
  ///   - bias: Whether there are b and d.
  ///   - dropout: The probability with which what one layer hands to the next is dropped while training.
  ///   - generator: Where the weights come from.
  /// - Precondition: The lengths are positive.
  public init(
    inputs: Int, hidden: Int, layers: Int = 1, isBidirectional: Bool = false, bias: Bool = true,
    dropout: Double = 0, using generator: inout RandomGenerator
  ) {
    stack = RecurrentStack(
      "LSTM", gates: 4, inputs: inputs, hidden: hidden, layers: layers, isBidirectional: isBidirectional,
      bias: bias, dropout: dropout, using: &generator)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) { stack.visitParts(visitor) }

  /// The outputs of all steps, beginning with a state of zeros.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    forward(x, from: nil, &mode).output
  }

  /// The outputs of all steps, and the state after the last.
  ///
  /// - Parameters:
  ///   - x: [N, T, I] with T ≥ 1.
  ///   - state: The state to begin with, or `nil` for zeros.
  ///   - mode: What the pass is for.
  public func forward(
    _ x: Tensor<Scalar>, from state: State?, _ mode: inout ForwardMode
  ) -> (output: Tensor<Scalar>, state: State) {
    let start = state.map { [$0.hidden, $0.cell] }
    let (output, end) = stack.run(x, from: start, stateParts: 2, &mode) { input, hidden, state in
      let gates = (input + hidden).parted(4)
      let cell = gates[1].sigmoid() * state[1] + gates[0].sigmoid() * gates[2].tanh()
      return [gates[3].sigmoid() * cell.tanh(), cell]
    }
    return (output, State(hidden: end[0], cell: end[1]))
  }

  /// The outputs of all steps and the state after the last, as they are once trained.
  ///
  /// - Parameters:
  ///   - x: [N, T, I] with T ≥ 1.
  ///   - state: The state to begin with, or `nil` for zeros.
  public func callAsFunction(
    _ x: Tensor<Scalar>, from state: State?
  ) -> (output: Tensor<Scalar>, state: State) {
    var mode = ForwardMode.inference
    return forward(x, from: state, &mode)
  }
}
