import Tensor

/// Root mean square normalisation (Zhang and Sennrich, 2019): y = x / √(m + ε) · γ, with the mean square m of each
/// example's own last axes.
///
/// ``LayerNorm`` without its shift: the mean stays.
public struct RMSNorm<Scalar: TensorScalar>: Layer {
  /// The lengths of the axes that are normalised together: the input's last ones.
  public let shape: Shape
  /// γ, of ``shape``, or `nil` for 1.
  public var weight: Tensor<Scalar>?
  /// ε, added to the mean square; not negative.
  public var epsilon: Double { didSet { requireEpsilon("RMSNorm", epsilon) } }

  /// A layer for inputs that end in `shape`.
  ///
  /// - Parameters:
  ///   - shape: The lengths of the axes that are normalised together; often one.
  ///   - epsilon: ε, added to the mean square; as in PyTorch the distance from 1 to the next number, unless given.
  ///   - isAffine: Whether there is a γ; it starts as 1.
  /// - Precondition: The shape has one axis at least, and `epsilon` is finite and not negative.
  public init(shape: Shape, epsilon: Double = Double(Scalar.ulpOfOne), isAffine: Bool = true) {
    ShapeCheck.require(!shape.isEmpty) { "RMSNorm: the shape has no axis" }
    self.shape = shape
    weight = isAffine ? .ones(shape) : nil
    self.epsilon = epsilon
    requireEpsilon("RMSNorm", epsilon)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) { visitor.parameter("weight", &weight) }

  /// The normalised input, of the same shape.
  ///
  /// - Precondition: The input's last axes have the lengths of ``shape``.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    ShapeCheck.require(x.shape.suffix(shape.count) == shape[...]) {
      "RMSNorm: the input \(x.shape) does not end in \(shape)"
    }
    let axes = Array(x.rank - shape.count..<x.rank)
    let meanSquare = x.square().mean(axes: axes, keepingDimensions: true)
    let standard = x * (meanSquare + Scalar(epsilon)).rsqrt()
    return weight.map { standard * $0 } ?? standard
  }
}
