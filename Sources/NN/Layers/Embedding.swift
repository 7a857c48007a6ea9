import Tensor

/// A vector for each of V things, such as words: looks up rows of a table.
///
/// It takes integers, and so is no ``Layer``: a model calls it with its tokens and gives what it found to its layers.
public struct Embedding<Scalar: TensorScalar>: Module {
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

  /// The vectors of `tokens`, integers in 0 ..< V of any type and shape: `[…]` becomes `[…, D]`.
  ///
  /// ```swift
  /// let vectors = embedding(Tensor<Int32>([2, 0, 1]))  // [3, D]
  /// ```
  ///
  /// - Precondition: All of them are in 0 ..< V.
  public func callAsFunction<Token: TensorInteger>(_ tokens: Tensor<Token>) -> Tensor<Scalar> {
    let rows = tokens.ofAllExamples.integers(below: weight.shape[0]) { token, place in
      "Embedding: the token \(token) at \(place) is not in 0 ..< \(weight.shape[0]), as the table \(weight.shape) needs"
    }
    if tokens.isMapped { return weight.elements(at: Tensor<Int64>(tokens), axis: 0) }
    return weight[rows].reshaped(to: tokens.shape + [weight.shape[1]])
  }
}
