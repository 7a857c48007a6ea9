import Tensor

extension Tensor where Scalar: TensorScalar {
  /// How often features go together: F·Fᵀ / M, [N, C, C], for features [N, C, H, W] read as F with C rows and
  /// M = H·W columns.
  ///
  /// The division by M makes pictures of different sizes comparable.
  ///
  /// - Precondition: There are four axes and at least one pixel.
  public func gramMatrix() -> Tensor {
    ShapeCheck.require(rank == 4) { "gramMatrix: the features \(shape) are not of the form [N, C, H, W]" }
    ShapeCheck.require(shape[2] * shape[3] > 0) { "gramMatrix: the features \(shape) have no pixels" }
    return FeatureSums(self, .init(gram: true)).gram!
  }
}

/// How far a statistic of a picture's features is from that of another: the loss that paints in the other's
/// manner (Gatys, Ecker and Bethge, 2015).
///
/// ``StyleStatistic`` has the formulas, ``LossNormalization`` what they are divided by. The other picture may
/// have another size.
public struct StyleLoss<Scalar: TensorScalar>: Sendable {
  /// The statistic of the features that is compared.
  public let statistic: StyleStatistic
  /// What the loss is divided by.
  public let normalization: LossNormalization
  private var distance: any StyleDistance<Scalar>
  /// N and C, the numbers of pictures and of channels that the style has.
  private let (batch, channels): (Int, Int)

  /// The loss of features against those of a style.
  ///
  /// - Parameters:
  ///   - features: The style's, [N, C, H, W].
  ///   - statistic: What of the features is compared.
  ///   - normalization: How the loss is measured.
  ///   - weights: How often each pixel of the style counts, [1, 1, H, W], not negative; `nil` for once.
  /// - Precondition: `features` has four axes and is not empty; with weights there is one picture, and some weight is
  ///   not 0.
  public init(
    target features: Tensor<Scalar>, statistic: StyleStatistic = .gram,
    normalization: LossNormalization = .relative, weights: Tensor<Scalar>? = nil
  ) {
    ShapeCheck.require(features.rank == 4 && features.count > 0) {
      "StyleLoss: the features \(features.shape) are not of the form [N, C, H, W], or are empty"
    }
    self.init(
      target: Self.sums(features.detached(), statistic, weights), statistic: statistic,
      normalization: normalization)
  }

  /// The loss of features against those of a style, of which the sums are known that `statistic` requests.
  init(
    target features: FeatureSums<Scalar>, statistic: StyleStatistic, normalization: LossNormalization,
    isPeriodic: Bool = false
  ) {
    (batch, channels) = (features.shape[0], features.shape[1])
    self.statistic = statistic
    self.normalization = normalization
    distance =
      switch statistic {
      case .gram: GramDistance(to: features, normalization: normalization)
      case .wasserstein: WassersteinDistance(to: features, normalization: normalization)
      case .covariance: CovarianceDistance(to: features, normalization: normalization)
      case .moments: MomentsDistance(to: features, normalization: normalization)
      case .sliced: SlicedWassersteinDistance(to: features, normalization: normalization)
      case .correspondence:
        CorrespondenceDistance(to: features, normalization: normalization, isPeriodic: isPeriodic)
      case .crossLayer:
        ShapeCheck.fail("StyleLoss: cross-layer is a statistic of two layers; use CrossLayerLoss")
      }
  }

  /// The same loss along other random directions, or of patches at other places; the loss itself where the statistic has
  /// neither.
  ///
  /// - Parameters:
  ///   - turn: Each number stands for directions or places of its own, 0 for those that the loss begins with.
  ///   - seed: So does each seed; a new loss has 0.
  /// - Complexity: That of the loss of the style's own features.
  public func turned(to turn: Int, seed: UInt64 = 0) -> StyleLoss {
    ShapeCheck.require(turn >= 0) { "StyleLoss.turned: turn \(turn) is negative" }
    var loss = self
    loss.distance = distance.turned(to: turn, seed: seed)
    return loss
  }

  /// The loss that features of zeros would have: the style's own size, by which losses of different
  /// statistics and normalisations can be compared. In `relative` about ``StyleStatistic/relativeScale``.
  public var zeroFeaturesLoss: Double { distance.ofZeroFeatures }

  /// The loss of `features`, a tensor of rank 0.
  ///
  /// With weights it is the loss of a region: of the features of those pixels, each counted as often as its weight says,
  /// as in guided Gram matrices (Gatys et al., Controlling Perceptual Factors in Neural Style Transfer, 2017). Weights
  /// of 1 and 0 make it the loss of the pixels that have 1.
  ///
  /// - Parameters:
  ///   - features: [N, C, H, W], of any size.
  ///   - weights: How often each pixel counts, [1, 1, H, W], not negative; `nil` for once.
  /// - Precondition: `features` has the target's number of pictures and of channels; with weights there is one picture,
  ///   and some weight is not 0.
  public func callAsFunction(_ features: Tensor<Scalar>, weights: Tensor<Scalar>? = nil) -> Tensor<Scalar> {
    let shape = features.shape
    ShapeCheck.require(shape.count == 4 && shape[0] == batch && shape[1] == channels) {
      "StyleLoss: the features \(shape) do not fit a target of \(batch) pictures with \(channels) channels"
    }
    return distance(Self.sums(features, statistic, weights))
  }

  private static func sums(
    _ features: Tensor<Scalar>, _ statistic: StyleStatistic, _ weights: Tensor<Scalar>?
  ) -> FeatureSums<Scalar> {
    guard let weights else { return FeatureSums(features, statistic.request(Scalar.self)) }
    ShapeCheck.require(statistic.isMadeOfSums) {
      "StyleLoss: \(statistic.rawValue) knows no weighted pixels; use another statistic, or no weights"
    }
    let pixels = PixelWeights(weights)
    ShapeCheck.require(features.shape[0] == 1 && pixels.sum > 0) {
      "StyleLoss: \(features.shape[0]) pictures with weights that add up to \(pixels.sum); one picture and a sum above 0 "
        + "are needed"
    }
    return FeatureSums(features, statistic.request(Scalar.self).counting(pixels)).counting(pixels)
  }

  /// The loss of features of which the sums are known that the statistic requests.
  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> { distance(features) }
}
