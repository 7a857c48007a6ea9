import Tensor

/// A recurrent network with gates and without a memory cell, the gated recurrent unit (Cho et al., 2014): [N, T, I] becomes
/// [N, T, H].
///
/// Axes: N examples, T steps, I inputs, H hidden units; in two directions the output is [N, T, 2·H]. A step is
///
///     r, z = σ of W·x + b + V·h + d        n = tanh(W·x + b + r · (V·h + d))        h ← (1 − z) · n + z · h
///
/// with the rows of W, V, b and d for r, z and n one below the other. Names and shapes of the parameters are PyTorch's,
/// for `batch_first=True`: `weight_ih_l0` [3·H, I], `weight_hh_l0` [3·H, H], `bias_ih_l0`, `bias_hh_l0`, and those of the
/// second direction with `_reverse`.
///
/// ```swift
/// let gru = GRU<Float>(inputs: 8, hidden: 32, using: &generator)
/// let (y, state) = gru(x, from: nil)  // and goes on with gru(more, from: state)
/// ```
public struct GRU<Scalar: TensorScalar>: Layer {
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
      "GRU", gates: 3, inputs: inputs, hidden: hidden, layers: layers, isBidirectional: isBidirectional,
      bias: bias, dropout: dropout, using: &generator)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) { stack.visitParts(visitor) }

  /// The outputs of all steps, beginning with a state of zeros.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    forward(x, from: nil, &mode).output
  }

  /// The outputs of all steps, and the hidden states after the last, [layers · directions, N, H].
  ///
  /// - Parameters:
  ///   - x: [N, T, I] with T ≥ 1.
  ///   - state: The hidden states to begin with, [layers · directions, N, H], or `nil` for zeros.
  ///   - mode: What the pass is for.
  public func forward(
    _ x: Tensor<Scalar>, from state: Tensor<Scalar>?, _ mode: inout ForwardMode
  ) -> (output: Tensor<Scalar>, state: Tensor<Scalar>) {
    let (output, end) = stack.run(x, from: state.map { [$0] }, stateParts: 1, &mode) { input, hidden, state in
      let (x, h) = (input.parted(3), hidden.parted(3))
      let (reset, update) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid())
      let new = (x[2] + reset * h[2]).tanh()
      return [new + update * (state[0] - new)]
    }
    return (output, end[0])
  }

  /// The outputs of all steps and the hidden states after the last, as they are once trained.
  ///
  /// - Parameters:
  ///   - x: [N, T, I] with T ≥ 1.
  ///   - state: The hidden states to begin with, [layers · directions, N, H], or `nil` for zeros.
  public func callAsFunction(
    _ x: Tensor<Scalar>, from state: Tensor<Scalar>?
  ) -> (output: Tensor<Scalar>, state: Tensor<Scalar>) {
    var mode = ForwardMode.inference
    return forward(x, from: state, &mode)
  }
}
