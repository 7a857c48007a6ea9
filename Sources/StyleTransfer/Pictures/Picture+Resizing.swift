import Tensor

extension Picture {
  /// Red, green and blue in 0…1 as a tensor `[1, 3, H, W]`.
  public var tensor: Tensor<Float> { Tensor(colour, shape: [1, 3, height, width]) }

  /// A picture of the colours in a tensor `[1, 3, H, W]`, cut to 0…1, under the given transparency.
  public init(_ tensor: Tensor<Float>, alpha: [Float]? = nil) {
    // Cut on the way: the picture is the only copy, also where it is for a print.
    let colour = tensor.withUnsafeScalars { scalars in
      [Float](unsafeUninitializedCapacity: scalars.count) { target, count in
        for index in scalars.indices {
          let x = scalars[index]
          target[index] = x < 0 ? 0 : x > 1 ? 1 : x
        }
        count = scalars.count
      }
    }
    self.init(width: tensor.shape[3], height: tensor.shape[2], colour: colour, alpha: alpha)
  }

  /// The picture scaled so that its longer side has `longestSide` pixels; 0 leaves it as it is.
  ///
  /// Antialiased Lanczos in both directions. Colours are weighed by their opacity, so that what hides in
  /// transparent places does not bleed into the edges.
  public func resized(longestSide: Int) -> Picture {
    let size = sizeWhen(longestSide: longestSide)
    return resized(width: size.width, height: size.height)
  }

  /// The size that ``resized(longestSide:)`` gives.
  package func sizeWhen(longestSide: Int) -> (width: Int, height: Int) {
    let (width, height) = fullSize ?? (width, height)
    return longestSide == 0
      ? (width, height) : Self.size(width, height, scaledBy: Double(longestSide) / Double(max(width, height)))
  }

  /// A size times `ratio`, rounded, and then up to multiples of `multiple`; no side vanishes.
  package static func size(
    _ width: Int, _ height: Int, scaledBy ratio: Double, multiple: Int = 1
  ) -> (width: Int, height: Int) {
    func scaled(_ side: Int) -> Int {
      (max(1, Int((Double(side) * ratio).rounded())) + multiple - 1) / multiple * multiple
    }
    return (scaled(width), scaled(height))
  }

  /// The picture scaled to a size of any shape.
  public func resized(width: Int, height: Int) -> Picture {
    resized(width: width, height: height, isPeriodic: false)
  }

  /// The picture scaled to a size of any shape; a tile, whose edges meet, stays one.
  package func resized(width newWidth: Int, height newHeight: Int, isPeriodic: Bool) -> Picture {
    if newWidth == width && newHeight == height { return self }
    func resample(_ planes: Tensor<Float>) -> Tensor<Float> {
      StyleTransfer.resized(planes, width: newWidth, height: newHeight, isPeriodic: isPeriodic)
    }
    guard let alpha else { return Picture(resample(tensor)) }
    let opacity = Tensor(alpha, shape: [1, 1, height, width])
    let newOpacity = resample(opacity).clamped(to: 0...1)
    // Where nothing can be seen the colour is black rather than 0 / 0.
    let colour = resample(tensor * opacity) / (newOpacity + 1e-6)
    return Picture(colour, alpha: newOpacity.scalars)
  }
}
