import Tensor

/// A picture [1, C, H, W] at another size, by Lanczos' filter; a tile, whose edges meet, stays one.
func resized(_ picture: Tensor<Float>, width: Int, height: Int, isPeriodic: Bool) -> Tensor<Float> {
  let old = (width: picture.shape[3], height: picture.shape[2])
  if old == (width, height) { return picture }
  let bands = BandResizing(from: old, to: (width, height), isPeriodic: isPeriodic)
  return Tensor(shape: [1, picture.shape[1], height, width]) { planes in
    for part in bands.parts {
      let rows = picture[..., bands.sources(of: part), 0..<old.width]
      bands.copy(bands.band(part, of: rows), part, to: planes)
    }
  }
}

/// A tile [N, C, H, W] at another size: it goes on at its other edge, and grows by its waves.
func resizedTile(_ tile: Tensor<Float>, width: Int, height: Int) -> Tensor<Float> {
  if width >= tile.shape[3], height >= tile.shape[2] { return grownTile(tile, width: width, height: height) }
  return tile.resampled(to: width, axis: 3, method: .lanczos3, isPeriodic: true)
    .resampled(to: height, axis: 2, method: .lanczos3, isPeriodic: true)
}

/// A tile with more pixels, by the waves that it is made of.
///
/// A filter of a few samples weakens what lies between the old samples more than what lies on them, and the old samples
/// and the new ones come together at the tile's edges: where copies meet the contrast would be higher than elsewhere,
/// which optimising hardly undoes. Waves are the same at every place.
private func grownTile(_ tile: Tensor<Float>, width: Int, height: Int) -> Tensor<Float> {
  var tile = tile
  if width > tile.shape[3] {
    tile = tile.matrixProduct(waves(from: tile.shape[3], to: width), transposingRight: true)
  }
  if height > tile.shape[2] {
    tile = tile.transposed().matrixProduct(waves(from: tile.shape[2], to: height), transposingRight: true)
      .transposed()
  }
  return tile
}

/// The matrix [newCount, count] that samples at `newCount` places the only wave with a period of `count` samples and none
/// of its parts faster than theirs: sums of Dirichlet's kernel.
func waves(from count: Int, to newCount: Int) -> Tensor<Float> {
  let n = Double(count)
  let elements = (0..<newCount).flatMap { row in
    let place = (Double(row) + 0.5) * n / Double(newCount) - 0.5
    return (0..<count).map { sample -> Float in
      let angle = Double.pi * (place - Double(sample)) / n
      let slow = Double.sin(angle)
      if abs(slow) < 1e-9 { return 1 }
      // The fastest wave of an even number of samples is a cosine alone.
      let fast = Double.sin(n * angle) / slow
      return Float((count.isMultiple(of: 2) ? fast * Double.cos(angle) : fast) / n)
    }
  }
  return Tensor(elements, shape: [newCount, count])
}
