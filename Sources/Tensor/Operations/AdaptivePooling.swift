extension Tensor where Scalar: TensorScalar {
  /// The means of H′ × W′ shares of each picture, whatever its size.
  ///
  /// Axes: N pictures, C channels, H × W pixels. The shape is [N, C, H, W], the result's [N, C, H′, W′]. Row i
  /// of the result has the mean of the rows from ⌊i·H/H′⌋ to before ⌈(i + 1)·H/H′⌉, and so for columns; shares
  /// overlap by a pixel where H′ does not divide H. d/dx is the gradient over the size of each share that has x.
  ///
  /// - Parameter size: H′ and W′.
  /// - Precondition: H, W, H′ and W′ are positive.
  public func adaptiveAveragePool2D(to size: (Int, Int)) -> Tensor {
    ShapeCheck.adaptivePooling("adaptiveAveragePool2D", shape, to: [size.0, size.1])
    return averagedShares(axis: 2, to: size.0).averagedShares(axis: 3, to: size.1)
  }

  /// The means of L′ shares of each sequence, whatever its length.
  ///
  /// Axes: N sequences, C channels, L places. The shape is [N, C, L], the result's [N, C, L′]. Place i of the
  /// result has the mean of the places from ⌊i·L/L′⌋ to before ⌈(i + 1)·L/L′⌉.
  ///
  /// - Parameter length: L′.
  /// - Precondition: L and L′ are positive.
  public func adaptiveAveragePool1D(to length: Int) -> Tensor {
    ShapeCheck.adaptivePooling("adaptiveAveragePool1D", shape, to: [length])
    return averagedShares(axis: 2, to: length)
  }

  /// The largest numbers of H′ × W′ shares of each picture, whatever its size.
  ///
  /// The shares are those of ``adaptiveAveragePool2D(to:)``. NaN is larger than every number. d/dx is 1 at the
  /// place the maximum came from, the first of equals, else 0.
  ///
  /// - Parameter size: H′ and W′.
  /// - Precondition: H, W, H′ and W′ are positive.
  public func adaptiveMaxPool2D(to size: (Int, Int)) -> Tensor {
    ShapeCheck.adaptivePooling("adaptiveMaxPool2D", shape, to: [size.0, size.1])
    return largestOfShares(to: [size.0, size.1])
  }

  /// The largest numbers of L′ shares of each sequence, whatever its length.
  ///
  /// The shares are those of ``adaptiveAveragePool1D(to:)``. NaN is larger than every number. d/dx is 1 at the
  /// place the maximum came from, the first of equals, else 0.
  ///
  /// - Parameter length: L′.
  /// - Precondition: L and L′ are positive.
  public func adaptiveMaxPool1D(to length: Int) -> Tensor {
    ShapeCheck.adaptivePooling("adaptiveMaxPool1D", shape, to: [length])
    return expanded(axis: 2).largestOfShares(to: [1, length]).squeezed(axes: [2])
  }

  /// The mean over a box is the mean over its columns of the means over its rows.
  private func averagedShares(axis: Int, to parts: Int) -> Tensor {
    if parts == shape[axis] { return self }
    let rows = shares(of: shape[axis], in: parts).map { share in
      (start: share.lowerBound, entries: [Double](repeating: 1 / Double(share.count), count: share.count))
    }
    return bandProduct(
      BandMatrix(columnCount: shape[axis], rows: rows), axis: axis, name: "adaptiveAveragePool")
  }

  /// Max-pooling needs windows of one length: the shares are laid out one after the other, and the shorter ones
  /// repeat their last element, which changes neither the maximum nor which place is the first that has it.
  private func largestOfShares(to size: [Int]) -> Tensor {
    var laidOut = self
    var axes: [WindowAxis] = []
    for (axis, parts) in zip([2, 3], size) {
      let length = shape[axis]
      let shares = shares(of: length, in: parts)
      let longest = shares.map(\.count).max()!
      if longest * parts != length {
        let rows = shares.flatMap { share in
          (0..<longest).map {
            (start: Swift.min(share.lowerBound + $0, share.upperBound - 1), entries: [1.0])
          }
        }
        laidOut = laidOut.bandProduct(
          BandMatrix(columnCount: length, rows: rows), axis: axis, name: "adaptiveMaxPool")
      }
      axes.append(WindowAxis(size: longest * parts, window: longest, stride: longest, padding: 0))
    }
    return laidOut.maxPooled(axes)
  }
}

/// What share i of `parts` takes of `count` positions: from ⌊i·count/parts⌋ to before ⌈(i + 1)·count/parts⌉.
private func shares(of count: Int, in parts: Int) -> [Range<Int>] {
  (0..<parts).map { $0 * count / parts..<(($0 + 1) * count + parts - 1) / parts }
}

extension ShapeCheck {
  fileprivate static func adaptivePooling(_ operation: String, _ shape: Shape, to size: [Int]) {
    require(shape.count == 2 + size.count) {
      "\(operation): the input \(shape) is not of the form [N, C, \(size.count == 2 ? "H, W" : "L")]"
    }
    require(size.allSatisfy { $0 >= 1 } && shape.dropFirst(2).allSatisfy { $0 >= 1 }) {
      "\(operation): the input \(shape) has no \(size.map(String.init).joined(separator: " × ")) shares"
    }
    for parts in size { bandRows(operation, parts) }
  }
}
