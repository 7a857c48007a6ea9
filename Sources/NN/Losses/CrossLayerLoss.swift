import Tensor

/// How far the products of two layers' features are from those of a style: which features of a layer go together with which of
/// the next one's, of which each sees more of the picture (Yeh, Tang, Bhattad, Zou and Forsyth, Improving Style Transfer with
/// Calibrated Metrics, 2020). That holds small things in their place among large ones.
///
///     scale · ‖G − G*‖²,    G = F·Ẽᵀ / M
///
/// F are the deeper layer's features, C channels × M pixels, and Ẽ the shallower one's, made as small by the means of what
/// each pixel of F was pooled from: the product with F made larger, each pixel standing for those, is the same. A star is the
/// style's. The scale is that of ``StyleStatistic/gram`` in each ``LossNormalization``, with √(C·D) for the number of
/// channels, D those of the shallower layer.
public struct CrossLayerLoss<Scalar: TensorScalar>: Sendable {
  /// G*, [N, C, D].
  private let target: Tensor<Scalar>
  private let targetSquare: Double
  private let normalization: LossNormalization
  /// The loss of features of zeros: the style's own size, as in ``StyleLoss/zeroFeaturesLoss``.
  public let zeroFeaturesLoss: Double

  /// The loss of features against those of a style.
  ///
  /// - Parameters:
  ///   - features: The style's in the deeper layer, [N, C, H, W].
  ///   - before: The style's in the shallower layer, [N, D, H·2ᵏ, W·2ᵏ] or with some rows and columns more, which a pooling
  ///     leaves out.
  ///   - normalization: How the loss is measured.
  public init(
    target features: Tensor<Scalar>, before: Tensor<Scalar>, normalization: LossNormalization = .relative
  ) {
    target = Self.products(features.detached(), before.detached()).lasting()
    targetSquare = Vectors.squaredNorm(target)
    self.normalization = normalization
    zeroFeaturesLoss =
      targetSquare
      * Self.scale(targetSquare, target.shape, pixels: features.shape[2] * features.shape[3], normalization)
  }

  /// The loss of features in both layers, a tensor of rank 0.
  ///
  /// - Precondition: They have the style's numbers of pictures and channels, and the deeper layer's are those of `before` after
  ///   some poolings.
  public func callAsFunction(_ features: Tensor<Scalar>, before: Tensor<Scalar>) -> Tensor<Scalar> {
    let products = Self.products(features, before)
    ShapeCheck.require(products.shape == target.shape) {
      "CrossLayerLoss: features \(features.shape) and \(before.shape) do not fit a target of [N, C, D] = \(target.shape)"
    }
    let pixels = features.shape[2] * features.shape[3]
    return squaredDistance(
      products, target, scale: Self.scale(targetSquare, target.shape, pixels: pixels, normalization))
  }

  private static func scale(
    _ targetSquare: Double, _ shape: Shape, pixels: Int, _ normalization: LossNormalization
  ) -> Double {
    normalization.gramScale(
      targetSquare: targetSquare, channels: Double(shape[1] * shape[2]).squareRoot(), pixels: Double(pixels))
  }

  /// G, [N, C, D].
  private static func products(_ features: Tensor<Scalar>, _ before: Tensor<Scalar>) -> Tensor<Scalar> {
    let (own, shape) = (features.shape, before.shape)
    ShapeCheck.require(
      own.count == 4 && shape.count == 4 && own[0] == shape[0] && own[2] > 0 && own[3] > 0
        && shape[2] >= own[2] && shape[3] >= own[3]
    ) {
      "CrossLayerLoss: features \(own) after \(shape); [N, C, H, W] and at least as many pixels before it are needed"
    }
    var small = before
    // As the network's own poolings do, an odd last row or column is left out.
    while small.shape[2] / 2 >= own[2], small.shape[3] / 2 >= own[3] {
      small = small.averagePool2D(window: 2)
    }
    ShapeCheck.require(small.shape[2] == own[2] && small.shape[3] == own[3]) {
      "CrossLayerLoss: features \(own) are not those of \(shape) after poolings of 2×2 pixels"
    }
    let pixels = own[2] * own[3]
    let rows = features.reshaped(to: [own[0], own[1], pixels])
    let columns = small.reshaped(to: [own[0], shape[1], pixels])
    return rows.matrixProduct(columns, transposingRight: true) / Scalar(pixels)
  }
}
