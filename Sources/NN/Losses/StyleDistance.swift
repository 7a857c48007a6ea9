import Tensor

/// How far a ``StyleStatistic`` of features is from that of a style.
protocol StyleDistance<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar

  /// - Parameter features: Of the style, from features [N, C, H, W].
  init(to features: FeatureSums<Scalar>, normalization: LossNormalization)

  /// The distance of `features`, of features [N, C, H′, W′], a tensor of rank 0.
  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar>

  /// The distance of features of zeros from the style.
  var ofZeroFeatures: Double { get }

  /// The distance as it is seen in turn `turn`; itself where nothing is random.
  func turned(to turn: Int, seed: UInt64) -> any StyleDistance<Scalar>
}

extension StyleDistance {
  func turned(to turn: Int, seed: UInt64) -> any StyleDistance<Scalar> { self }
}

extension StyleStatistic {
  /// The sums that the statistic is worked out from.
  func request<Scalar: TensorScalar>(_: Scalar.Type) -> FeatureSums<Scalar>.Request {
    isMadeOfSums ? .init(gram: true, mean: self != .gram) : .init(features: true)
  }
}

extension StyleDistance {
  /// The distance of a single pixel of zeros: of as many as there may be.
  static func ofZeros(to distance: Self, batch: Int, channels: Int) -> Double {
    let zeros = Tensor<Scalar>.zeros([batch, channels, 1, 1])
    return Double(distance(FeatureSums(zeros, .init(gram: true, mean: true))).scalar)
  }
}

/// The means and covariances of features.
struct FeatureStatistics<Scalar: TensorScalar>: Sendable {
  /// μ = F·1 / M, [N, C, 1].
  let mean: Tensor<Scalar>
  /// Σ = F·Fᵀ / M − μ·μᵀ, [N, C, C].
  let covariance: Tensor<Scalar>

  /// - Parameter features: Of F with C rows and M = H·W columns, the products and the means.
  ///
  /// The mean is taken off the product and not off the features, of which there would be a second copy. With
  /// means of the size of the deviations, which VGG's are, that costs no digit worth having.
  init(_ features: FeatureSums<Scalar>) {
    mean = features.mean!
    covariance = features.gram! - mean * mean.transposed()
  }

  /// The diagonal of the covariance, [N, C].
  var variance: Tensor<Scalar> {
    let (batch, channels) = (covariance.shape[0], covariance.shape[1])
    return covariance.reshaped(to: [batch, channels * channels])[..., (0...).strided(by: channels + 1)]
  }

  /// e = ‖μ‖² + tr Σ, summed over the pictures: the mean square length of the features.
  var energy: Double { Vectors.squaredNorm(mean) + Double(variance.sum().scalar) }
}

/// `part` of `whole`, or of 1 where nothing can be a part of `whole` because it is zero.
func scale(_ part: Double, of whole: Double) -> Double { part / (whole > 0 ? whole : 1) }

// MARK: - Gram matrices

struct GramDistance<Scalar: TensorScalar>: StyleDistance {
  /// A, [N, C, C].
  private let target: Tensor<Scalar>
  private let targetSquare: Double
  private let normalization: LossNormalization
  let ofZeroFeatures: Double

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization) {
    target = features.gram!
    targetSquare = Vectors.squaredNorm(target)
    self.normalization = normalization
    ofZeroFeatures =
      targetSquare
      * normalization.gramScale(
        targetSquare: targetSquare, channels: Double(features.shape[1]), pixels: features.pixels)
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let scale = normalization.gramScale(
      targetSquare: targetSquare, channels: Double(features.shape[1]), pixels: features.pixels)
    return squaredDistance(features.gram!, target, scale: scale)
  }
}

// MARK: - Means and covariances

struct CovarianceDistance<Scalar: TensorScalar>: StyleDistance {
  private let target: FeatureStatistics<Scalar>
  private let (meanScale, covarianceScale): (Double, Double)
  let ofZeroFeatures: Double

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization) {
    target = FeatureStatistics(features)
    let channels = Double(features.shape[1])
    let square = Vectors.squaredNorm(target.covariance)
    if normalization == .relative {
      let factor = StyleStatistic.covariance.relativeScale
      (meanScale, covarianceScale) = (scale(factor, of: target.energy), scale(factor, of: square))
    } else {
      (meanScale, covarianceScale) = (1 / channels, 1 / (channels * channels))
    }
    ofZeroFeatures = meanScale * Vectors.squaredNorm(target.mean) + covarianceScale * square
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let found = FeatureStatistics(features)
    return squaredDistance(found.mean, target.mean, scale: meanScale)
      + squaredDistance(found.covariance, target.covariance, scale: covarianceScale)
  }
}

// MARK: - Means and deviations

struct MomentsDistance<Scalar: TensorScalar>: StyleDistance {
  private let mean: Tensor<Scalar>
  private let deviation: Tensor<Scalar>
  private let scale: Double
  /// What is added to variances, so that the root has a slope where a channel is flat: a millionth of the
  /// style's mean square.
  private let softening: Scalar
  let ofZeroFeatures: Double

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization) {
    let target = FeatureStatistics(features)
    let (batch, channels) = (features.shape[0], features.shape[1])
    let energy = target.energy
    scale =
      normalization == .relative
      ? NN.scale(StyleStatistic.moments.relativeScale, of: energy) : 1 / Double(channels)
    softening = Scalar(energy > 0 ? 1e-6 * energy / Double(batch * channels) : 1e-6)
    mean = target.mean
    deviation = Self.deviation(target, softening)
    ofZeroFeatures = scale * (Vectors.squaredNorm(mean) + Vectors.squaredNorm(deviation))
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let found = FeatureStatistics(features)
    return squaredDistance(found.mean, mean, scale: scale)
      + squaredDistance(Self.deviation(found, softening), deviation, scale: scale)
  }

  private static func deviation(_ statistics: FeatureStatistics<Scalar>, _ softening: Scalar) -> Tensor<
    Scalar
  > {
    (statistics.variance.clamped(to: 0 ... .infinity) + softening).sqrt()
  }
}
