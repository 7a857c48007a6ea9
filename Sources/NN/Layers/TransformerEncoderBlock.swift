import Tensor

/// A block of a transformer (Vaswani et al., 2017) that looks at its own sequence: attention, then a network of two layers
/// for each position, both with a shortcut around them and a ``LayerNorm``.
///
/// The axes are [N, T, F]: N examples, T positions, F features. The parameters have the names and shapes of PyTorch's
/// `TransformerEncoderLayer`. With `isCausal` it is the block of a language model, which has no other kind.
///
/// ```swift
/// var blocks = (0..<4).map { _ in
///   TransformerEncoderBlock<Float>(
///     features: 128, heads: 4, hidden: 512, isPreNorm: true, isCausal: true, using: &generator)
/// }
/// ```
public struct TransformerEncoderBlock<Scalar: TensorScalar>: Layer {
  /// The attention of the sequence to itself.
  public var attention: MultiHeadAttention<Scalar>
  /// The two layers that each position goes through, and what comes between.
  public var feedForward: TransformerFeedForward<Scalar>
  /// The normalisation that belongs to the attention.
  public var attentionNorm: LayerNorm<Scalar>
  /// The normalisation that belongs to the feed-forward layers.
  public var feedForwardNorm: LayerNorm<Scalar>
  /// Whether inputs are normalised before attention and feed-forward layers, inside of the shortcuts, and not after
  /// them: deep stacks then train without a warm-up (Xiong et al., 2020), and need a norm after the last block.
  public var isPreNorm: Bool
  /// The layer that drops elements of what is added to the shortcuts while training.
  public var dropout: Dropout<Scalar>

  /// A block with new weights.
  ///
  /// - Parameters:
  ///   - features: F.
  ///   - heads: How many heads share the features.
  ///   - hidden: How many units the feed-forward layers have in between, often 4·F.
  ///   - dropout: The probability with which elements are dropped while training, also of the attention weights.
  ///   - isPreNorm: Whether inputs are normalised before attention and feed-forward layers, and not after them.
  ///   - isCausal: Whether a position looks at those before it alone.
  ///   - rotary: How queries and keys are turned by their positions, for F / heads features; `nil` for not at all.
  ///   - activation: What is between the feed-forward layers; ReLU unless it is given.
  ///   - generator: Where the weights come from.
  /// - Precondition: The lengths are positive, and `features` is a multiple of `heads`.
  public init(
    features: Int, heads: Int, hidden: Int, dropout: Double = 0, isPreNorm: Bool = false,
    isCausal: Bool = false, rotary: RotaryPositions? = nil,
    activation: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar> = { $0.relu() },
    using generator: inout RandomGenerator
  ) {
    attention = MultiHeadAttention(
      features: features, heads: heads, isCausal: isCausal, rotary: rotary, dropout: dropout,
      using: &generator)
    feedForward = TransformerFeedForward(
      features: features, hidden: hidden, dropout: dropout, activation: activation, using: &generator)
    attentionNorm = LayerNorm(shape: [features])
    feedForwardNorm = LayerNorm(shape: [features])
    self.isPreNorm = isPreNorm
    self.dropout = Dropout(probability: dropout)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.module("self_attn", &attention)
    feedForward.visitParts(visitor)
    visitor.module("norm1", &attentionNorm)
    visitor.module("norm2", &feedForwardNorm)
  }

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    forward(x, mask: nil, &mode)
  }

  /// The output, [N, T, F], where a position may look at another where `mask` is true.
  ///
  /// - Parameters:
  ///   - x: [N, T, F].
  ///   - mask: True where a position may look at another; broadcasts to [N, heads, T, T].
  ///   - mode: What the pass is for.
  public func forward(_ x: Tensor<Scalar>, mask: Tensor<Bool>?, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    let y = around(x, attentionNorm) { dropout.forward(attention.forward($0, mask: mask, &mode), &mode) }
    return around(y, feedForwardNorm) { dropout.forward(feedForward.forward($0, &mode), &mode) }
  }

  /// The outputs at the next positions [N, T, F] of a sequence whose first ones are in `cache`, as they come out of the
  /// whole sequence.
  ///
  /// - Precondition: The block is causal, and the cache is empty or of this block.
  public func callAsFunction(_ x: Tensor<Scalar>, cache: inout KeyValueCache<Scalar>) -> Tensor<Scalar> {
    let y = around(x, attentionNorm) { attention($0, cache: &cache) }
    return around(y, feedForwardNorm) { feedForward($0) }
  }

  /// What `body` makes of the input, added to it, normalised where this block does.
  private func around(
    _ x: Tensor<Scalar>, _ norm: LayerNorm<Scalar>, _ body: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    isPreNorm ? x + body(norm(x)) : norm(x + body(x))
  }
}

/// The layers of a transformer's block that each position goes through by itself: F features to H units, an activation,
/// and back.
public struct TransformerFeedForward<Scalar: TensorScalar>: Layer {
  /// The first layer, F to H.
  public var expansion: Linear<Scalar>
  /// The second layer, H to F.
  public var contraction: Linear<Scalar>
  /// The layer that drops units while training.
  public var dropout: Dropout<Scalar>
  /// The function between the layers.
  public var activation: @Sendable (Tensor<Scalar>) -> Tensor<Scalar>

  /// Layers with new weights.
  ///
  /// - Parameters:
  ///   - features: F.
  ///   - hidden: H.
  ///   - dropout: The probability with which a unit is dropped while training.
  ///   - activation: What is between the layers; ReLU unless it is given.
  ///   - generator: Where the weights come from.
  /// - Precondition: F and H are positive.
  public init(
    features: Int, hidden: Int, dropout: Double = 0,
    activation: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar> = { $0.relu() },
    using generator: inout RandomGenerator
  ) {
    expansion = Linear(inputs: features, outputs: hidden, using: &generator)
    contraction = Linear(inputs: hidden, outputs: features, using: &generator)
    self.dropout = Dropout(probability: dropout)
    self.activation = activation
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.module("linear1", &expansion)
    visitor.module("linear2", &contraction)
  }

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    contraction.forward(dropout.forward(activation(expansion.forward(x, &mode)), &mode), &mode)
  }
}
