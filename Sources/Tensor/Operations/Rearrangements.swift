// Axes taken apart, put together and exchanged. All but windows and lists are views without a copy where strides allow it.

extension Tensor {
  /// The tensor with one axis at another place, the others in their order, without a copy. d/dx is the gradient moved back.
  ///
  /// PyTorch and NumPy have it as `moveaxis`.
  ///
  /// - Parameters:
  ///   - source: The axis; negative ones count from the back.
  ///   - destination: Where it is in the result; negative ones count from the back.
  public func movedAxis(from source: Int, to destination: Int) -> Tensor {
    moved(
      ShapeCheck.axis("movedAxis", source, rank: rank),
      to: ShapeCheck.axis("movedAxis", destination, rank: rank))
  }

  /// The tensor with two axes exchanged, without a copy. d/dx is the gradient with the axes exchanged.
  ///
  /// - Parameters:
  ///   - first: An axis; negative ones count from the back.
  ///   - second: Another one, or the same.
  public func swappedAxes(_ first: Int, _ second: Int) -> Tensor {
    var order = Array(shape.indices)
    order.swapAt(
      ShapeCheck.axis("swappedAxes", first, rank: rank), ShapeCheck.axis("swappedAxes", second, rank: rank))
    return transposed(axes: order)
  }

  /// The tensor with the axes from `first` through `last` as one, all of them by default. d/dx is the gradient in the old
  /// shape.
  ///
  /// - Parameters:
  ///   - first: Negative ones count from the back.
  ///   - last: Not before `first`; negative ones count from the back.
  public func flattened(from first: Int = 0, through last: Int = -1) -> Tensor {
    if rank == 0 { return reshaped(to: [1]) }
    let from = ShapeCheck.axis("flattened", first, rank: rank)
    let through = ShapeCheck.axis("flattened", last, rank: rank)
    ShapeCheck.require(from <= through) {
      "flattened: axis \(last) of \(shape) comes before axis \(first)"
    }
    return reshaped(
      to: shape[..<from] + [Array(shape[from...through]).elementCount] + shape[(through + 1)...])
  }

  /// The tensor with an axis as several, in row-major order. d/dx is the gradient in the old shape.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the back.
  ///   - lengths: Of the new axes. One may be −1: it is worked out.
  /// - Precondition: The product of the lengths is that of the axis.
  public func unflattened(axis: Int, to lengths: Shape) -> Tensor {
    let axis = ShapeCheck.axis("unflattened", axis, rank: rank)
    let parts = ShapeCheck.reshaping("unflattened", [shape[axis]], to: lengths)
    return reshaped(to: shape[..<axis] + parts + shape[(axis + 1)...])
  }

  /// The tensor turned by `turns` times 90° in the plane of two axes, from the first towards the second. d/dx is the gradient
  /// turned back.
  ///
  /// PyTorch and NumPy have it as `rot90`.
  ///
  /// - Parameters:
  ///   - turns: Negative for the other way round.
  ///   - axes: Negative ones count from the back.
  /// - Precondition: The axes are two.
  public func rotated90(_ turns: Int = 1, axes: (Int, Int) = (0, 1)) -> Tensor {
    let first = ShapeCheck.axis("rotated90", axes.0, rank: rank)
    let second = ShapeCheck.axis("rotated90", axes.1, rank: rank)
    ShapeCheck.require(first != second) { "rotated90: the axes \(axes) of \(shape) are the same" }
    switch (turns % 4 + 4) % 4 {
    case 1: return flipped(axes: [second]).swappedAxes(first, second)
    case 2: return flipped(axes: [first, second])
    case 3: return flipped(axes: [first]).swappedAxes(first, second)
    default: return self
    }
  }

  /// The slices along an axis, without it and without a copy; the inverse of `stacked`. d/dx is each slice's gradient in its
  /// place.
  ///
  /// PyTorch has it as `unbind`, NumPy as `unstack`.
  ///
  /// - Parameter axis: Negative ones count from the back.
  public func unstacked(axis: Int = 0) -> [Tensor] {
    let axis = ShapeCheck.axis("unstacked", axis, rank: rank)
    return (0..<shape[axis]).map { sliced($0, axis: axis) }
  }

