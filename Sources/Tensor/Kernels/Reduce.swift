extension Kernels {
  /// Combines the elements along `axes` (sorted, in range). The reduced axes stay with length 1; the others keep
  /// their order in memory.
  @inline(__always)
  static func reduce<Scalar, R: Reduction>(
    _ x: StridedArray<Scalar>, axes: [Int], _ reduction: R
  ) -> StridedArray<Scalar> {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    let result = StridedArray<Scalar>(uninitialized: shape, strides: x.layout.denseStrides(for: shape))
    if Scalar.self == Float.self {
      reduceLoop(result.assuming(Float.self), x.assuming(Float.self), axes, R.self)
    } else {
      reduceLoop(result.assuming(Double.self), x.assuming(Double.self), axes, R.self)
    }
    return result
  }
}

/// Elements in a block, the unit of work whose numbers are combined one after the other. Blocks depend on the
/// shape alone, and their results are combined in a tree: neither accuracy nor bits depend on threads.
private let blockLength = 4096
/// Elements that one piece of parallel work reads: as many again as where results are written, since reading runs
/// faster and a thread takes longer to wake.
private let reductionGrain = 1 << 18
/// The widest stretch of kept elements that is worked on at a time: its accumulators stay in the first cache.
private let tileWidth = 2048
/// Below this width of kept elements a row is too short for a loop of its own.
private let narrowWidth = 64

private func reduceLoop<S: TensorScalar, R: Reduction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ axes: [Int], _: R.Type
) {
  withExtendedLifetime((result.storage, x.storage)) {
    if x.count == 0 {
      result.pointer.initialize(repeating: S(R.finish(R.identity)), count: result.count)
      return
    }
    if result.count == 1, x.layout.isDense {
      return reduceRuns(ReductionPlan(), x.count, stride: 1, from: x.pointer, to: result.pointer, R.self)
    }
    var plan = ReductionPlan(x.layout, reducing: axes, into: result.layout)
    let folds = plan.reduced.lengths.count == 1 && plan.reduced.strides[0] == plan.kept.lengths.last
    if plan.keepsInnermost, !plan.reduced.lengths.isEmpty, folds || plan.kept.lengths.last! >= 8 {
      let columns = plan.kept.removeInnermost()
      reduceRows(
        plan, columns, folds: folds && columns.stride == 1, from: x.pointer, to: result.pointer, R.self)
    } else {
      let run = plan.reduced.removeInnermost()
      reduceRuns(plan, run.length, stride: run.stride, from: x.pointer, to: result.pointer, R.self)
    }
  }
}

/// Each result is combined from runs along the innermost reduced axis.
private func reduceRuns<S: TensorScalar, R: Reduction>(
  _ plan: ReductionPlan, _ length: Int, stride: Int, from p: UnsafeMutablePointer<S>,
  to r: UnsafeMutablePointer<S>, _: R.Type
) {
  let (outputs, runs) = (plan.kept.count, plan.reduced.count)
  // A block is a part of a long run or some short ones.
  let partsOfRun = (length + blockLength - 1) / blockLength
  let runsInBlock = max(1, blockLength / length)
  let blocks = partsOfRun > 1 ? runs * partsOfRun : (runs + runsInBlock - 1) / runsInBlock

  @inline(__always) func combined(_ block: Int, at base: UnsafeMutablePointer<S>) -> Double {
    if runs == 1, blocks == 1 { return R.run(base, length, stride: stride) }
    var total = R.identity
    if partsOfRun > 1 {
      let start = block % partsOfRun * blockLength
      plan.reduced.forEach(in: block / partsOfRun..<block / partsOfRun + 1) { _, offset, _ in
        total = R.run(base + offset + start * stride, min(blockLength, length - start), stride: stride)
      }
    } else {
      let first = block * runsInBlock
      plan.reduced.forEach(in: first..<min(first + runsInBlock, runs)) { _, offset, _ in
        total = R.combine(total, R.run(base + offset, length, stride: stride))
      }
    }
    return total
  }

  if blocks == 1 {
    Parallel.forEachRange(outputs, grain: max(1, reductionGrain / (length * runs))) { outputs in
      plan.kept.forEach(in: outputs) { _, offset, resultOffset in
        r[resultOffset] = S(R.finish(combined(0, at: p + offset)))
      }
    }
    return
  }
  let partials = StridedArray<Double>(uninitialized: [outputs * blocks])
  withExtendedLifetime(partials.storage) {
    let partial = partials.pointer
    Parallel.forEachRange(outputs * blocks, grain: reductionGrain / blockLength) { tasks in
      for task in tasks {
        let output = task / blocks
        plan.kept.forEach(in: output..<output + 1) { _, offset, _ in
          partial[task] = combined(task % blocks, at: p + offset)
        }
      }
    }
    plan.kept.forEach(in: 0..<outputs) { output, _, resultOffset in
      r[resultOffset] = S(R.finish(R.tree(partial + output * blocks, blocks, stride: 1)))
    }
  }
}

