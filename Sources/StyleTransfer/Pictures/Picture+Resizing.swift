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
    let bands = BandResizing(from: (width, height), to: (newWidth, newHeight), isPeriodic: isPeriodic)
    let count = newWidth * newHeight
    var newColour = [Float](repeating: 0, count: 3 * count)
    var newAlpha = alpha.map { _ in [Float](repeating: 0, count: count) }
    for part in bands.parts {
      let rows = bands.sources(of: part)
      var band = planes(rows)
      if let alpha {
        let opacity = plane(alpha, rows, width)
        let newOpacity = bands.band(part, of: opacity).clamped(to: 0...1)
        newAlpha!.withUnsafeMutableBufferPointer { bands.copy(newOpacity, part, to: $0) }
        // Where nothing can be seen the colour is black rather than 0 / 0.
        band = bands.band(part, of: band * opacity) / (newOpacity + 1e-6)
      } else {
        band = bands.band(part, of: band)
      }
      newColour.withUnsafeMutableBufferPointer { bands.copy(band.clamped(to: 0...1), part, to: $0) }
    }
    return Picture(width: newWidth, height: newHeight, colour: newColour, alpha: newAlpha)
  }

  /// Rows of the three planes, `[1, 3, rows, W]`.
  private func planes(_ rows: Range<Int>) -> Tensor<Float> {
    var scalars: [Float] = []
    scalars.reserveCapacity(3 * rows.count * width)
    for channel in 0..<3 {
      let start = (channel * height + rows.lowerBound) * width
      scalars += colour[start..<start + rows.count * width]
    }
    return Tensor(scalars, shape: [1, 3, rows.count, width])
  }
}

/// Rows of a plane of rows of `width` pixels, `[1, 1, rows, width]`.
private func plane(_ pixels: [Float], _ rows: Range<Int>, _ width: Int) -> Tensor<Float> {
  Tensor(pixels[rows.lowerBound * width..<rows.upperBound * width], shape: [1, 1, rows.count, width])
}
