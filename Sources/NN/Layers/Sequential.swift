import Tensor

/// Layers one after the other; their names are their positions, as in PyTorch: `0.weight`, `2.weight`.
///
/// ```swift
/// var generator = RandomGenerator(seed: 1)
/// var model = Sequential<Float> {
///   Linear(inputs: 784, outputs: 256, using: &generator)
///   Apply { $0.relu() }
///   Dropout(probability: 0.2)
///   Linear(inputs: 256, outputs: 10, using: &generator)
/// }
/// ```
public struct Sequential<Scalar: TensorScalar>: Layer {
  /// The layers, the first to be applied first.
  public var layers: [any Layer<Scalar>]

  /// The layers of a list.
  public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

  /// The layers listed in a block, which may have conditions and loops.
  public init(@LayerListBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]) { self.layers = layers() }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    for index in layers.indices { visitor.module("\(index)", &layers[index]) }
  }

  public mutating func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    var x = x
    for index in layers.indices {
      // In use a layer is not asked through the list that it lies in, which would be copied for a change that it does
      // not make.
      x = mode.isTraining ? layers[index].forward(x, &mode) : layers[index](x)
    }
    return x
  }
}

/// Collects the layers of a block into a list.
@resultBuilder
public enum LayerListBuilder<Scalar: TensorScalar> {
  /// A layer of the block.
  public static func buildExpression(_ layer: some Layer<Scalar>) -> [any Layer<Scalar>] { [layer] }
  /// All that a block lists.
  public static func buildBlock(_ parts: [any Layer<Scalar>]...) -> [any Layer<Scalar>] {
    parts.flatMap { $0 }
  }
  /// The layers of an `if`, or none.
  public static func buildOptional(_ part: [any Layer<Scalar>]?) -> [any Layer<Scalar>] { part ?? [] }
  /// The layers of an `if` that has an `else`.
  public static func buildEither(first part: [any Layer<Scalar>]) -> [any Layer<Scalar>] { part }
  /// The layers of an `else`.
  public static func buildEither(second part: [any Layer<Scalar>]) -> [any Layer<Scalar>] { part }
  /// The layers of a loop, pass after pass.
  public static func buildArray(_ parts: [[any Layer<Scalar>]]) -> [any Layer<Scalar>] {
    parts.flatMap { $0 }
  }
}
