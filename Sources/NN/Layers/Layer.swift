import Tensor

/// A module that makes one tensor of another, and so can be part of a ``Sequential``.
///
/// How it is called says what for: `layer(x)` to use it, `layer(x, training: &generator)` to train it. Only the
/// latter drops elements at random or adapts running statistics; most layers do the same either way.
public protocol Layer<Scalar>: Module {
  /// The output as it is used once trained.
  func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar>

  /// The output during training.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - generator: Where random choices come from, such as those of ``Dropout``.
  mutating func callAsFunction(
    _ x: Tensor<Scalar>, training generator: inout RandomGenerator
  ) -> Tensor<Scalar>
}

extension Layer {
  /// The output during training: for most layers the same as otherwise.
  public mutating func callAsFunction(
    _ x: Tensor<Scalar>, training generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    self(x)
  }
}

/// A layer without tensors of its own: any function, such as an activation or a pooling.
///
/// ```swift
/// Apply { $0.relu() }
/// Apply { $0.maxPool2D(window: 2) }
/// ```
public struct Apply<Scalar: TensorScalar>: Layer {
  private let function: @Sendable (Tensor<Scalar>) -> Tensor<Scalar>

  /// A layer that is `function`.
  public init(_ function: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>) { self.function = function }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {}

  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { function(x) }
}
