/// What is done to one row: where it starts in each array's storage, the step to its next element there, and how many
/// elements it has.
typealias RowBody = (_ start: UnsafePointer<Int>, _ step: UnsafePointer<Int>, _ count: Int) -> Void

/// The start of a view's *storage*, from which the starts of rows are counted.
@inline(__always)
func storageStart<S: TensorElement>(_ array: StridedArray<S>) -> UnsafeMutablePointer<S> {
  array.pointer - array.layout.offset
}

// The walks know no scalar and no function, and none of them is compiled again for each body that it is given: there
// are hundreds.

/// Walks a result and an array of its shape in rows as long as their memory allows, in parallel pieces whose bounds
/// depend on the layouts alone.
@inline(never)
func forEachRow(of result: Layout, _ x: Layout, _ body: RowBody) {
  if result.strides == x.strides, result.isDense {
    return forEachPiece(
      result.shape.elementCount, start: (result.offset, x.offset, 0, 0), step: (1, 1, 0, 0), body)
  }
  forEachRunInParallel(StridedLoop([result, x]), body)
}

/// The same with two arrays that broadcast to the result's shape.
@inline(never)
func forEachRow(of result: Layout, _ x: Layout, _ y: Layout, _ body: RowBody) {
  let start = (result.offset, x.offset, y.offset, 0)
  let xIsFlat = x.liesLike(result)
  let yIsFlat = y.liesLike(result)
  if xIsFlat, yIsFlat {
    return forEachPiece(result.shape.elementCount, start: start, step: (1, 1, 1, 0), body)
  }
  if xIsFlat, y.shape.elementCount == 1 {
    return forEachPiece(result.shape.elementCount, start: start, step: (1, 1, 0, 0), body)
  }
  if yIsFlat, x.shape.elementCount == 1 {
    return forEachPiece(result.shape.elementCount, start: start, step: (1, 0, 1, 0), body)
  }
  if xIsFlat, let repeats = y.repetition(over: result) {
    return forEachRepetition(repeats, start: start, body)
  }
  let views = [result, x.broadcast(to: result.shape), y.broadcast(to: result.shape)]
  forEachRunInParallel(StridedLoop(views), body)
}

/// The same with three arrays that broadcast to the result's shape.
@inline(never)
func forEachRow(of result: Layout, _ x: Layout, _ y: Layout, _ z: Layout, _ body: RowBody) {
  // The step of an array that lies like the result, or is one number for all of it.
  func step(_ layout: Layout) -> Int? {
    layout.liesLike(result) ? 1 : layout.shape.elementCount == 1 ? 0 : nil
  }
  if result.isDense, let xStep = step(x), let yStep = step(y), let zStep = step(z) {
    let start = (result.offset, x.offset, y.offset, z.offset)
    return forEachPiece(result.shape.elementCount, start: start, step: (1, xStep, yStep, zStep), body)
  }
  let views = [result] + [x, y, z].map { $0.broadcast(to: result.shape) }
  forEachRunInParallel(StridedLoop(views), body)
}

/// Walks every run of `loop` in parallel pieces.
@inline(never)
func forEachRunInParallel(_ loop: StridedLoop, _ body: RowBody) {
  loop.runStrides.withUnsafeBufferPointer { strides in
    let strides = strides.baseAddress!
    let runsAPiece = max(1, Kernels.elementGrain / max(loop.runLength, 1))
    Parallel.forEachEvenRange(loop.runCount, atMost: runsAPiece) { runs in
      loop.forEachRun(in: runs) { offsets in body(offsets, strides, loop.runLength) }
    }
  }
}

/// A number for each of up to four arrays.
private typealias EachArray = (Int, Int, Int, Int)

/// Arrays that all lie in one row; a step may be 0.
private func forEachPiece(_ count: Int, start: EachArray, step: EachArray, _ body: RowBody) {
  Parallel.forEachEvenRange(count, atMost: Kernels.elementGrain) { range in
    call(body, start, step, from: range.lowerBound, range.count)
  }
}

/// The rows of a result and of an array like it, beside a second array's row or one of its elements.
private func forEachRepetition(_ repeats: Layout.Repetition, start: EachArray, _ body: RowBody) {
  let inner = repeats.inner
  Parallel.forEachEvenRange(repeats.outer, atMost: Kernels.elementGrain / inner) { rows in
    for row in rows {
      var start = start
      start.0 += row * inner
      start.1 += row * inner
      if !repeats.isWholeRow { start.2 += row }
      call(body, start, (1, 1, repeats.isWholeRow ? 1 : 0, 0), from: 0, inner)
    }
  }
}

@inline(__always)
private func call(_ body: RowBody, _ start: EachArray, _ step: EachArray, from first: Int, _ count: Int) {
  var start = start
  start.0 += first * step.0
  start.1 += first * step.1
  start.2 += first * step.2
  start.3 += first * step.3
  withUnsafeBytes(of: start) { start in
    withUnsafeBytes(of: step) { step in
      body(
        start.baseAddress!.assumingMemoryBound(to: Int.self),
        step.baseAddress!.assumingMemoryBound(to: Int.self), count)
    }
  }
}

extension Layout {
  /// Whether the elements lie as those of a dense `target` do, one after the other in the same order.
  fileprivate func liesLike(_ target: Layout) -> Bool {
    target.isDense && shape == target.shape && strides == target.strides
  }

  /// Elements that repeat, seen as [outer, inner]: the same row for each step of the outer axis, or one number for
  /// all of a row.
  fileprivate typealias Repetition = (outer: Int, inner: Int, isWholeRow: Bool)

  /// How these elements repeat when they broadcast to `target`, seen as [outer, inner]: the same row for each step
  /// of the outer axis, or one number for all of a row. `nil` where they do neither or lie otherwise in memory.
  fileprivate func repetition(over target: Layout) -> Repetition? {
    guard target.isContiguous, isContiguous, !target.shape.contains(0) else { return nil }
    let missing = target.rank - rank
    var (outer, inner) = (1, 1)
    var isWholeRow: Bool?
    for axis in target.shape.indices.reversed() where target.shape[axis] != 1 {
      let length = target.shape[axis]
      let repeats = axis < missing || shape[axis - missing] == 1
      // From the back: what the last axis does the inner part does, and the outer part the contrary.
      let whole = isWholeRow ?? !repeats
      isWholeRow = whole
      if repeats != whole, outer == 1 {
        inner *= length
      } else if repeats == whole {
        outer *= length
      } else {
        return nil
      }
    }
    return isWholeRow.map { (outer, inner, $0) }
  }
}
