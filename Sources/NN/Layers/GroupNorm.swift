import Tensor

/// Group normalisation (Wu and He, 2018): y = (x − μ) / √(σ² + ε) · γ + β, with the mean μ and the mean square
/// deviation σ² of each example's channels of one group.
///
/// The shape is [N, C, …]; neighbouring C / groups channels are a group, γ and β are one number for each channel.
public struct GroupNorm<Scalar: TensorScalar>: Layer {
  /// The number of groups.
  public let groups: Int
  /// C, the number of channels.
  public let channels: Int
  /// γ, [C], or `nil` for 1.
  public var weight: Tensor<Scalar>?
  /// β, [C], or `nil` for 0.
  public var bias: Tensor<Scalar>?
  /// ε, added to the variance; not negative.
  public var epsilon: Double { didSet { requireEpsilon("GroupNorm", epsilon) } }

  /// A layer for `channels` channels in `groups` groups.
  ///
  /// - Parameters:
  ///   - groups: The number of groups.
  ///   - channels: C.
  ///   - epsilon: ε, added to the variance.
  ///   - isAffine: Whether there are γ and β; they start as 1 and 0.
  /// - Precondition: `channels` is a multiple of `groups`, and `epsilon` is finite and not negative.
  public init(groups: Int, channels: Int, epsilon: Double = 1e-5, isAffine: Bool = true) {
    ShapeCheck.require(groups >= 1 && channels.isMultiple(of: groups)) {
      "GroupNorm: \(groups) groups do not divide \(channels) channels"
    }
    self.groups = groups
    self.channels = channels
    weight = isAffine ? .ones([channels]) : nil
    bias = isAffine ? .zeros([channels]) : nil
    self.epsilon = epsilon
    requireEpsilon("GroupNorm", epsilon)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  /// The normalised input, of the same shape.
  ///
  /// - Precondition: The shape is [N, C, …].
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    requireChannels("GroupNorm", x.shape, channels)
    let grouped = x.reshaped(to: [x.shape[0], groups, channels / groups] + x.shape.dropFirst(2))
    return grouped.standardized(axes: Array(2..<grouped.rank), epsilon: Scalar(epsilon))
      .reshaped(to: x.shape).scaledByChannel(weight, bias)
  }
}

/// Instance normalisation (Ulyanov, Vedaldi and Lempitsky, 2016): every channel of every example is brought to mean 0
/// and variance 1 by itself, over the axes after the first two of [N, C, …].
///
/// As in PyTorch there are no γ and β unless they are asked for.
public struct InstanceNorm<Scalar: TensorScalar>: Layer {
  private var norm: GroupNorm<Scalar>

  /// γ, [C], or `nil` for 1.
  public var weight: Tensor<Scalar>? {
    get { norm.weight }
    set { norm.weight = newValue }
  }
  /// β, [C], or `nil` for 0.
  public var bias: Tensor<Scalar>? {
    get { norm.bias }
    set { norm.bias = newValue }
  }
  /// ε, added to the variance; not negative.
  public var epsilon: Double {
    get { norm.epsilon }
    set {
      requireEpsilon("InstanceNorm", newValue)
      norm.epsilon = newValue
    }
  }

  /// A layer for `channels` channels.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - epsilon: What is added to the variance.
  ///   - isAffine: Whether there are γ and β, one number for each channel; they start as 1 and 0.
  /// - Precondition: `epsilon` is finite and not negative.
  public init(channels: Int, epsilon: Double = 1e-5, isAffine: Bool = false) {
    requireEpsilon("InstanceNorm", epsilon)
    norm = GroupNorm(groups: channels, channels: channels, epsilon: epsilon, isAffine: isAffine)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) { norm.visitParts(visitor) }

  /// The normalised input, of the same shape.
  ///
  /// - Precondition: The shape is [N, C, …], with an axis after C.
  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    ShapeCheck.require(x.rank >= 3 && x.shape[1] == norm.channels) {
      "InstanceNorm: the input \(x.shape) is not of the form [N, \(norm.channels), L, …]"
    }
    return norm(x)
  }
}
