import Tensor

/// A vector for each of V things, such as words: looks up rows of a table.
public struct Embedding<Scalar: TensorScalar>: Layer {
  /// The table, [V, D].
  public var weight: Tensor<Scalar>

  /// A table of new vectors.
  ///
  /// - Parameters:
  ///   - count: V.
  ///   - features: D.
  ///   - initializer: How the table is drawn.
  ///   - generator: Where the vectors come from.
  /// - Precondition: V and D are positive.
  public init(
    count: Int, features: Int, initializer: WeightInitializer = .normal(standardDeviation: 1),
    using generator: inout RandomGenerator
  ) {
    requirePositive("Embedding", "count", count)
    requirePositive("Embedding", "number of features", features)
    weight = initializer([count, features], using: &generator)
  }

  /// A given table, [V, D].
  ///
  /// - Precondition: It has two axes.
  public init(weight: Tensor<Scalar>) {
    ShapeCheck.require(weight.rank == 2) { "Embedding: the table \(weight.shape) is not of the form [V, D]" }
    self.weight = weight
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) { visitor.parameter("weight", &weight) }

  /// The vectors of `things`, whole numbers in 0 ..< V of any shape: `[…]` becomes `[…, D]`.
  ///
  /// - Precondition: All of them are in 0 ..< V.
  public func forward(_ things: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    let rows = things.wholeNumbers("Embedding", below: weight.shape[0]) { token, place in
      "Embedding: the token \(token) at \(place) is not a whole number in 0 ..< \(weight.shape[0]), as the table "
        + "\(weight.shape) needs"
    }
    return weight[rows].reshaped(to: things.shape + [weight.shape[1]])
  }
}
