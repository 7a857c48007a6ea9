import Tensor

/// Attention: softmax(Q·Kᵀ/√D)·V (Vaswani et al., 2017).
///
/// Axes: T queries, S keys with a value each, D features of both; any axes before them are a batch and broadcast.
/// The shapes are Q […, T, D], K […, S, D], V […, S, E]; the result's […, T, E].
///
/// - Parameters:
///   - queries: Q.
///   - keys: K.
///   - values: V.
///   - mask: True where a query may look at a key; broadcasts to […, T, S]. A query that may look nowhere
///     gets the mean of all values.
///   - isCausal: Whether query t may look at keys 0 … t alone.
/// - Precondition: The lengths D agree, and so do the lengths S.
public func scaledDotProductAttention<Scalar: TensorScalar>(
  _ queries: Tensor<Scalar>, keys: Tensor<Scalar>, values: Tensor<Scalar>, mask: Tensor<Bool>? = nil,
  isCausal: Bool = false
) -> Tensor<Scalar> {
  attentionWeights(queries, keys, mask: mask, isCausal: isCausal).matrixProduct(values)
}

/// softmax(Q·Kᵀ/√D), […, T, S].
private func attentionWeights<Scalar: TensorScalar>(
  _ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>, mask: Tensor<Bool>?, isCausal: Bool
) -> Tensor<Scalar> {
  ShapeCheck.require(queries.rank >= 2 && keys.rank >= 2 && queries.shape.last == keys.shape.last) {
    "attention: the queries \(queries.shape) and the keys \(keys.shape) do not end in [T, D] and [S, D]"
  }
  let features = Double(queries.shape[queries.rank - 1])
  // The queries are the smaller of what could be scaled.
  var scores = (queries * Scalar(1 / features.squareRoot())).matrixProduct(keys, transposingRight: true)
  // Finite, so that a query without any key gets numbers; next to any score its exponential is 0.
  let never = Tensor(-Scalar.greatestFiniteMagnitude)
  if isCausal {
    let (t, s) = (scores.shape[scores.rank - 2], scores.shape[scores.rank - 1])
    let (query, key) = (Tensor<Int32>.arange(to: Int32(t)), Tensor<Int32>.arange(to: Int32(s)))
    scores = Tensor.where(query.expanded(axis: 1) .>= key, scores, never)
  }
  if let mask {
    ShapeCheck.require(ShapeCheck.broadcasts(mask.shape, ofMatricesLike: scores.shape)) {
      "attention: the mask \(mask.shape) does not broadcast to \(scores.shape), where the last two axes are the queries "
        + "and the keys"
    }
    scores = Tensor.where(mask, scores, never)
  }
  return scores.softmax(axis: -1)
}

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
  /// The layer that drops attention weights while training.
  public var dropout: Dropout<Scalar>

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - features: F.
  ///   - heads: How many heads share the features.
  ///   - bias: Whether the projections have biases; they start as 0.
  ///   - isCausal: Whether a query looks at the keys up to its own place alone.
  ///   - dropout: The probability with which an attention weight is dropped while training.
  ///   - generator: Where the weights come from.
  /// - Precondition: `features` is positive and a multiple of `heads`.
  public init(
    features: Int, heads: Int, bias: Bool = true, isCausal: Bool = false, dropout: Double = 0,
    using generator: inout RandomGenerator
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
    self.dropout = Dropout(probability: dropout)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("in_proj_weight", &inputWeight)
    visitor.parameter("in_proj_bias", &inputBias)
    visitor.module("out_proj", &output)
  }

  /// A sequence [N, T, F] that looks at itself.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    forward(x, keys: x, values: x, &mode)
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
    attend(queries, keys, values, mask) { dropout.forward($0, &mode) }
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

  private func attend(
    _ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>, _ values: Tensor<Scalar>, _ mask: Tensor<Bool>?,
    _ dropped: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let features = inputWeight.shape[1]
    for (name, x) in [("queries", queries), ("keys", keys), ("values", values)] {
      ShapeCheck.require(x.rank == 3 && x.shape[2] == features && x.shape[0] == queries.shape[0]) {
        "MultiHeadAttention: the \(name) \(x.shape) are not of the form [\(queries.shape.first ?? 0), …, \(features)]"
      }
    }
    ShapeCheck.require(keys.shape == values.shape) {
      "MultiHeadAttention: the keys \(keys.shape) and the values \(values.shape) are not as many"
    }
    let weights = attentionWeights(
      projected(queries, 0), projected(keys, 1), mask: mask, isCausal: isCausal)
    let found = dropped(weights).matrixProduct(projected(values, 2))
    return output(found.transposed(axes: [0, 2, 1, 3]).reshaped(to: queries.shape))
  }

  /// x by the projection number `part`, divided among the heads: [N, heads, T, F / heads].
  private func projected(_ x: Tensor<Scalar>, _ part: Int) -> Tensor<Scalar> {
    let features = inputWeight.shape[1]
    let rows = part * features..<(part + 1) * features
    let layer = Linear(weight: inputWeight[rows], bias: inputBias.map { $0[rows] })
    return layer(x).reshaped(to: [x.shape[0], x.shape[1], heads, features / heads])
      .transposed(axes: [0, 2, 1, 3])
  }
}
