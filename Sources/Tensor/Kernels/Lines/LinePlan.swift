import CKernels

/// A dense array seen as [outer, length, inner], in the order of its memory: outer · inner *lines* of `length`
/// elements each, which lie `inner` apart.
struct LinePlan {
  let outer: Int
  let length: Int
  let inner: Int

  /// The lines along `axes` of a dense layout; `nil` where other axes lie between them.
  init?(_ layout: Layout, along axes: [Int]) {
    var (outer, length, inner) = (1, 1, 1)
    var previous: Bool?
    var runs = 0
    for axis in layout.axesByStride where layout.shape[axis] != 1 {
      let isAlong = axes.contains(axis)
      if isAlong {
        if previous != true { runs += 1 }
        length *= layout.shape[axis]
      } else if runs == 0 {
        outer *= layout.shape[axis]
      } else {
        inner *= layout.shape[axis]
      }
      previous = isAlong
    }
    if runs > 1 { return nil }
    (self.outer, self.length, self.inner) = (outer, length, inner)
  }

  /// The array, or a dense copy of it, whose elements along `axes` form lines.
  @inline(__always)
  static func lines<Scalar: TensorScalar>(
    of x: StridedArray<Scalar>, along axes: [Int]
  ) -> (array: StridedArray<Scalar>, plan: LinePlan) {
    let array = x.layout.isDense ? x : Kernels.copy(x, strides: x.layout.denseStrides(for: x.shape))
    if let plan = LinePlan(array.layout, along: axes) { return (array, plan) }
    let order = x.layout.axesByStride
    var strides = [Int](repeating: 1, count: x.shape.count)
    var step = 1
    for axis in (order.filter { !axes.contains($0) } + order.filter(axes.contains)).reversed() {
      strides[axis] = step
      step *= x.shape[axis]
    }
    let copy = Kernels.copy(x, strides: strides)
    return (copy, LinePlan(copy.layout, along: axes)!)
  }

  /// Calls `body` with pieces of the lines, in parallel.
  @inline(__always)
  func forEachPiece(_ body: (ckernels_line_range) -> Void) {
    // Lines that lie among each other are done a vector at a time: by itself one would read as much memory as all lanes do.
    let least = inner == 1 ? 1 : 16
    Parallel.forEachEvenRange(
      outer * inner, atMost: max(Kernels.elementGrain / max(length, 1), least)
    ) { lines in
      body(ckernels_line_range(length: length, inner: inner, first: lines.lowerBound, count: lines.count))
    }
  }
}
