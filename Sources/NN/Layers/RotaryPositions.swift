import Tensor

/// Rotary positions (Su et al., 2021): pairs of features are turned by an angle that grows with the position, so that the
/// product of a query and a key depends on how far they are apart.
///
/// The axes are [… , T, D]: T positions, D features. Pair i of the D/2 pairs is turned at position p by the angle
/// p·base^(−2i/D): (a, b) becomes (a·cos − b·sin, b·cos + a·sin). Nothing is learned.
///
/// ```swift
/// let rotary = RotaryPositions(features: 64)
/// let scores = rotary(queries).matrixProduct(rotary(keys), transposingRight: true)
/// ```
public struct RotaryPositions: Hashable, Sendable {
  /// Which features are turned together. Weights that were trained with one pairing need the same one.
  public enum Pairing: Hashable, Sendable {
    /// Feature i with feature i + D/2, as in GPT-NeoX and in most published weights.
    case halves
    /// Feature 2i with feature 2i + 1, as in the paper.
    case neighbours
  }

  /// D, the number of features, which is even.
  public let features: Int
  /// The base of the angles: the larger, the slower the last pairs turn.
  public let base: Double
  /// Which features are turned together.
  public let pairing: Pairing

  /// Positions for `features` features of each head.
  ///
  /// - Precondition: `features` is positive and even, and `base` is positive and finite.
  public init(features: Int, base: Double = 10_000, pairing: Pairing = .halves) {
    ShapeCheck.require(features >= 2 && features.isMultiple(of: 2)) {
      "RotaryPositions: \(features) features cannot be paired; take an even number"
    }
    ShapeCheck.require(base > 0 && base.isFinite) {
      "RotaryPositions: the base \(base) is not a positive number"
    }
    self.features = features
    self.base = base
    self.pairing = pairing
  }

  /// The vectors [… , T, D] turned by their positions.
  ///
  /// - Parameters:
  ///   - x: Queries or keys.
  ///   - start: The position of the first, such as the number of keys in a cache; the others follow it.
  /// - Precondition: `x` ends in D features, and `start` is not negative.
  public func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>, from start: Int = 0) -> Tensor<Scalar>
  {
    ShapeCheck.require(x.rank >= 2 && x.shape.last == features) {
      "RotaryPositions: the input \(x.shape) does not end in [T, \(features)]"
    }
    ShapeCheck.require(start >= 0) { "RotaryPositions: the first position, \(start), is negative" }
    let (cosines, sines): (Tensor<Scalar>, Tensor<Scalar>) = turns(start..<start + x.shape[x.rank - 2])
    switch pairing {
    case .halves:
      let (a, b) = (x[..., 0..<features / 2], x[..., (features / 2)...])
      return Tensor.concatenated([a * cosines - b * sines, b * cosines + a * sines], axis: -1)
    case .neighbours:
      let (a, b) = (x[..., (0...).strided(by: 2)], x[..., (1...).strided(by: 2)])
      return Tensor.stacked([a * cosines - b * sines, b * cosines + a * sines], axis: -1)
        .reshaped(to: x.shape)
    }
  }

  /// The cosines and sines of the angles, [T, D/2], computed in `Double`: an angle of thousands has few digits left
  /// behind the point in `Float`.
  private func turns<Scalar: TensorScalar>(_ positions: Range<Int>) -> (Tensor<Scalar>, Tensor<Scalar>) {
    let position = Tensor<Double>(positions.map(Double.init)).expanded(axis: 1)
    let pair = Tensor<Double>.arange(to: Double(features / 2))
    let angles = position * (pair * (-2 * Double.log(base) / Double(features))).exp()
    return (Tensor<Scalar>(angles.cos()), Tensor<Scalar>(angles.sin()))
  }
}
