/// One value a pixel, `[H, W]`, in the precision that measurements need.
package struct PicturePlane: Equatable {
  package let width: Int
  package let height: Int
  /// Rows from the top, each from the left.
  package let values: [Double]

  /// - Precondition: `values` has width × height numbers.
  package init(width: Int, height: Int, values: [Double]) {
    precondition(
      values.count == width * height,
      "PicturePlane: \(width)×\(height) needs \(width * height) values, got \(values.count)")
    self.width = width
    self.height = height
    self.values = values
  }

  package subscript(x: Int, y: Int) -> Double { values[y * width + x] }

  /// The plane of `combine` of both planes' values.
  ///
  /// - Precondition: Both have one size.
  package func combined(with other: PicturePlane, _ combine: (Double, Double) -> Double) -> PicturePlane {
    precondition(width == other.width && height == other.height, "PicturePlane: the sizes differ")
    return PicturePlane(width: width, height: height, values: zip(values, other.values).map(combine))
  }

  /// The plane filtered by `kernel` along both axes, where the whole filter lies inside: smaller by its length
  /// less one.
  ///
  /// - Precondition: `kernel` has an odd length and is symmetric.
  package func filtered(_ kernel: [Double]) -> PicturePlane {
    let (newWidth, newHeight) = (width - kernel.count + 1, height - kernel.count + 1)
    guard newWidth > 0 && newHeight > 0 else { return PicturePlane(width: 0, height: 0, values: []) }
    var rows = [Double](repeating: 0, count: newWidth * height)
    for y in 0..<height {
      for (offset, weight) in kernel.enumerated() {
        for x in 0..<newWidth { rows[y * newWidth + x] += weight * values[y * width + x + offset] }
      }
    }
    var result = [Double](repeating: 0, count: newWidth * newHeight)
    for (offset, weight) in kernel.enumerated() {
      for index in result.indices { result[index] += weight * rows[offset * newWidth + index] }
    }
    return PicturePlane(width: newWidth, height: newHeight, values: result)
  }

  /// The part that is left when `border` pixels are cut off at each side.
  package func inset(by border: Int) -> PicturePlane {
    let (newWidth, newHeight) = (max(0, width - 2 * border), max(0, height - 2 * border))
    guard newWidth > 0, newHeight > 0 else { return PicturePlane(width: 0, height: 0, values: []) }
    var rest: [Double] = []
    rest.reserveCapacity(newWidth * newHeight)
    for y in border..<border + newHeight {
      let start = y * width + border
      rest += values[start..<start + newWidth]
    }
    return PicturePlane(width: newWidth, height: newHeight, values: rest)
  }

  /// How steep the plane is inside its outermost pixels: √(Gx² + Gy²) / 4 of Sobel's Gx and Gy.
  ///
  /// A straight step of height h, upright or level, has the value h on both its sides.
  package var edges: PicturePlane {
    let (newWidth, newHeight) = (width - 2, height - 2)
    guard newWidth > 0 && newHeight > 0 else { return PicturePlane(width: 0, height: 0, values: []) }
    var steepness: [Double] = []
    steepness.reserveCapacity(newWidth * newHeight)
    for y in 1...newHeight {
      for x in 1...newWidth {
        let across =
          (self[x + 1, y - 1] - self[x - 1, y - 1]) + 2 * (self[x + 1, y] - self[x - 1, y])
          + (self[x + 1, y + 1] - self[x - 1, y + 1])
        let down =
          (self[x - 1, y + 1] - self[x - 1, y - 1]) + 2 * (self[x, y + 1] - self[x, y - 1])
          + (self[x + 1, y + 1] - self[x + 1, y - 1])
        steepness.append((across * across + down * down).squareRoot() / 4)
      }
    }
    return PicturePlane(width: newWidth, height: newHeight, values: steepness)
  }

  /// The mean of all values; NaN if there is none.
  package var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// Pearson's correlation of both planes' values; nil where one of them is constant or empty.
  ///
  /// - Precondition: Both have one size.
  package func correlation(with other: PicturePlane) -> Double? {
    let (ownMean, otherMean) = (mean, other.mean)
    let product = combined(with: other) { ($0 - ownMean) * ($1 - otherMean) }.values.reduce(0, +)
    let ownSquare = values.reduce(0) { $0 + ($1 - ownMean) * ($1 - ownMean) }
    let otherSquare = other.values.reduce(0) { $0 + ($1 - otherMean) * ($1 - otherMean) }
    guard ownSquare > 0 && otherSquare > 0 else { return nil }
    return product / (ownSquare * otherSquare).squareRoot()
  }
}

extension Picture {
  /// Red, green and blue, each a plane; transparency is ignored.
  package var channels: [PicturePlane] { (0..<3).map { channel($0, rows: 0..<height) } }

  /// Some rows of red, green or blue, 0, 1 or 2.
  func channel(_ channel: Int, rows: Range<Int>) -> PicturePlane {
    let first = (channel * height + rows.lowerBound) * width
    return PicturePlane(
      width: width, height: rows.count, values: colour[first..<first + rows.count * width].map(Double.init))
  }

  /// Brightness as ITU-R BT.601 weighs it: 0.299 R + 0.587 G + 0.114 B.
  package var luma: PicturePlane { luma(rows: 0..<height) }

  /// Some rows of the brightness.
  func luma(rows: Range<Int>) -> PicturePlane {
    channel(0, rows: rows).combined(with: channel(1, rows: rows)) { 0.299 * $0 + 0.587 * $1 }
      .combined(with: channel(2, rows: rows)) { $0 + 0.114 * $1 }
  }
}
