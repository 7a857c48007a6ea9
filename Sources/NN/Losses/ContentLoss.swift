import Tensor

/// How far the features of a picture are from those of another: the loss that keeps what is to be seen.
///
///     mean, study: ‖F − P‖² / (C·M)       sum: ½ ‖F − P‖²       relative: ‖F − P‖² / ‖P‖²
///
/// F and the target P are features of one layer, [N, C, H, W], M = H·W.
public struct ContentLoss<Scalar: TensorScalar>: Sendable {
  /// P, the features that are kept.
  public let target: Tensor<Scalar>
  /// The factor of the squared distance ‖F − P‖².
  let scale: Double
  /// The loss that features of zeros would have: the target's own size, 1 in `relative`.
  public let zeroFeaturesLoss: Double

  /// The loss of features against `target`, of any shape, measured by `normalization`.
  public init(target: Tensor<Scalar>, normalization: LossNormalization = .relative) {
    self.target = target.lasting()
    let square = Vectors.squaredNorm(target)
    scale = normalization.contentScale(targetSquare: square, count: target.count)
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
  var request: FeatureSums<Scalar>.Request { .init(content: (target, scale)) }
}
