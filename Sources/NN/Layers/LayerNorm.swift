import Tensor

/// Layer normalisation (Ba, Kiros and Hinton, 2016): y = (x − μ) / √(σ² + ε) · γ + β, with the mean μ and the mean
/// square deviation σ² of each example's own last axes.
public struct LayerNorm<Scalar: TensorScalar>: Layer {
  /// The lengths of the axes that are normalised together: the input's last ones.
  public let shape: Shape
  /// γ, of ``shape``, or `nil` for 1.
  public var weight: Tensor<Scalar>?
  /// β, of ``shape``, or `nil` for 0.
  public var bias: Tensor<Scalar>?
  /// ε, added to the variance; not negative.
  public var epsilon: Double { didSet { requireEpsilon("LayerNorm", epsilon) } }

  /// A layer for inputs that end in `shape`.
  ///
  /// - Parameters:
  ///   - shape: The lengths of the axes that are normalised together; often one.
  ///   - epsilon: ε, added to the variance.
  ///   - isAffine: Whether there are γ and β; they start as 1 and 0.
  /// - Precondition: The shape has one axis at least, and `epsilon` is finite and not negative.
  public init(shape: Shape, epsilon: Double = 1e-5, isAffine: Bool = true) {
    ShapeCheck.require(!shape.isEmpty) { "LayerNorm: the shape has no axis" }
    self.shape = shape
    weight = isAffine ? .ones(shape) : nil
    bias = isAffine ? .zeros(shape) : nil
    self.epsilon = epsilon
    requireEpsilon("LayerNorm", epsilon)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  /// The normalised input, of the same shape.
  ///
  /// - Precondition: The input's last axes have the lengths of ``shape``.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    ShapeCheck.require(x.shape.suffix(shape.count) == shape[...]) {
      "LayerNorm: the input \(x.shape) does not end in \(shape)"
    }
    let axes = Array(x.rank - shape.count..<x.rank)
    let standard = x.standardized(axes: axes, epsilon: Scalar(epsilon))
    let scaled = weight.map { standard * $0 } ?? standard
    return bias.map { scaled + $0 } ?? scaled
  }
}
