import Tensor

/// How often features go together: F·Fᵀ / M, [N, C, C], for features [N, C, H, W] read as F with C rows and
/// M = H·W columns.
///
/// The division by M makes pictures of different sizes comparable.
///
/// - Precondition: `features` has four axes and at least one pixel.
public func gramMatrix<Scalar: TensorScalar>(_ features: Tensor<Scalar>) -> Tensor<Scalar> {
  let shape = features.shape
  precondition(shape.count == 4, "gramMatrix: the features \(shape) are not of the form [N, C, H, W]")
  let pixels = shape[2] * shape[3]
  precondition(pixels > 0, "gramMatrix: the features \(shape) have no pixels")
  let rows = features.reshaped(to: [shape[0], shape[1], pixels])
  return rows.selfProduct() * Tensor(1 / Scalar(pixels))
}

/// How far the Gram matrix of a picture is from that of another: the loss that paints in the other's manner
/// (Gatys, Ecker and Bethge, 2015).
///
///     relative: κ ‖G − A‖² / ‖A‖²    mean: ‖G − A‖² / C⁴    sum: ‖G − A‖² / (4 C²)    study: M² ‖G − A‖² / C⁶
///
/// G = F·Fᵀ / M of the features F, [N, C, H, W], M = H·W; A is the same of the style's, whose size may differ.
/// ``LossNormalization`` compares these with their sources.
public struct StyleLoss<Scalar: TensorScalar>: Sendable {
  /// A, [N, C, C].
  public let target: Tensor<Scalar>
  public let normalization: LossNormalization
  private let targetSquare: Double

  /// - Parameter features: The style's, [N, C, H, W].
  public init(targetFeatures features: Tensor<Scalar>, normalization: LossNormalization = .relative) {
    self.init(target: gramMatrix(features), normalization: normalization)
  }

  /// - Parameter target: The style's Gram matrix, [N, C, C], from ``gramMatrix(_:)``.
  public init(target: Tensor<Scalar>, normalization: LossNormalization = .relative) {
    self.target = target.detached()
    self.normalization = normalization
    targetSquare = Flat.dot(target, target)
  }

  /// The loss of `features`, a tensor of rank 0.
  ///
  /// - Precondition: `features` has the target's number of pictures and of channels.
  public func callAsFunction(_ features: Tensor<Scalar>) -> Tensor<Scalar> {
    let shape = features.shape
    precondition(
      shape.count == 4 && shape[0] == target.shape[0] && shape[1] == target.shape[1],
      "StyleLoss: the features \(shape) do not fit the target \(target.shape)")
    let scale = normalization.styleScale(
      targetSquare: targetSquare, channels: shape[1], pixels: shape[2] * shape[3])
    return squaredDistance(gramMatrix(features), target, scale: scale)
  }
}
