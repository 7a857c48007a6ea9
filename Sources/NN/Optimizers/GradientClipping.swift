import Tensor

extension NamedTensors {
  /// The Euclidean norm of all elements of all tensors.
  public var norm: Double { tensors.reduce(0) { $0 + Vectors.squaredNorm($1) }.squareRoot() }

  /// Shortens a gradient whose norm is above `limit` to that norm, and keeps its direction.
  ///
  /// Nothing changes when the norm is not finite.
  ///
  /// - Returns: The norm before.
  /// - Precondition: `limit` is positive.
  @discardableResult
  public mutating func clipNorm(to limit: Double) -> Double {
    ShapeCheck.require(limit > 0) { "clipNorm: the limit \(limit) is not positive" }
    let norm = norm
    guard norm > limit, norm.isFinite else { return norm }
    for index in indices { Vectors.multiply(&tensors[index], by: limit / norm) }
    return norm
  }

  /// Moves every element to the nearest number of `range`.
  public mutating func clipValues(to range: ClosedRange<Scalar>) {
    for index in indices { tensors[index] = tensors[index].clamped(to: range) }
  }
}
