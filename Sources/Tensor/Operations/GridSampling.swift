/// How ``Tensor/gridSample(_:interpolation:border:alignCorners:)`` reads between pixels.
public enum GridInterpolation: String, Sendable, CaseIterable {
  /// On the lines between the four pixels around a point.
  case bilinear
  /// The nearest pixel; of two as near the even one. The grid has no derivative.
  case nearest
}

/// What ``Tensor/gridSample(_:interpolation:border:alignCorners:)`` reads outside the picture.
public enum GridBorder: String, Sendable, CaseIterable {
  /// What lies outside counts as zeros.
  case zeros
  /// The pixel at the edge that is nearest.
  case border
  /// The mirror image, again and again.
  case reflection
}

extension Tensor where Scalar: TensorScalar {
  /// Pictures read at the points of a grid: a warp, whatever the grid.
  ///
  /// Axes: N pictures, C channels, H × W pixels; a grid of OH × OW points (x, y). The shape is [N, C, H, W], the grid's
  /// [N, OH, OW, 2], the result's [N, C, OH, OW]. −1 is the left, or upper, edge of a picture and 1 the right, or lower, one.
  /// A NaN in the grid is read as −1.
  ///
  /// d/dx sums the gradient of all points by the share that each has of x; d/dgrid is the slope between the pixels,
  /// and 0 where `.border` or `.reflection` brings a point back to the middle of a pixel at the edge.
  ///
  /// ```swift
  /// picture.gridSample(.affineGrid(rotation, size: (64, 64)))
  /// ```
  ///
  /// - Parameters:
  ///   - grid: The points.
  ///   - interpolation: How it is read between pixels.
  ///   - border: What is read outside.
  ///   - alignCorners: Whether −1 and 1 are the middles of the pixels at the edges, not their outer sides.
  /// - Precondition: The shapes are of these forms with one N, and H and W are positive.
  public func gridSample(
    _ grid: Tensor, interpolation: GridInterpolation = .bilinear, border: GridBorder = .zeros,
    alignCorners: Bool = false
  ) -> Tensor {
    ShapeCheck.require(rank == 4 && shape[2] > 0 && shape[3] > 0) {
      "gridSample: the input \(shape) is not of the form [N, C, H, W] with pixels"
    }
    ShapeCheck.require(grid.rank == 4 && grid.shape[0] == shape[0] && grid.shape[3] == 2) {
      "gridSample: the grid \(grid.shape) is not of the form [\(shape[0]), OH, OW, 2]"
    }
    if isMapped || grid.isMapped {
      return Tensor.throughMergedBatch(self, grid) {
        $0.gridSample($1, interpolation: interpolation, border: border, alignCorners: alignCorners)
      }
    }
    let (rows, columns) = (grid.shape[1], grid.shape[2])
    let points = grid.reshaped(to: [shape[0], rows * columns, 2])
    let x = points.sliced(0, axis: 2).pixels(shape[3], border, alignCorners)
    let y = points.sliced(1, axis: 2).pixels(shape[2], border, alignCorners)
    let pixels = reshaped(to: [shape[0], shape[1], shape[2] * shape[3]])
    let (height, width) = (shape[2], shape[3])

    /// The pixels in column `x` and row `y`, where they are on the picture, times `weight`.
    func read(_ x: Tensor, _ y: Tensor, _ weight: Tensor?) -> Tensor {
      let isInside = (x .>= 0) .& (x .<= Scalar(width - 1)) .& (y .>= 0) .& (y .<= Scalar(height - 1))
      let place = Tensor<Int64>(Tensor.where(isInside, y * Scalar(width) + x, Tensor(0)))
      let positions = AxisPositions(
        axis: 2, shape: [shape[0], shape[1], rows * columns], values: place.integers,
        strides: [rows * columns, 0, 1])
      let share = Tensor.where(isInside, weight ?? Tensor(1), Tensor(0))
      return pixels.gathered(positions) * share.expanded(axis: 1)
    }

    var result: Tensor
    switch interpolation {
    case .nearest: result = read(x.round(), y.round(), nil)
    case .bilinear:
      let (left, top) = (x.floor(), y.floor())
      let (right, lower) = (x - left, y - top)
      result =
        read(left, top, (1 - right) * (1 - lower)) + read(left + 1, top, right * (1 - lower))
        + read(left, top + 1, (1 - right) * lower) + read(left + 1, top + 1, right * lower)
    }
    return result.reshaped(to: [shape[0], shape[1], rows, columns])
  }

  /// Coordinates from −1 to 1 as places among `length` pixels, brought back from outside as `border` says.
  private func pixels(_ length: Int, _ border: GridBorder, _ alignCorners: Bool) -> Tensor {
    let last = Scalar(length - 1)
    let fromEdge = Tensor.where(isNaN(), Tensor(-1), self) + 1
    let half: Scalar = (alignCorners ? last : last + 1) / 2
    let low: Scalar = alignCorners ? 0 : -0.5
    let place = fromEdge * half + low
    switch border {
    // What is far outside is far enough at these places, and a whole number there.
    case .zeros: return place.clamped(to: -2...(last + 2))
    case .border: return Self.kept(place, upTo: last)
    case .reflection:
      let span = 2 * half
      if span == 0 { return place * 0 }
      // There and back again is a period.
      let along = (place - low).remainder(modulo: 2 * span)
      let mirrored = Tensor.where(along .> span, 2 * span - along, along) + low
      return Self.kept(mirrored, upTo: last)
    }
  }

  /// Places in 0…`last`. At the bounds too they have no derivative: on one side of each nothing changes, and beyond the last
  /// pixel there is none to tell the slope.
  private static func kept(_ places: Tensor, upTo last: Scalar) -> Tensor {
    let isInside = (places .> 0) .& (places .< last)
    return .where(isInside, places, places.detached().clamped(to: 0...last))
  }

  /// The grid that an affine map makes of the points of pictures, for `gridSample`: [N, 2, 3] gives [N, H, W, 2].
  ///
  /// Point (x, y) of the result's picture, each coordinate from −1 to 1, is read at A·(x, y, 1). d/dA is the sum of the
  /// gradients times (x, y, 1).
  ///
  /// - Parameters:
  ///   - maps: A, a matrix of two rows for each picture.
  ///   - size: H and W.
  ///   - alignCorners: As for `gridSample`.
  /// - Precondition: The shape is [N, 2, 3], and the size is not negative.
  public static func affineGrid(
    _ maps: Tensor, size: (Int, Int), alignCorners: Bool = false
  ) -> Tensor {
    ShapeCheck.require(maps.rank == 3 && maps.shape[1...] == [2, 3]) {
      "affineGrid: the maps \(maps.shape) are not of the form [N, 2, 3]"
    }
    ShapeCheck.require(size.0 >= 0 && size.1 >= 0) { "affineGrid: no picture has the size \(size)" }
    func coordinates(_ length: Int) -> Tensor {
      if length == 0 { return .zeros([0]) }
      if length == 1 { return Tensor([0]) }
      let edge = alignCorners ? 1 : 1 - 1 / Scalar(length)
      return .linspace(from: -edge, through: edge, count: length)
    }
    let grid = Tensor.meshgrid([coordinates(size.0), coordinates(size.1)])
    let base = Tensor.stacked([grid[1], grid[0], .ones([size.0, size.1])], axis: -1)
      .reshaped(to: [size.0 * size.1, 3])
    return base.matrixProduct(maps, transposingRight: true)
      .reshaped(to: [maps.shape[0], size.0, size.1, 2])
  }
}
