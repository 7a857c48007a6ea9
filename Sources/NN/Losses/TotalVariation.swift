import Tensor

/// How much neighbouring pixels differ: the loss that smooths.
///
///     scale · (mean of (x[i + 1, j] − x[i, j])² + mean of (x[i, j + 1] − x[i, j])²)
///
/// for pictures [N, C, H, W], over all neighbours, channels and pictures. Means, and not the sums that are common
/// elsewhere, so that a weight does the same at every size. A checkerboard of 0 and 1 has the value 2.
public struct TotalVariation<Scalar: TensorScalar>: Sendable {
  private let scale: Double

  /// The total variation itself, not as a part of another picture's.
  public init() { scale = 1 }

  /// The total variation as a part of that of `reference`, so that a weight does the same for calm and for busy
  /// pictures. The reference counts as no calmer than steps of one 255th.
  public init(relativeTo reference: Tensor<Scalar>) {
    let least = 2.0 / (255 * 255)
    scale = 1 / max(Double(Self()(reference.detached()).scalar), least)
  }

  /// The loss of `image`, a tensor of rank 0. A side of one pixel has no neighbours and adds nothing.
  ///
  /// - Precondition: `image` has four axes.
  public func callAsFunction(_ image: Tensor<Scalar>) -> Tensor<Scalar> {
    ShapeCheck.require(image.rank == 4) {
      "TotalVariation: the picture \(image.shape) is not of the form [N, C, H, W]"
    }
    var total = Tensor<Scalar>(0)
    if image.shape[2] > 1 { total = total + meanSquare(image[..., 1..., 0...], image[..., ..<(-1), 0...]) }
    if image.shape[3] > 1 { total = total + meanSquare(image[..., 1...], image[..., ..<(-1)]) }
    return total
  }

  private func meanSquare(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    squaredDistance(a, b, scale: scale / Double(max(a.count, 1)))
  }
}
