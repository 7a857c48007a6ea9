/// Walks several views of one shape together, as a loop over *runs* along one innermost axis.
///
/// The axes are ordered by the first view's steps (the result's), neighbours that lie evenly are merged, and
/// what is left inside is the longest run that all views walk with a constant step.
struct StridedLoop {
  /// Elements in a run.
  let runLength: Int
  /// For each view the step between two elements of a run.
  let runStrides: [Int]
  /// How many runs there are.
  let runCount: Int
  private let outerShape: [Int]
  private let outerStrides: [[Int]]  // [view][axis]
  private let baseOffsets: [Int]

  /// - Parameter views: layouts of equal shape; the first one, usually the result, sets the order.
  init(_ views: [Layout]) {
    let shape = views[0].shape
    baseOffsets = views.map(\.offset)
    var axes = views[0].axesByStride.filter { shape[$0] != 1 }
    if axes.isEmpty, let last = shape.indices.last { axes = [last] }
    var mergedShape: [Int] = []
    var mergedStrides: [[Int]] = views.map { _ in [] }
    for axis in axes {
      if let outer = mergedShape.last,
        views.indices.allSatisfy({
          mergedStrides[$0].last! == views[$0].strides[axis] * shape[axis]
        })
      {
        mergedShape[mergedShape.count - 1] = outer * shape[axis]
        for view in views.indices { mergedStrides[view][mergedShape.count - 1] = views[view].strides[axis] }
      } else {
        mergedShape.append(shape[axis])
        for view in views.indices { mergedStrides[view].append(views[view].strides[axis]) }
      }
    }
    runLength = mergedShape.popLast() ?? 1
    runStrides = mergedStrides.indices.map { mergedStrides[$0].popLast() ?? 1 }
    outerShape = mergedShape
    outerStrides = mergedStrides
    runCount = shape.contains(0) ? 0 : mergedShape.reduce(1, *)
  }

  /// Calls `body` for each run of `runs` with the offset of its first element in every view's storage.
  @inline(__always)
  func forEachRun(in runs: Range<Int>, _ body: (UnsafePointer<Int>) -> Void) {
    if runs.isEmpty { return }
    let rank = outerShape.count
    let viewCount = baseOffsets.count
    withUnsafeTemporaryAllocation(of: Int.self, capacity: rank + viewCount) { scratch in
      let index = scratch.baseAddress!
      let offsets = scratch.baseAddress! + rank
      for view in 0..<viewCount { offsets[view] = baseOffsets[view] }
      var rest = runs.lowerBound
      for axis in stride(from: rank - 1, through: 0, by: -1) {
        index[axis] = rest % outerShape[axis]
        rest /= outerShape[axis]
        for view in 0..<viewCount { offsets[view] += index[axis] * outerStrides[view][axis] }
      }
      for run in runs {
        body(UnsafePointer(offsets))
        if run + 1 == runs.upperBound { break }
        var axis = rank - 1
        while axis >= 0 {
          index[axis] += 1
          for view in 0..<viewCount { offsets[view] += outerStrides[view][axis] }
          if index[axis] < outerShape[axis] { break }
          index[axis] = 0
          for view in 0..<viewCount { offsets[view] -= outerStrides[view][axis] * outerShape[axis] }
          axis -= 1
        }
      }
    }
  }
}
