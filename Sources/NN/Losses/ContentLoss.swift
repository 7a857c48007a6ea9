import Tensor

/// How far the features of a picture are from those of another: the loss that keeps what is to be seen.
///
///     mean, study: ‖F − P‖² / (C·M)       sum: ½ ‖F − P‖²       relative: ‖F − P‖² / ‖P‖²
///
/// F and the target P are features of one layer, [N, C, H, W], M = H·W. Where pixels are weighted, each square counts as
/// often as its pixel's weight w says, and M is Σ w.
public struct ContentLoss<Scalar: TensorScalar>: Sendable {
  /// P, the features that are kept.
  public let target: Tensor<Scalar>
  /// The factor of the squared distance ‖F − P‖².
  let scale: Double
  /// The loss that features of zeros would have: the target's own size, 1 in `relative`.
  public let zeroFeaturesLoss: Double
  private let weights: PixelWeights<Scalar>?

  /// The loss of features against `target`, of any shape, measured by `normalization`.
  public init(target: Tensor<Scalar>, normalization: LossNormalization = .relative) {
    self.init(target: target, normalization: normalization, pixels: nil)
  }

  /// The loss of features against `target`, measured by `normalization`, of weighted pixels.
  ///
  /// - Parameters:
  ///   - target: P, [1, C, H, W].
  ///   - normalization: What the loss is divided by.
  ///   - weights: How often each pixel counts, [1, 1, H, W], not negative.
  public init(
    target: Tensor<Scalar>, normalization: LossNormalization = .relative, weights: Tensor<Scalar>
  ) {
    self.init(target: target, normalization: normalization, pixels: PixelWeights(weights))
  }

  init(target: Tensor<Scalar>, normalization: LossNormalization, pixels: PixelWeights<Scalar>?) {
    self.target = target.lasting()
    weights = pixels
    var (square, count) = (0.0, Double(target.count))
    if let pixels {
      ShapeCheck.require(target.rank == 4 && target.shape[0] == 1) {
        "ContentLoss: the target \(target.shape) of weighted pixels is not of the form [1, C, H, W]"
      }
      var sums = PixelSums<Scalar>(
        batch: 1, channels: target.shape[1], width: target.shape[3], products: false, sums: false)
      sums.add(target.detached(), target: .zeros(target.shape), weights: pixels.map)
      square = sums.squaredDistance
      // Where nothing counts there is no loss, and nothing to divide it by.
      count = Double(target.shape[1]) * (pixels.sum > 0 ? pixels.sum : 1)
    } else {
      square = Vectors.squaredNorm(target)
    }
    scale = normalization.contentScale(targetSquare: square, count: count)
    zeroFeaturesLoss = scale * square
  }

  /// The loss of `features`, a tensor of rank 0.
  ///
  /// - Precondition: `features` has the shape of the target.
  public func callAsFunction(_ features: Tensor<Scalar>) -> Tensor<Scalar> {
    ShapeCheck.require(features.shape == target.shape) {
      "ContentLoss: the features \(features.shape) have another shape than the target \(target.shape)"
    }
    return FeatureSums(features, request).content!
  }

  /// The sum that the loss is.
  var request: FeatureSums<Scalar>.Request { .init(content: (target, scale, weights)) }
}
