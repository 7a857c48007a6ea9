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

/// The hue and saturation of one picture with the brightness of another, both [N, 3, H, W] in RGB (Gatys et
/// al., Preserving Color in Neural Artistic Style Transfer, 2016).
///
///     result = colors + (Y(luminance) − Y(colors))      for each of R, G and B
///
/// That replaces the Y of YIQ and keeps I and Q, since grey alone changes Y alone. The result may leave 0 … 1
/// and is not clamped.
///
/// - Precondition: The pictures have the same shape.
public func replacingLuminance(of colors: Tensor<Float>, with picture: Tensor<Float>) -> Tensor<Float> {
  ShapeCheck.require(colors.shape == picture.shape) {
    "replacingLuminance: the shapes \(colors.shape) and \(picture.shape) differ"
  }
  return colors + (luminance(picture) - luminance(colors))
}

/// A style whose brightness has the mean and the deviation of a content's (Gatys et al., 2016): with
/// ``replacingLuminance(of:with:)`` at the end a dark style does not darken a bright content.
///
///     Y ← σ_content / σ_style · (Y − μ_style) + μ_content
///
/// A style of one brightness keeps having one. The result may leave 0 … 1 and is not clamped.
public func matchingLuminance(of style: Tensor<Float>, to content: Tensor<Float>) -> Tensor<Float> {
  let (own, wanted) = (luminance(style), luminance(content))
  func deviation(_ y: Tensor<Float>) -> Float { y.variance(correction: 0).scalar.squareRoot() }
  // Below a hundredth of a step of one 255th a deviation is rounding.
  let gain = deviation(wanted) / max(deviation(own), 0.01 / 255)
  return style + ((own - own.mean()) * gain + wanted.mean() - own)
}
