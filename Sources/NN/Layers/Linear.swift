import Tensor

/// y = x·Wᵀ + b over the last axis: `[…, I]` becomes `[…, O]`.
public struct Linear<Scalar: TensorScalar>: Layer {
  /// W, the weights of I inputs for O outputs, [O, I].
  public var weight: Tensor<Scalar>
  /// b, [O], or `nil` for none.
  public var bias: Tensor<Scalar>?

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - inputs: I.
  ///   - outputs: O.
  ///   - bias: Whether there is a b.
  ///   - initializer: How W is drawn; b is drawn evenly from ±1/√I.
  ///   - generator: Where the weights come from.
  /// - Precondition: I and O are positive.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, initializer: WeightInitializer = .standard,
    using generator: inout RandomGenerator
  ) {
    requirePositive("Linear", "number of inputs", inputs)
    requirePositive("Linear", "number of outputs", outputs)
    let shape = [outputs, inputs]
    weight = initializer(shape, using: &generator)
    self.bias = bias ? WeightInitializer.bias(outputs, forWeight: shape, using: &generator) : nil
  }

  /// A layer with given weights.
  ///
  /// - Precondition: `weight` is [O, I] and `bias` [O].
  public init(weight: Tensor<Scalar>, bias: Tensor<Scalar>? = nil) {
    ShapeCheck.require(weight.rank == 2 && (bias.map { $0.shape == [weight.shape[0]] } ?? true)) {
      "Linear: the weight \(weight.shape) and the bias \(bias?.shape ?? []) are not [O, I] and [O]"
    }
    self.weight = weight
    self.bias = bias
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  /// The output x·Wᵀ + b, […, O].
  ///
  /// - Precondition: The last axis has the length I.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    ShapeCheck.require(x.shape.last == weight.shape[1]) {
      "Linear: the input \(x.shape) does not end in \(weight.shape[1]), as the weight \(weight.shape) needs"
    }
    let product = x.matrixProduct(weight, transposingRight: true)
    return bias.map { product + $0 } ?? product
  }
}
