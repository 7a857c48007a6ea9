import Tensor

/// The parametric rectifier (He et al., 2015): x where x > 0, else a·x, with a slope a that is learned.
///
/// There is one slope for all elements, or one for each channel of an input [N, C, …].
public struct PReLU<Scalar: TensorScalar>: Layer {
  /// The slopes a below zero, [1] or [C].
  public var weight: Tensor<Scalar>

  /// A layer whose slopes start as `slope`.
  ///
  /// - Parameters:
  ///   - channels: C, for a slope for each channel, or 1 for a common one.
  ///   - slope: The value of a at first.
  /// - Precondition: `channels` is positive.
  public init(channels: Int = 1, slope: Double = 0.25) {
    requirePositive("PReLU", "number of channels", channels)
    weight = Tensor(repeating: Scalar(slope), shape: [channels])
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) { visitor.parameter("weight", &weight) }

  /// The rectified input, of the same shape. At 0 the slope is a, as in PyTorch.
  ///
  /// - Precondition: With more than one slope, the shape is [N, C, …].
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    if weight.count == 1 { return Tensor.where(x .> 0, x, x * weight.reshaped(to: [])) }
    requireChannels("PReLU", x.shape, weight.count)
    return Tensor.where(x .> 0, x, x.scaledByChannel(weight, nil))
  }
}
