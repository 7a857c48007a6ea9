import Tensor

/// Which key stands beside which query where causal attention has more of one than of the other.
public enum CausalAlignment: Hashable, Sendable {
  /// The first query beside the first key: query t looks at keys 0 … t.
  case start
  /// The last query beside the last key: query t of T looks at keys 0 … S − T + t, as where the first keys are those of
  /// a cache.
  case end
}

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
///   - alignment: Which key stands beside which query where attention is causal. It has to be chosen where T and S
///     differ, and makes no difference where they do not.
/// - Precondition: The lengths D agree, and so do the lengths S; causal attention of T ≠ S has an alignment.
public func scaledDotProductAttention<Scalar: TensorScalar>(
  _ queries: Tensor<Scalar>, keys: Tensor<Scalar>, values: Tensor<Scalar>, mask: Tensor<Bool>? = nil,
  isCausal: Bool = false, alignment: CausalAlignment? = nil
) -> Tensor<Scalar> {
  attentionWeights(queries, keys, mask: mask, isCausal: isCausal, alignment).matrixProduct(values)
}

/// softmax(Q·Kᵀ/√D), […, T, S].
func attentionWeights<Scalar: TensorScalar>(
  _ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>, mask: Tensor<Bool>?, isCausal: Bool,
  _ alignment: CausalAlignment?
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
    if let seen = causalMask(t, s, alignment) { scores = Tensor.where(seen, scores, never) }
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

/// True where query t of T may look at key s of S, [T, S]; `nil` where each may look at all.
private func causalMask(_ queries: Int, _ keys: Int, _ alignment: CausalAlignment?) -> Tensor<Bool>? {
  ShapeCheck.require(queries == keys || alignment != nil) {
    "attention: causal attention of \(queries) queries and \(keys) keys has two meanings; choose alignment .start (the "
      + "first query beside the first key) or .end (the last beside the last, as with a cache)"
  }
  let ahead = alignment == .end ? keys - queries : 0
  if queries == 1, ahead == keys - 1 { return nil }
  let (query, key) = (Tensor<Int32>.arange(to: Int32(queries)), Tensor<Int32>.arange(to: Int32(keys)))
  return (query + Tensor(Int32(ahead))).expanded(axis: 1) .>= key
}