/// Rows of kept elements are combined with one another: the reduced axes lie outside the innermost kept one.
///
/// - Parameter folds: The rows follow each other without gaps, so that several short ones can be taken as one.
private func reduceRows<S: TensorScalar, R: Reduction>(
  _ plan: ReductionPlan, _ columns: (length: Int, stride: Int, resultStride: Int), folds: Bool,
  from p: UnsafeMutablePointer<S>, to r: UnsafeMutablePointer<S>, _: R.Type
) {
  let (outputs, rows) = (plan.kept.count, plan.reduced.count)
  let fold = folds ? max(1, narrowWidth / columns.length) : 1
  let rowsInBlock = blockLength / 16 * fold
  let blocks = (rows + rowsInBlock - 1) / rowsInBlock
  let tiles = (columns.length + tileWidth - 1) / tileWidth
  let partials = StridedArray<Double>(uninitialized: [blocks == 1 ? 0 : outputs * blocks * columns.length])
  let partial = partials.pointer
  let taskSize = min(columns.length, tileWidth) * min(rows, rowsInBlock)
  Parallel.forEachRange(outputs * blocks * tiles, grain: max(1, reductionGrain / taskSize)) { tasks in
    withUnsafeTemporaryAllocation(of: Double.self, capacity: tileWidth) { tile in
      let tile = tile.baseAddress!
      for task in tasks {
        let (first, block) = (task % tiles * tileWidth, task / tiles % blocks)
        let width = min(tileWidth, columns.length - first)
        let range = block * rowsInBlock..<min((block + 1) * rowsInBlock, rows)
        let output = task / tiles / blocks
        plan.kept.forEach(in: output..<output + 1) { _, offset, resultOffset in
          accumulate(
            plan.reduced, range, fold, p + offset + first * columns.stride, columns.stride, tile, width,
            R.self)
          if blocks == 1 {
            let target = r + resultOffset + first * columns.resultStride
            for i in 0..<width { target[i &* columns.resultStride] = S(R.finish(tile[i])) }
          } else {
            let target = partial + (output * blocks + block) * columns.length + first
            for i in 0..<width { target[i] = tile[i] }
          }
        }
      }
    }
  }
  if blocks == 1 { return }
  withExtendedLifetime(partials.storage) {
    plan.kept.forEach(in: 0..<outputs) { output, _, resultOffset in
      for i in 0..<columns.length {
        let column = partial + output * blocks * columns.length + i
        r[resultOffset + i * columns.resultStride] = S(
          R.finish(R.tree(column, blocks, stride: columns.length)))
      }
    }
  }
}

/// Combines `range` of the rows into `tile`, `fold` rows at a time.
@inline(__always)
private func accumulate<S: TensorScalar, R: Reduction>(
  _ rows: ReductionPlan.Loops, _ range: Range<Int>, _ fold: Int, _ base: UnsafeMutablePointer<S>,
  _ stride: Int,
  _ tile: UnsafeMutablePointer<Double>, _ width: Int, _: R.Type
) {
  let wide = width * fold
  for i in 0..<wide { tile[i] = R.identity }
  var single = range
  if fold > 1 {
    var row = range.lowerBound
    while row + fold <= range.upperBound {
      let source = base + row * width
      for i in 0..<wide { tile[i] = R.combine(tile[i], R.value(Double(source[i]))) }
      row += fold
    }
    single = row..<range.upperBound
  }
  let isDone =
    stride == 1 && rows.lengths.count == 1 && rows.strides[0] > 0
    && R.accumulate(
      base + single.lowerBound * rows.strides[0], rows: single.count, step: rows.strides[0], count: width,
      into: tile)
  rows.forEach(in: isDone ? single.upperBound..<single.upperBound : single) { _, offset, _ in
    let source = base + offset
    if stride == 1 {
      for i in 0..<width { tile[i] = R.combine(tile[i], R.value(Double(source[i]))) }
    } else {
      for i in 0..<width { tile[i] = R.combine(tile[i], R.value(Double(source[i &* stride]))) }
    }
  }
  for part in 1..<max(fold, 1) {
    for i in 0..<width { tile[i] = R.combine(tile[i], tile[part * width + i]) }
  }
}
