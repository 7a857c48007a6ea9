import Tensor

/// Batch normalisation of channels (Ioffe and Szegedy, 2015): y = (x − μ) / √(σ² + ε) · γ + β for every channel.
///
/// The shape is [N, C, …]: N examples, C channels, any further axes. In training μ and σ² are the batch's own mean and
/// mean square deviation over all axes but C, and the running ones follow: r ← (1 − m)·r + m·s, where s has the
/// unbiased variance, as in PyTorch. When used, μ and σ² are the running ones. Without running statistics they are the
/// batch's own always, in use as well.
///
/// The names in files are PyTorch's: `weight`, `bias`, `running_mean`, `running_var`.
public struct BatchNorm<Scalar: TensorScalar>: Layer {
  /// γ, [C], or `nil` for 1.
  public var weight: Tensor<Scalar>?
  /// β, [C], or `nil` for 0.
  public var bias: Tensor<Scalar>?
  /// The running mean, [C], or `nil` where the layer has no running statistics.
  public var runningMean: Tensor<Scalar>?
  /// The running variance, [C], or `nil` where the layer has no running statistics.
  public var runningVariance: Tensor<Scalar>?
  /// C.
  private let channels: Int
  /// m: the part that a batch has in the running statistics.
  public var momentum: Double { didSet { requireMomentum() } }
  /// ε, added to the variance; not negative.
  public var epsilon: Double { didSet { requireEpsilon("BatchNorm", epsilon) } }

  /// A layer for `channels` channels, whose running statistics begin with mean 0 and variance 1.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - momentum: m: the part that a batch has in the running statistics.
  ///   - epsilon: ε, added to the variance.
  ///   - isAffine: Whether there are γ and β; they start as 1 and 0.
  ///   - tracksStatistics: Whether there are running statistics. Without them a batch is normalised by its own always,
  ///     and what an example becomes depends on the others of its batch, in use as well.
  /// - Precondition: `momentum` is in 0 ... 1, and `epsilon` is finite and not negative.
  public init(
    channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, isAffine: Bool = true,
    tracksStatistics: Bool = true
  ) {
    self.channels = channels
    weight = isAffine ? .ones([channels]) : nil
    bias = isAffine ? .zeros([channels]) : nil
    runningMean = tracksStatistics ? .zeros([channels]) : nil
    runningVariance = tracksStatistics ? .ones([channels]) : nil
    self.momentum = momentum
    self.epsilon = epsilon
    requireMomentum()
    requireEpsilon("BatchNorm", epsilon)
  }

  private func requireMomentum() {
    ShapeCheck.require((0...1).contains(momentum)) { "BatchNorm: the momentum \(momentum) is not in 0 ... 1" }
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.buffer("running_mean", &runningMean)
    visitor.buffer("running_var", &runningVariance)
  }

  /// The output with the running statistics, or in training with the batch's, which become part of the running ones.
  ///
  /// - Precondition: The shape is [N, C, …], with two elements of each channel at least where the batch's statistics are
  ///   taken.
  public mutating func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    requireChannels("BatchNorm", x.shape, channels)
    if !mode.isTraining, let runningMean, let runningVariance {
      return normalized(x, runningMean, runningVariance)
    }
    return normalizedByBatch(x)
  }

  private func normalized(
    _ x: Tensor<Scalar>, _ mean: Tensor<Scalar>, _ variance: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let deviation = (variance + Scalar(epsilon)).sqrt()
    let scale = weight.map { $0 / deviation } ?? 1 / deviation
    let shift = (bias ?? Tensor(0)) - mean * scale
    return x.scaledByChannel(scale, shift)
  }

  private mutating func normalizedByBatch(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let perChannel = x.count / max(channels, 1)
    ShapeCheck.require(perChannel >= 2) {
      "BatchNorm: \(runningMean == nil ? "without running statistics it" : "training") needs two elements of each channel "
        + "at least; the input \(x.shape) has \(perChannel)"
    }
    let axes = x.shape.indices.filter { $0 != 1 }
    if let mean = runningMean, let variance = runningVariance {
      let batch = x.detached()
      runningMean = Self.mixed(mean, batch.mean(axes: axes), momentum)
      runningVariance = Self.mixed(variance, batch.variance(axes: axes), momentum)
    }
    return x.standardized(axes: axes, epsilon: Scalar(epsilon)).scaledByChannel(weight, bias)
  }

  private static func mixed(_ old: Tensor<Scalar>, _ new: Tensor<Scalar>, _ part: Double) -> Tensor<Scalar> {
    Scalar(1 - part) * old + Scalar(part) * new
  }
}

/// Traps unless `shape` is [N, channels, …].
func requireChannels(_ layer: String, _ shape: Shape, _ channels: Int) {
  ShapeCheck.require(shape.count >= 2 && shape[1] == channels) {
    "\(layer): the input \(shape) is not of the form [N, \(channels), …]"
  }
}

/// Traps unless `epsilon` can be added to a variance.
func requireEpsilon(_ layer: String, _ epsilon: Double) {
  ShapeCheck.require(epsilon >= 0 && epsilon.isFinite) {
    "\(layer): epsilon \(epsilon) is not a finite number from 0 on"
  }
}

extension Tensor where Scalar: TensorScalar {
  /// x · scale + shift for a tensor [N, C, …] and one number for each channel; `nil` stands for 1 and 0.
  func scaledByChannel(_ scale: Tensor?, _ shift: Tensor?) -> Tensor {
    let channelShape = [shape[1]] + [Int](repeating: 1, count: rank - 2)
    let scaled = scale.map { self * $0.reshaped(to: channelShape) } ?? self
    return shift.map { scaled + $0.reshaped(to: channelShape) } ?? scaled
  }
}
