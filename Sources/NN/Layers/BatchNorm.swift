import Tensor

/// Batch normalisation of channels (Ioffe and Szegedy, 2015): y = (x − μ) / √(σ² + ε) · γ + β for every channel.
///
/// The shape is [N, C, …]: N examples, C channels, any further axes. In training μ and σ² are the batch's own mean and
/// mean square deviation over all axes but C, and the running ones follow: r ← (1 − m)·r + m·s, where s has the
/// unbiased variance, as in PyTorch. When used, μ and σ² are the running ones.
public struct BatchNorm<Scalar: TensorScalar>: Layer {
  /// γ, [C], or `nil` for 1.
  public var weight: Tensor<Scalar>?
  /// β, [C], or `nil` for 0.
  public var bias: Tensor<Scalar>?
  /// The running mean, [C].
  public var runningMean: Tensor<Scalar>
  /// The running variance, [C].
  public var runningVariance: Tensor<Scalar>
  /// m: the part that a batch has in the running statistics.
  public var momentum: Double { didSet { requireMomentum() } }
  /// ε, added to the variance; not negative.
  public var epsilon: Double { didSet { requireEpsilon("BatchNorm", epsilon) } }

  /// A layer for `channels` channels, with running statistics of mean 0 and variance 1.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - momentum: m: the part that a batch has in the running statistics.
  ///   - epsilon: ε, added to the variance.
  ///   - isAffine: Whether there are γ and β; they start as 1 and 0.
  /// - Precondition: `momentum` is in 0 ... 1, and `epsilon` is finite and not negative.
  public init(channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, isAffine: Bool = true) {
    weight = isAffine ? .ones([channels]) : nil
    bias = isAffine ? .zeros([channels]) : nil
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
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
  /// - Precondition: The shape is [N, C, …], in training with two elements of each channel at least.
  public mutating func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    requireChannels("BatchNorm", x.shape, runningMean.count)
    return mode.isTraining ? normalizedByBatch(x) : normalizedByRunningStatistics(x)
  }

  private func normalizedByRunningStatistics(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let deviation = (runningVariance + Scalar(epsilon)).sqrt()
    let scale = weight.map { $0 / deviation } ?? 1 / deviation
    let shift = (bias ?? Tensor(0)) - runningMean * scale
    return x.scaledByChannel(scale, shift)
  }

  private mutating func normalizedByBatch(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let perChannel = x.count / max(runningMean.count, 1)
    ShapeCheck.require(perChannel >= 2) {
      "BatchNorm: training needs two elements of each channel at least; the input \(x.shape) has \(perChannel)"
    }
    let axes = x.shape.indices.filter { $0 != 1 }
    let batch = x.detached()
    runningMean = Self.mixed(runningMean, batch.mean(axes: axes), momentum)
    runningVariance = Self.mixed(runningVariance, batch.variance(axes: axes), momentum)
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
