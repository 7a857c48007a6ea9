import Tensor

extension Picture {
  /// How opaque the pixels are, `[1, 1, H, W]`; `nil` where all of them are.
  var opacity: Tensor<Float>? { alpha.map { Tensor($0, shape: [1, 1, height, width]) } }

  /// The colours `[1, 3, H, W]` of what can be seen, which go on smoothly where nothing can.
  ///
  /// A file has colours in clear places as well, which nobody has ever seen: whatever they are, the network sees the same.
  var visibleTensor: Tensor<Float> {
    guard let opacity else { return tensor }
    return Self.filled(tensor * opacity, opacity).clamped(to: 0...1)
  }

  /// The colours [1, 3, H, W] as they are wherever anything can be seen; elsewhere as ``visibleTensor``.
  var shownColours: Tensor<Float> {
    guard let opacity else { return tensor }
    return Tensor.where(opacity .> 0, tensor, visibleTensor)
  }

  /// Whether there is no pixel that can be seen.
  var isClear: Bool { alpha?.allSatisfy { $0 == 0 } ?? false }

  /// The picture without the rows and columns at its edges in which nothing can be seen; as it is where that is all.
  var withoutClearEdges: Picture {
    guard let alpha else { return self }
    let rows = (0..<height).filter { y in (0..<width).contains { alpha[y * width + $0] > 0 } }
    let columns = (0..<width).filter { x in (0..<height).contains { alpha[$0 * width + x] > 0 } }
    guard let top = rows.first, let bottom = rows.last, let left = columns.first, let right = columns.last,
      bottom - top + 1 < height || right - left + 1 < width
    else { return self }
    let (down, across) = (top..<bottom + 1, left..<right + 1)
    return Picture(tensor[..., down, across], alpha: opacity?[..., down, across].scalars)
  }

  /// Whether no pixel that can be seen has a colour: red, green and blue differ by no more than a rounding to 8 bits.
  var isGrey: Bool {
    let plane = width * height
    let most: Float = 1.01 / 255
    return colour.withUnsafeBufferPointer { colour in
      (0..<plane).allSatisfy { pixel in
        if let alpha, alpha[pixel] == 0 { return true }
        let (r, g, b) = (colour[pixel], colour[plane + pixel], colour[2 * plane + pixel])
        return max(r, g, b) - min(r, g, b) <= most
      }
    }
  }

  /// Colours for all pixels from those that are there, by halves of halves of the picture: what a pixel lacks in opacity it
  /// takes from the mean of what is around it.
  ///
  /// - Parameters:
  ///   - weighted: The colours, each times its opacity.
  ///   - opacity: In 0…1.
  private static func filled(_ weighted: Tensor<Float>, _ opacity: Tensor<Float>) -> Tensor<Float> {
    let (height, width) = (opacity.shape[2], opacity.shape[3])
    if height == 1 && width == 1 { return weighted / opacity.clamped(to: 1e-6 ... .infinity) }
    func halved(_ x: Tensor<Float>) -> Tensor<Float> {
      x.padded([(0, height % 2), (0, width % 2)]).averagePool2D(window: 2)
    }
    // A window of four counts as seen where one of them is.
    let (sum, seen) = (halved(weighted) * 4, halved(opacity) * 4)
    let excess = seen.clamped(to: 1 ... .infinity)
    let coarse = filled(sum / excess, seen / excess)
    let around = resizedBetween(coarse, width: width + width % 2, height: height + height % 2)
    return weighted + (1 - opacity) * around[..., ..<height, ..<width]
  }

  /// By lines between the pixels, which leaves no colour's range.
  private static func resizedBetween(_ x: Tensor<Float>, width: Int, height: Int) -> Tensor<Float> {
    x.resampled(to: width, axis: 3, method: .bilinear).resampled(to: height, axis: 2, method: .bilinear)
  }
}