  /// All stretches of `length` elements along an axis, as a new last axis. d/dx sums the gradient of all stretches that show x.
  ///
  /// PyTorch has it as `Tensor.unfold`, NumPy as `sliding_window_view`.
  ///
  /// - Parameters:
  ///   - length: Of a stretch.
  ///   - step: From the start of one stretch to that of the next.
  ///   - axis: Negative ones count from the back. Its new length is the number of stretches, ⌊(L − length) / step⌋ + 1.
  /// - Precondition: `length` is from 1 to the axis's length, and `step` is positive.
  public func slidingWindows(_ length: Int, step: Int = 1, axis: Int = -1) -> Tensor {
    let axis = ShapeCheck.axis("slidingWindows", axis, rank: rank)
    ShapeCheck.require(1 <= length && length <= shape[axis] && step > 0) {
      "slidingWindows: axis \(axis) of \(shape) has no stretches of \(length) elements at steps of \(step)"
    }
    let starts = Array(stride(from: 0, through: shape[axis] - length, by: step))
    let positions = starts.flatMap { start in (0..<length).map { start + $0 } }
    return gathered(AxisPositions(positions, axis: axis, of: shape))
      .reshaped(to: shape[..<axis] + [starts.count, length] + shape[(axis + 1)...])
      .moved(axis + 1, to: rank)
  }

  /// Channels as finer pixels: `[…, C·r², H, W]` gives `[…, C, H·r, W·r]`, each r × r square of pixels from r² channels
  /// (sub-pixel convolution). d/dx is the gradient `pixelUnshuffled`.
  ///
  /// - Parameter factor: r.
  /// - Precondition: There are three axes at least; r is positive and r² divides the channels.
  public func pixelShuffled(by factor: Int) -> Tensor {
    let square = ShapeCheck.length(
      factor.multipliedReportingOverflow(by: factor), "pixelShuffled", "the factor \(factor) makes squares of"
    )
    ShapeCheck.require(rank >= 3 && factor > 0 && shape[rank - 3] % square == 0) {
      "pixelShuffled: \(shape) is not of the form […, C·\(factor)², H, W] with a factor above 0"
    }
    let (h, w) = (shape[rank - 2], shape[rank - 1])
    let lead = Array(shape.dropLast(3))
    let parts = reshaped(to: lead + [shape[rank - 3] / square, factor, factor, h, w])
    let n = lead.count
    return parts.transposed(axes: Array(0...n) + [n + 3, n + 1, n + 4, n + 2])
      .reshaped(to: lead + [shape[rank - 3] / square, h * factor, w * factor])
  }

  /// Fine pixels as channels: `[…, C, H·r, W·r]` gives `[…, C·r², H, W]`, the inverse of `pixelShuffled`. d/dx is the gradient
  /// `pixelShuffled`.
  ///
  /// - Parameter factor: r.
  /// - Precondition: There are three axes at least; r is positive and divides the height and the width.
  public func pixelUnshuffled(by factor: Int) -> Tensor {
    ShapeCheck.require(
      rank >= 3 && factor > 0 && shape[rank - 2] % Swift.max(factor, 1) == 0
        && shape[rank - 1] % Swift.max(factor, 1) == 0
    ) {
      "pixelUnshuffled: \(shape) is not of the form […, C, H·\(factor), W·\(factor)] with a factor above 0"
    }
    let (h, w) = (shape[rank - 2] / factor, shape[rank - 1] / factor)
    let lead = Array(shape.dropLast(2))
    let n = lead.count
    return reshaped(to: lead + [h, factor, w, factor])
      .transposed(axes: Array(0..<n) + [n + 1, n + 3, n, n + 2])
      .reshaped(to: lead.dropLast() + [lead[n - 1] * factor * factor, h, w])
  }

  /// The channels of `[N, C, …]` in another order, so that each group gets channels from all: channel i of group g comes to
  /// place i·groups + g. d/dx is the gradient in the old order.
  ///
  /// - Parameter groups: Into how many groups the channels are divided.
  /// - Precondition: There are two axes at least, and `groups` is positive and divides C.
  public func channelShuffled(groups: Int) -> Tensor {
    ShapeCheck.require(rank >= 2 && groups > 0 && shape[1] % Swift.max(groups, 1) == 0) {
      "channelShuffled: \(groups) groups do not divide the channels of \(shape), [N, C, …]"
    }
    return reshaped(to: [shape[0], groups, shape[1] / groups] + shape[2...]).swappedAxes(1, 2)
      .reshaped(to: shape)
  }

  /// All combinations of one element from each list, in rows: lists of M, N, … elements give `[M·N·…, count of lists]`, the
  /// last list running fastest. d/dx sums the gradient of all rows that show x.
  ///
  /// PyTorch has it as `cartesian_prod`.
  ///
  /// - Precondition: There is one list at least, and all have rank 1.
  public static func cartesianProduct(_ lists: [Tensor]) -> Tensor {
    ShapeCheck.require(!lists.isEmpty && lists.allSatisfy { $0.rank == 1 }) {
      "cartesianProduct: the shapes \(lists.map(\.shape)) are not those of one list or more"
    }
    let shape = lists.map(\.count)
    return stacked(
      lists.enumerated().map { index, list in
        var own = [Int](repeating: 1, count: shape.count)
        own[index] = shape[index]
        return list.reshaped(to: own).broadcast(to: shape).reshaped(to: [shape.elementCount])
      }, axis: 1)
  }
}
