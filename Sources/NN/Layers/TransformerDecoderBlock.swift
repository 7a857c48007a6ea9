import Tensor

/// A block of a transformer (Vaswani et al., 2017) that looks at its own sequence and then at another: causal attention,
/// attention to the memory, such as an encoder's output, and a network of two layers for each position.
///
/// The axes are [N, T, F] and [N, S, F]: N examples, T positions, S positions of the memory, F features. The parameters
/// have the names and shapes of PyTorch's `TransformerDecoderLayer`. It takes two sequences, and so is no ``Layer``.
///
/// ```swift
/// let block = TransformerDecoderBlock<Float>(features: 128, heads: 4, hidden: 512, using: &generator)
/// let y = block(x, memory: encoded)
/// ```
public struct TransformerDecoderBlock<Scalar: TensorScalar>: Module {
  /// The causal attention of the sequence to itself.
  public var attention: MultiHeadAttention<Scalar>
  /// The attention of the sequence to the memory.
  public var memoryAttention: MultiHeadAttention<Scalar>
  /// The two layers that each position goes through, and what comes between.
  public var feedForward: TransformerFeedForward<Scalar>
  /// The normalisations that belong to the attention, to that to the memory, and to the feed-forward layers.
  public var norms: [LayerNorm<Scalar>]
  /// Whether inputs are normalised before the parts, inside of the shortcuts, and not after them.
  public var isPreNorm: Bool
  /// The layer that drops elements of what is added to the shortcuts while training.
  public var dropout: Dropout<Scalar>

  /// A block with new weights.
  ///
  /// - Parameters:
  ///   - features: F.
  ///   - heads: How many heads share the features, in both attentions.
  ///   - hidden: How many units the feed-forward layers have in between, often 4·F.
  ///   - dropout: The probability with which elements are dropped while training, also of the attention weights.
  ///   - isPreNorm: Whether inputs are normalised before the parts, and not after them.
  ///   - rotary: How queries and keys of the own sequence are turned by their positions; `nil` for not at all.
  ///   - activation: What is between the feed-forward layers; ReLU unless it is given.
  ///   - generator: Where the weights come from.
  /// - Precondition: The lengths are positive, and `features` is a multiple of `heads`.
  public init(
    features: Int, heads: Int, hidden: Int, dropout: Double = 0, isPreNorm: Bool = false,
    rotary: RotaryPositions? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar> = { $0.relu() },
    using generator: inout RandomGenerator
  ) {
    attention = MultiHeadAttention(
      features: features, heads: heads, isCausal: true, rotary: rotary, dropout: dropout, using: &generator)
    memoryAttention = MultiHeadAttention(
      features: features, heads: heads, dropout: dropout, using: &generator)
    feedForward = TransformerFeedForward(
      features: features, hidden: hidden, dropout: dropout, activation: activation, using: &generator)
    norms = Array(repeating: LayerNorm(shape: [features]), count: 3)
    self.isPreNorm = isPreNorm
    self.dropout = Dropout(probability: dropout)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.module("self_attn", &attention)
    visitor.module("multihead_attn", &memoryAttention)
    feedForward.visitParts(visitor)
    for index in norms.indices { visitor.module("norm\(index + 1)", &norms[index]) }
  }

  /// The output, [N, T, F].
  ///
  /// - Parameters:
  ///   - x: The sequence, [N, T, F].
  ///   - memory: What it looks at, [N, S, F].
  ///   - mask: True where a position may look at another one before it; broadcasts to [N, heads, T, T].
  ///   - memoryMask: True where a position may look at one of the memory; broadcasts to [N, heads, T, S].
  ///   - mode: What the pass is for.
  public func forward(
    _ x: Tensor<Scalar>, memory: Tensor<Scalar>, mask: Tensor<Bool>? = nil, memoryMask: Tensor<Bool>? = nil,
    _ mode: inout ForwardMode
  ) -> Tensor<Scalar> {
    let y = around(x, norms[0]) { dropout.forward(attention.forward($0, mask: mask, &mode), &mode) }
    let z = around(y, norms[1]) {
      dropout.forward(
        memoryAttention.forward($0, keys: memory, values: memory, mask: memoryMask, &mode), &mode)
    }
    return around(z, norms[2]) { dropout.forward(feedForward.forward($0, &mode), &mode) }
  }

  /// The output, [N, T, F], as it is once trained.
  ///
  /// - Parameters:
  ///   - x: The sequence, [N, T, F].
  ///   - memory: What it looks at, [N, S, F].
  ///   - mask: True where a position may look at another one before it; broadcasts to [N, heads, T, T].
  ///   - memoryMask: True where a position may look at one of the memory; broadcasts to [N, heads, T, S].
  public func callAsFunction(
    _ x: Tensor<Scalar>, memory: Tensor<Scalar>, mask: Tensor<Bool>? = nil, memoryMask: Tensor<Bool>? = nil
  ) -> Tensor<Scalar> {
    var mode = ForwardMode.inference
    return forward(x, memory: memory, mask: mask, memoryMask: memoryMask, &mode)
  }

  /// What `body` makes of the input, added to it, normalised where this block does.
  private func around(
    _ x: Tensor<Scalar>, _ norm: LayerNorm<Scalar>, _ body: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    isPreNorm ? x + body(norm(x)) : norm(x + body(x))
  }
}
