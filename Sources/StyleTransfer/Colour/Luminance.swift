import Tensor

/// The brightness of pictures [N, 3, H, W] in RGB, [N, 1, H, W]: 0.299 R + 0.587 G + 0.114 B, Rec. 601's luma
/// and the Y of YIQ.
func luminance(_ image: Tensor<Float>) -> Tensor<Float> {
  ShapeCheck.require(image.rank == 4 && image.shape[1] == 3) {
    "luminance: the picture \(image.shape) is not of the form [N, 3, H, W]"
  }
  let weights = Tensor<Float>([0.299, 0.587, 0.114], shape: [3, 1, 1])
  return (image * weights).sum(axes: [1], keepingDimensions: true)
}

extension Tensor<Float> {
  /// This picture with the brightness of another, both [N, 3, H, W] in RGB: it keeps its hues and saturations (Gatys
  /// et al., Preserving Color in Neural Artistic Style Transfer, 2016).
  ///
  ///     result = self + (Y(picture) − Y(self))      for each of R, G and B
  ///
  /// That replaces the Y of YIQ and keeps I and Q, since grey alone changes Y alone. The result may leave 0 … 1
  /// and is not clamped.
  ///
  /// - Precondition: The pictures have the same shape.
  public func replacingLuminance(with picture: Tensor) -> Tensor {
    ShapeCheck.require(shape == picture.shape) {
      "replacingLuminance: the shapes \(shape) and \(picture.shape) differ"
    }
    return self + (luminance(picture) - luminance(self))
  }

  /// This picture, a style, with a brightness that has the mean and the deviation of another's, a content's (Gatys et
  /// al., 2016): with ``replacingLuminance(with:)`` at the end a dark style does not darken a bright content.
  ///
  ///     Y ← σ_content / σ_style · (Y − μ_style) + μ_content
  ///
  /// A style of one brightness keeps having one. The result may leave 0 … 1 and is not clamped.
  ///
  /// - Parameter content: [N, 3, H, W] in RGB, as this picture, of any size.
  public func matchingLuminance(of content: Tensor) -> Tensor {
    matchingLuminance(from: LuminanceStatistics(of: self), to: LuminanceStatistics(of: content))
  }

  func matchingLuminance(from own: LuminanceStatistics, to wanted: LuminanceStatistics) -> Tensor {
    // Below a hundredth of a step of one 255th a deviation is rounding.
    let gain = wanted.deviation / Swift.max(own.deviation, 0.01 / 255)
    let y = luminance(self)
    return self + ((y - own.mean) * gain + wanted.mean - y)
  }
}

/// The mean and the deviation of what can be seen of a picture's brightness.
struct LuminanceStatistics: Sendable {
  let mean: Tensor<Float>
  let deviation: Float

  /// - Parameter opacity: How much each pixel counts, [1, 1, H, W]; `nil` for all alike.
  init(of image: Tensor<Float>, opacity: Tensor<Float>? = nil) {
    let y = luminance(image)
    guard let opacity else {
      (mean, deviation) = (y.mean(), y.variance(correction: 0).scalar.squareRoot())
      return
    }
    let whole = Swift.max(opacity.sum().scalar, .leastNormalMagnitude)
    mean = (y * opacity).sum() / whole
    deviation = (((y - mean).square() * opacity).sum() / whole).scalar.squareRoot()
  }
}
