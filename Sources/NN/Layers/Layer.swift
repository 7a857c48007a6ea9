import Tensor

/// A module that makes one tensor of another, and so can be part of a ``Sequential``.
///
/// A layer has one pass, ``forward(_:_:)``, which is told what for. How a layer is called says it: `layer(x)` uses it,
/// `layer(x, training: &generator)` trains it. Only in the latter are elements dropped at random and running statistics
/// adapted; a layer of one's own passes the mode on to its parts and need not know.
///
/// ```swift
/// struct Gated: Layer {
///   var value, gate: Linear<Float>
///   var dropout = Dropout<Float>(probability: 0.1)
///
///   mutating func visitParts(_ visitor: PartVisitor<Float>) {
///     visitor.module("value", &value)
///     visitor.module("gate", &gate)
///   }
///
///   mutating func forward(_ x: Tensor<Float>, _ mode: inout ForwardMode) -> Tensor<Float> {
///     dropout.forward(value.forward(x, &mode) * gate.forward(x, &mode).sigmoid(), &mode)
///   }
/// }
/// ```
public protocol Layer<Scalar>: Module {
  /// The output of the layer, for use or for training.
  ///
  /// A part that is called as `part(x)` in here is always *used*: pass the mode on with `part.forward(x, &mode)`.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - mode: What the pass is for, and in training where random choices come from.
  mutating func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar>
}

extension Layer {
  /// The output of the layer as it is used once trained.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    // In use nothing of a layer changes, so the copy is one of references.
    var (layer, mode) = (self, ForwardMode.inference)
    return layer.forward(x, &mode)
  }

  /// The output of the layer during training, which may adapt it, as running statistics are.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - generator: Where random choices come from, such as those of ``Dropout``.
  public mutating func callAsFunction(
    _ x: Tensor<Scalar>, training generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    ForwardMode.training(&generator) { forward(x, &$0) }
  }
}

/// What a layer's pass is for: its use, or its training with a source of random choices.
public struct ForwardMode: Sendable {
  private var source: RandomGenerator?

  /// The mode of a network in use: nothing is random, and no layer changes.
  public static let inference = ForwardMode(source: nil)

  /// Calls `body` with the mode of a network in training, whose random choices `generator` makes.
  ///
  /// For models that are no ``Layer``, since they take tokens, two inputs or a state; a layer is called as
  /// `layer(x, training: &generator)`.
  ///
  /// ```swift
  /// let (loss, slope) = valueWithGradient(at: &model) { model in
  ///   ForwardMode.training(&generator) { mode in
  ///     Loss.crossEntropy(model.forward(tokens, &mode), classes: labels)
  ///   }
  /// }
  /// ```
  ///
  /// The generator is in use until `body` returns, as Swift's rules for `inout` have it: where a structure holds both the
  /// generator and the model, `body` may not change the model by way of the structure. Pass a copy of the generator, or the
  /// model to `valueWithGradient` around it, as above.
  public static func training<Result>(
    _ generator: inout RandomGenerator, _ body: (inout ForwardMode) throws -> Result
  ) rethrows -> Result {
    var mode = ForwardMode(source: generator)
    defer { generator = mode.generator }
    return try body(&mode)
  }

  /// Whether the network is being trained.
  public var isTraining: Bool { source != nil }

  /// The source of random choices in training.
  ///
  /// - Precondition: ``isTraining``.
  public var generator: RandomGenerator {
    get {
      guard let source else {
        ShapeCheck.fail(
          "ForwardMode: inference has no generator; ask isTraining before a layer draws numbers")
      }
      return source
    }
    set {
      ShapeCheck.require(isTraining) {
        "ForwardMode: inference takes no generator; begin with ForwardMode.training(_:_:)"
      }
      source = newValue
    }
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

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> { function(x) }
}
