import Tensor

/// Attention with several heads: queries, keys and values are projected, each head attends with its part of the
/// features, and what the heads found is projected once more.
///
/// Axes: N examples, T queries, S keys with a value each, F features. The parameters have the names and shapes of
/// PyTorch's `MultiheadAttention`.
///
/// ```swift
/// let attention = MultiHeadAttention<Float>(features: 64, heads: 8, isCausal: true, using: &generator)
/// let y = attention(x)                                       // a sequence looks at itself
/// let z = attention(x, keys: memory, values: memory, mask: isWord)
///
/// var cache = KeyValueCache<Float>()                         // one token after the other
/// for token in tokens { y = attention(token, cache: &cache) }
/// ```
public struct MultiHeadAttention<Scalar: TensorScalar>: Layer {
  /// The projections of queries, keys and values, [3·F, F].
  public var inputWeight: Tensor<Scalar>
  /// The biases of the projections of queries, keys and values, [3·F], or `nil` for none.
  public var inputBias: Tensor<Scalar>?
  /// The projection of what the heads found.
  public var output: Linear<Scalar>
  /// The number of heads.
  public let heads: Int
  /// Whether attention is causal: query t looks at keys 0 … t alone.
  public var isCausal: Bool
  /// Which key stands beside which query where causal attention has other keys than queries; `nil` where they are as
  /// many.
  public var alignment: CausalAlignment?
  /// How queries and keys are turned by their positions, counted from 0 for both; `nil` for not at all.
  public var rotary: RotaryPositions? { didSet { requireRotary() } }
  /// The layer that drops attention weights while training.
  public var dropout: Dropout<Scalar>

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - features: F.
  ///   - heads: How many heads share the features.
  ///   - bias: Whether the projections have biases; they start as 0.
  ///   - isCausal: Whether a query looks at the keys up to its own place alone.
  ///   - alignment: Which key stands beside which query where causal attention has other keys than queries.
  ///   - rotary: How queries and keys are turned by their positions, for F / heads features; `nil` for not at all.
  ///   - dropout: The probability with which an attention weight is dropped while training.
  ///   - generator: Where the weights come from.
  /// - Precondition: `features` is positive and a multiple of `heads`, and `rotary` is for F / heads features.
  public init(
    features: Int, heads: Int, bias: Bool = true, isCausal: Bool = false, alignment: CausalAlignment? = nil,
    rotary: RotaryPositions? = nil, dropout: Double = 0, using generator: inout RandomGenerator
  ) {
    requirePositive("MultiHeadAttention", "number of features", features)
    ShapeCheck.require(heads >= 1 && features.isMultiple(of: heads)) {
      "MultiHeadAttention: \(heads) heads do not divide \(features) features"
    }
    inputWeight = WeightInitializer.xavierUniform()([3 * features, features], using: &generator)
    inputBias = bias ? .zeros([3 * features]) : nil
    output = Linear(
      weight: WeightInitializer.standard([features, features], using: &generator),
      bias: bias ? .zeros([features]) : nil)
    self.heads = heads
    self.isCausal = isCausal
    self.alignment = alignment
    self.rotary = rotary
    self.dropout = Dropout(probability: dropout)
    requireRotary()
  }

  private var features: Int { inputWeight.shape[1] }

  private func requireRotary() {
    ShapeCheck.require(rotary == nil || rotary?.features == features / heads) {
      "MultiHeadAttention: the rotary positions are for \(rotary?.features ?? 0) features, a head has "
        + "\(features / heads)"
    }
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("in_proj_weight", &inputWeight)
    visitor.parameter("in_proj_bias", &inputBias)
    visitor.module("out_proj", &output)
  }

