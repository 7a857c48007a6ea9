import Tensor

/// A part of a picture that looks for its neighbours in parts of styles.
struct NeighbourPart: Sendable {
  /// The pictures in which it looks, each with which of its pixels may be found, [1, 1, H, W]; `nil` for all.
  var sources: [(image: Tensor<Float>, region: Tensor<Float>?)] = []

  /// With each picture also turned by one, two and three quarters.
  var turned: NeighbourPart {
    var part = self
    for turns in 1...3 {
      part.sources += sources.map { source in
        (
          source.image.rotated90(turns, axes: (2, 3)),
          source.region.map { $0.rotated90(turns, axes: (2, 3)) }
        )
      }
    }
    return part
  }
}

/// Which part of a picture each of its pixels belongs to, and how much it counts, on a layer's grid.
struct NeighbourPlaces: Sendable {
  /// The pixels of each part, row by row, ascending.
  let parts: [[Int]]
  /// How much each pixel counts, [1, 1, H, W]; `nil` for all alike.
  let weights: Tensor<Float>?

  /// - Parameters:
  ///   - opacity: How much each pixel of the picture counts, [1, 1, H, W]; `nil` for all alike.
  ///   - places: Where each part is, [1, 1, H, W]; a pixel belongs to the part that claims the most of it. `nil` for a part
  ///     that is everywhere.
  ///   - poolings: Those before the grid.
  ///   - size: The grid's rows and columns.
  init(
    opacity: Tensor<Float>?, places: [Tensor<Float>?], poolings: Int, size: (height: Int, width: Int)
  ) {
    let count = size.height * size.width
    let seen = RegionMaps(opacity: opacity, regions: [nil]).weights(poolings: poolings)[0]
    weights = seen
    guard places.contains(where: { $0 != nil }) else {
      parts = [Array(0..<count)]
      return
    }
    let maps = RegionMaps(opacity: nil, regions: places).weights(poolings: poolings).map { $0?.scalars }
    var parts = places.map { _ in [Int]() }
    for pixel in 0..<count {
      var (best, claim) = (0, -Float.infinity)
      for (index, map) in maps.enumerated() {
        let own = map?[pixel] ?? 1
        if own > claim { (best, claim) = (index, own) }
      }
      parts[best].append(pixel)
    }
    self.parts = parts
  }
}
