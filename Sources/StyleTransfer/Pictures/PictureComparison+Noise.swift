/// Whether the difference of two pictures is noise or has something of the pictures in it.
///
/// White noise has an autocorrelation of 0 and does not know where edges are; a blurred copy differs from its
/// original most along the edges, and a shifted brightness is the same from pixel to pixel.
package struct DifferenceCharacter: Equatable {
  /// How much a pixel's difference resembles its neighbours', −1…1: over all pairs of pixels beside or above
  /// each other, in all channels, the mean product divided by the mean square, each channel's mean taken away.
  ///
  /// nil where nothing is left when the means are taken away.
  package let autocorrelation: Double?
  /// Pearson's correlation of the difference's magnitude (the mean of the channels') with the steepness of the
  /// original's brightness, over all pixels but the outermost.
  ///
  /// nil where one of them is constant.
  package let edgeCorrelation: Double?
}

extension PictureComparison {
  package var differenceCharacter: DifferenceCharacter {
    let differences = differences
    let magnitude = PicturePlane(
      width: original.width, height: original.height,
      values: differences[0].values.indices.map { i in
        differences.reduce(0) { $0 + abs($1.values[i]) } / Double(differences.count)
      })
    return DifferenceCharacter(
      autocorrelation: autocorrelation(differences),
      edgeCorrelation: original.luma.edges.correlation(with: magnitude.inset(by: 1)))
  }

  private func autocorrelation(_ planes: [PicturePlane]) -> Double? {
    var (products, pairs, squares, pixels) = (0.0, 0, 0.0, 0)
    for plane in planes {
      let mean = plane.mean
      let centred = plane.values.map { $0 - mean }
      let (width, height) = (plane.width, plane.height)
      for y in 0..<height {
        for x in 0..<width {
          let value = centred[y * width + x]
          squares += value * value
          if x + 1 < width { products += value * centred[y * width + x + 1] }
          if y + 1 < height { products += value * centred[(y + 1) * width + x] }
        }
      }
      pairs += (width - 1) * height + width * (height - 1)
      pixels += width * height
    }
    // What rounding leaves of a constant difference is no signal.
    guard pairs > 0, squares > Double(pixels) * 1e-14 else { return nil }
    return products / Double(pairs) / (squares / Double(pixels))
  }
}
