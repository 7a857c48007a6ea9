/// The lengths of a tensor's axes, outermost first; `[]` is a single number.
public typealias Shape = [Int]

extension [Int] {
  /// The number of elements of a tensor of this shape: the product of the lengths, 1 for rank 0.
  ///
  /// Traps when the product overflows `Int`.
  var elementCount: Int {
    var count = 1
    var overflowed = false
    for length in self {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      count = product
      // An axis of length 0 later in the list makes the count 0, whatever came before it.
      overflowed = overflowed || overflow
    }
    if overflowed, !contains(0) {
      ShapeCheck.fail("Tensor: the shape \(self) has more elements than Int can count")
    }
    return overflowed ? 0 : count
  }

  /// The strides of a contiguous row-major tensor of this shape, in elements.
  var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    var step = 1
    for axis in indices.reversed() {
      strides[axis] = step
      step &*= Swift.max(self[axis], 1)
    }
    return strides
  }

  /// The position along each axis of an element that is counted in row-major order.
  func place(ofElement index: Int) -> [Int] {
    var (rest, place) = (index, self)
    for axis in indices.reversed() {
      place[axis] = rest % self[axis]
      rest /= self[axis]
    }
    return place
  }

  /// The shape that both broadcast to by NumPy's rule, or `nil` when they do not agree.
  func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    var result = [Int](repeating: 1, count: Swift.max(count, other.count))
    for back in 1...Swift.max(result.count, 1) where back <= result.count {
      let a = back <= count ? self[count - back] : 1
      let b = back <= other.count ? other[other.count - back] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[result.count - back] = a == 1 ? b : a
    }
    return result
  }
}

/// Where the elements of a view lie in its storage: for each axis a length and a step, in elements.
struct Layout: Equatable, Sendable {
  var shape: Shape
  var strides: [Int]
  var offset: Int

  init(shape: Shape, strides: [Int], offset: Int = 0) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// A contiguous row-major layout.
  init(_ shape: Shape) { self.init(shape: shape, strides: shape.rowMajorStrides) }

  var rank: Int { shape.count }

  /// Whether the elements lie one after the other in row-major order. Axes of length 1 may have any stride.
  var isContiguous: Bool {
    var step = 1
    for axis in shape.indices.reversed() {
      if shape[axis] == 0 { return true }
      if shape[axis] != 1, strides[axis] != step { return false }
      step &*= shape[axis]
    }
    return true
  }

  /// Whether the elements fill a block without gaps or overlaps in *some* order of axes, as channels-last
  /// pictures do. Elementwise kernels run over such a block flat and keep its order.
  var isDense: Bool {
    if isContiguous { return true }
    var step = 1
    for axis in axesByStride.reversed() where shape[axis] != 1 {
      if strides[axis] != step { return false }
      step &*= shape[axis]
    }
    return true
  }

  /// The axes from the largest step to the smallest.
  var axesByStride: [Int] {
    shape.indices.sorted { a, b in
      let (left, right) = (strides[a].magnitude, strides[b].magnitude)
      return left == right ? a < b : left > right
    }
  }

  /// Dense strides for `shape` whose axes are in the same order as this layout's: what a result of the same
  /// rank gets, so that channels-last input gives channels-last output.
  func denseStrides(for shape: Shape) -> [Int] {
    // Without a detour over the order of axes, for nearly every array has this one.
    guard shape.count == rank, !isContiguous else { return shape.rowMajorStrides }
    var result = shape.rowMajorStrides
    var step = 1
    for axis in axesByStride.reversed() {
      result[axis] = step
      step &*= Swift.max(shape[axis], 1)
    }
    return result
  }

  /// The layout as seen after broadcasting to `target`: new and stretched axes get the stride 0.
  func broadcast(to target: Shape) -> Layout {
    let missing = target.count - rank
    var strides = [Int](repeating: 0, count: target.count)
    for axis in shape.indices where shape[axis] == target[axis + missing] {
      strides[axis + missing] = self.strides[axis]
    }
    return Layout(shape: target, strides: strides, offset: offset)
  }

  /// The same elements in the same order under another shape of as many, or `nil` where no steps can say so.
  ///
  /// Neighbouring axes that are walked with one even step may be cut anew; others only keep their bounds. So a
  /// transposed matrix can get a new axis of length 1, but cannot be flattened.
  func reshaped(to target: Shape) -> Layout? {
    if shape.contains(0) || rank == 0 {
      return Layout(shape: target, strides: target.rowMajorStrides, offset: offset)
    }
    var strides = [Int](repeating: 1, count: target.count)
    var targetAxis = target.count - 1
    var step = self.strides[rank - 1]
    var (sourceCount, targetCount) = (1, 1)
    for axis in shape.indices.reversed() {
      sourceCount *= shape[axis]
      // The evenly walked block goes on while the next axis outwards starts where this one ends.
      if axis > 0, shape[axis - 1] == 1 || self.strides[axis - 1] == sourceCount * step { continue }
      while targetAxis >= 0, targetCount < sourceCount || target[targetAxis] == 1 {
        strides[targetAxis] = targetCount * step
        targetCount *= target[targetAxis]
        targetAxis -= 1
      }
      if targetCount != sourceCount { return nil }
      if axis > 0 { (step, sourceCount, targetCount) = (self.strides[axis - 1], 1, 1) }
    }
    return Layout(shape: target, strides: strides, offset: offset)
  }
}
