import Tensor

/// How much neighbouring pixels differ: the loss that smooths.
///
///     scale · (mean of (x[i + 1, j] − x[i, j])² + mean of (x[i, j + 1] − x[i, j])²)
///
/// for pictures [N, C, H, W], over all neighbours, channels and pictures; in a tile the last and the first of a row or
/// column are neighbours too. Means, and not the sums that are common
/// elsewhere, so that a weight does the same at every size. A checkerboard of 0 and 1 has the value 2.
public struct TotalVariation<Scalar: TensorScalar>: Sendable {
  private let scale: Double
  let isPeriodic: Bool

  /// The total variation itself, not as a part of another picture's.
  ///
  /// - Parameter isPeriodic: Whether pictures are tiles, whose edges meet.
  public init(isPeriodic: Bool = false) { (scale, self.isPeriodic) = (1, isPeriodic) }

  /// The total variation as a part of that of `reference`, so that a weight does the same for calm and for busy
  /// pictures. The reference counts as no calmer than steps of one 255th.
  ///
  /// - Parameters:
  ///   - reference: The other picture, [N, C, H, W], which is no tile.
  ///   - isPeriodic: Whether the pictures whose loss is taken are tiles.
  public init(relativeTo reference: Tensor<Scalar>, isPeriodic: Bool = false) {
    self.isPeriodic = isPeriodic
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
    if isPeriodic {
      for axis in [2, 3] { total = total + meanSquare(image, image.rolled(by: 1, axis: axis)) }
      return total
    }
    if image.shape[2] > 1 { total = total + meanSquare(image[..., 1..., 0...], image[..., ..<(-1), 0...]) }
    if image.shape[3] > 1 { total = total + meanSquare(image[..., 1...], image[..., ..<(-1)]) }
    return total
  }

  private func meanSquare(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
    squaredDistance(a, b, scale: scale / Double(max(a.count, 1)))
  }
}