  /// A sequence [N, T, F] that looks at itself.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    forward(x, mask: nil, &mode)
  }

  /// A sequence [N, T, F] that looks at itself where `mask` is true, which broadcasts to [N, heads, T, T]. Queries, keys
  /// and values come from one product.
  public func forward(
    _ x: Tensor<Scalar>, mask: Tensor<Bool>?, _ mode: inout ForwardMode
  ) -> Tensor<Scalar> {
    requireInput("input", x, x)
    let parts = projectedTogether(x)
    return attend(turned(parts[0]), turned(parts[1]), parts[2], mask, &mode)
  }

  /// Queries [N, T, F] that look at keys [N, S, F] and take of values [N, S, F]: [N, T, F]. In training attention
  /// weights are dropped.
  ///
  /// - Parameters:
  ///   - queries: [N, T, F].
  ///   - keys: [N, S, F].
  ///   - values: [N, S, F].
  ///   - mask: True where a query may look at a key; broadcasts to [N, heads, T, S].
  ///   - mode: What the pass is for.
  public func forward(
    _ queries: Tensor<Scalar>, keys: Tensor<Scalar>, values: Tensor<Scalar>, mask: Tensor<Bool>? = nil,
    _ mode: inout ForwardMode
  ) -> Tensor<Scalar> {
    for (name, x) in [("queries", queries), ("keys", keys), ("values", values)] {
      requireInput(name, x, queries)
    }
    ShapeCheck.require(keys.shape == values.shape) {
      "MultiHeadAttention: the keys \(keys.shape) and the values \(values.shape) are not as many"
    }
    return attend(
      turned(projected(queries, 0)), turned(projected(keys, 1)), projected(values, 2), mask, &mode)
  }

  /// A sequence [N, T, F] that looks at itself where `mask` is true, as it does once trained.
  ///
  /// - Parameters:
  ///   - x: The sequence.
  ///   - mask: True where a query may look at a key; broadcasts to [N, heads, T, T].
  public func callAsFunction(_ x: Tensor<Scalar>, mask: Tensor<Bool>?) -> Tensor<Scalar> {
    var mode = ForwardMode.inference
    return forward(x, mask: mask, &mode)
  }

  /// Queries [N, T, F] that look at keys [N, S, F] and take of values [N, S, F], as they do once trained: [N, T, F].
  ///
  /// - Parameters:
  ///   - queries: [N, T, F].
  ///   - keys: [N, S, F].
  ///   - values: [N, S, F].
  ///   - mask: True where a query may look at a key; broadcasts to [N, heads, T, S].
  public func callAsFunction(
    _ queries: Tensor<Scalar>, keys: Tensor<Scalar>, values: Tensor<Scalar>, mask: Tensor<Bool>? = nil
  ) -> Tensor<Scalar> {
    var mode = ForwardMode.inference
    return forward(queries, keys: keys, values: values, mask: mask, &mode)
  }

  /// The same during training, with attention weights dropped.
  public func callAsFunction(
    _ queries: Tensor<Scalar>, keys: Tensor<Scalar>, values: Tensor<Scalar>, mask: Tensor<Bool>? = nil,
    training generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    ForwardMode.training(&generator) { forward(queries, keys: keys, values: values, mask: mask, &$0) }
  }

  /// The next T elements [N, T, F] of a sequence that looks at itself, of which the first are in `cache`, as they come out
  /// of the whole sequence: [N, T, F].
  ///
  /// - Parameters:
  ///   - x: The next elements, often one.
  ///   - cache: What is kept of those before; what is to be kept of these on return. Begin with an empty one.
  /// - Precondition: Attention is causal, and the cache is empty or of this layer and as many examples.
  /// - Complexity: That of T rows of the attention; the elements before are not projected again.
  public func callAsFunction(_ x: Tensor<Scalar>, cache: inout KeyValueCache<Scalar>) -> Tensor<Scalar> {
    ShapeCheck.require(isCausal) {
      "MultiHeadAttention: a cache is for causal attention: without it the elements in it would have looked at the new "
        + "ones"
    }
    requireInput("input", x, x)
    let parts = projectedTogether(x)
    let queries = turned(parts[0], from: cache.count)
    cache.append(keys: turned(parts[1], from: cache.count), values: parts[2])
    let weights = attentionWeights(queries, cache.keys, mask: nil, isCausal: true, .end)
    return joined(weights.matrixProduct(cache.values))
  }

  private func attend(
    _ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>, _ values: Tensor<Scalar>, _ mask: Tensor<Bool>?,
    _ mode: inout ForwardMode
  ) -> Tensor<Scalar> {
    let weights = attentionWeights(queries, keys, mask: mask, isCausal: isCausal, alignment)
    return joined(dropout.forward(weights, &mode).matrixProduct(values))
  }

  private func requireInput(_ name: String, _ x: Tensor<Scalar>, _ queries: Tensor<Scalar>) {
    ShapeCheck.require(x.rank == 3 && x.shape[2] == features && x.shape[0] == queries.shape[0]) {
      "MultiHeadAttention: the \(name) \(x.shape) \(name == "input" ? "is" : "are") not of the form "
        + "[\(queries.shape.first ?? 0), …, \(features)]"
    }
  }

  private func turned(_ x: Tensor<Scalar>, from start: Int = 0) -> Tensor<Scalar> {
    rotary.map { $0(x, from: start) } ?? x
  }

  /// What the heads found, [N, heads, T, F / heads], side by side and projected: [N, T, F].
  private func joined(_ found: Tensor<Scalar>) -> Tensor<Scalar> {
    output(
      found.transposed(axes: [0, 2, 1, 3]).reshaped(to: [found.shape[0], found.shape[2], features]))
  }

  /// Queries, keys and values of x by one product, each divided among the heads: [N, heads, T, F / heads].
  private func projectedTogether(_ x: Tensor<Scalar>) -> [Tensor<Scalar>] {
    let parts = Linear(weight: inputWeight, bias: inputBias)(x)
      .reshaped(to: [x.shape[0], x.shape[1], 3, heads, features / heads])
    return parts.slices(along: 2).map { $0.transposed(axes: [0, 2, 1, 3]) }
  }

  /// x by the projection number `part`, divided among the heads: [N, heads, T, F / heads].
  private func projected(_ x: Tensor<Scalar>, _ part: Int) -> Tensor<Scalar> {
    let rows = part * features..<(part + 1) * features
    let layer = Linear(weight: inputWeight[rows], bias: inputBias.map { $0[rows] })
    return layer(x).reshaped(to: [x.shape[0], x.shape[1], heads, features / heads])
      .transposed(axes: [0, 2, 1, 3])
  }
}
