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
      reduceLoop(
        result.assuming(Float.self), x.assuming(Float.self), axes, ReductionKernel<Float>(R.self))
    } else {
      reduceLoop(
        result.assuming(Double.self), x.assuming(Double.self), axes, ReductionKernel<Double>(R.self))
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

@inline(never)
private func reduceLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ axes: [Int], _ kernel: ReductionKernel<S>
) {
  defer { withExtendedLifetime((result.storage, x.storage)) {} }
  if x.count == 0 {
    var total = kernel.identity
    for i in 0..<result.count { kernel.finish(&total, 1, result.pointer + i, 1) }
    return
  }
  if result.count == 1, x.layout.isDense {
    return reduceRuns(ReductionPlan(), x.count, stride: 1, from: x.pointer, to: result.pointer, kernel)
  }
  var plan = ReductionPlan(x.layout, reducing: axes, into: result.layout)
  let folds = plan.reduced.lengths.count == 1 && plan.reduced.strides[0] == plan.kept.lengths.last
  if plan.keepsInnermost, !plan.reduced.lengths.isEmpty, folds || plan.kept.lengths.last! >= 8 {
    let columns = plan.kept.removeInnermost()
    reduceRows(
      plan, columns, folds: folds && columns.stride == 1, from: x.pointer, to: result.pointer, kernel)
  } else {
    let run = plan.reduced.removeInnermost()
    reduceRuns(plan, run.length, stride: run.stride, from: x.pointer, to: result.pointer, kernel)
  }
}

/// Each result is combined from runs along the innermost reduced axis.
private func reduceRuns<S: TensorScalar>(
  _ plan: ReductionPlan, _ length: Int, stride: Int, from p: UnsafeMutablePointer<S>,
  to r: UnsafeMutablePointer<S>, _ kernel: ReductionKernel<S>
) {
  let (outputs, runs) = (plan.kept.count, plan.reduced.count)
  // A block is a part of a long run or some short ones.
  let partsOfRun = (length + blockLength - 1) / blockLength
  let runsInBlock = max(1, blockLength / length)
  let blocks = partsOfRun > 1 ? runs * partsOfRun : (runs + runsInBlock - 1) / runsInBlock
  let grain = max(1, reductionGrain / (length * runs))

  if runs == 1, blocks == 1 {
    let (step, resultStep) = plan.kept.innermostStep
    return Parallel.forEachRange(outputs, grain: grain) { outputs in
      plan.kept.forEachRow(in: outputs) { _, offset, resultOffset, count in
        kernel.finishedRuns(p + offset, length, stride, count, step, r + resultOffset, resultStep)
      }
    }
  }

  func combined(_ block: Int, at base: UnsafeMutablePointer<S>) -> Double {
    var total = kernel.identity
    if partsOfRun > 1 {
      let start = block % partsOfRun * blockLength
      plan.reduced.forEach(in: block / partsOfRun..<block / partsOfRun + 1) { _, offset, _ in
        total = kernel.run(base + offset + start * stride, min(blockLength, length - start), stride)
      }
    } else {
      let first = block * runsInBlock
      plan.reduced.forEach(in: first..<min(first + runsInBlock, runs)) { _, offset, _ in
        total = kernel.combine(total, kernel.run(base + offset, length, stride))
      }
    }
    return total
  }

  if blocks == 1 {
    Parallel.forEachRange(outputs, grain: grain) { outputs in
      plan.kept.forEach(in: outputs) { _, offset, resultOffset in
        var total = combined(0, at: p + offset)
        kernel.finish(&total, 1, r + resultOffset, 1)
      }
    }
    return
  }
  let partials = StridedArray<Double>(uninitialized: [outputs * blocks])
  defer { withExtendedLifetime(partials.storage) {} }
  let partial = partials.pointer
  Parallel.forEachRange(outputs * blocks, grain: reductionGrain / blockLength) { tasks in
    if outputs == 1, runs == 1 {
      // Blocks that follow one another are read as fast as memory is, if nothing is done between them.
      for task in tasks {
        let start = task * blockLength
        partial[task] = kernel.run(p + start * stride, min(blockLength, length - start), stride)
      }
      return
    }
    for task in tasks {
      let output = task / blocks
      plan.kept.forEach(in: output..<output + 1) { _, offset, _ in
        partial[task] = combined(task % blocks, at: p + offset)
      }
    }
  }
  plan.kept.forEach(in: 0..<outputs) { output, _, resultOffset in
    var total = kernel.tree(partial + output * blocks, blocks, 1)
    kernel.finish(&total, 1, r + resultOffset, 1)
  }
}

/// Rows of kept elements are combined with one another: the reduced axes lie outside the innermost kept one.
///
/// - Parameter folds: The rows follow each other without gaps, so that several short ones can be taken as one.
private func reduceRows<S: TensorScalar>(
  _ plan: ReductionPlan, _ columns: (length: Int, stride: Int, resultStride: Int), folds: Bool,
  from p: UnsafeMutablePointer<S>, to r: UnsafeMutablePointer<S>, _ kernel: ReductionKernel<S>
) {
  let (outputs, rows) = (plan.kept.count, plan.reduced.count)
  let fold = folds ? max(1, narrowWidth / columns.length) : 1
  let rowsInBlock = blockLength / 16 * fold
  let blocks = (rows + rowsInBlock - 1) / rowsInBlock
  let tiles = (columns.length + tileWidth - 1) / tileWidth
  let partials =
    blocks == 1 ? nil : StridedArray<Double>(uninitialized: [outputs * blocks * columns.length])
  defer { withExtendedLifetime(partials?.storage) {} }
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
            kernel)
          if let partials {
            let target = partials.pointer + (output * blocks + block) * columns.length + first
            target.update(from: tile, count: width)
          } else {
            kernel.finish(
              tile, width, r + resultOffset + first * columns.resultStride, columns.resultStride)
          }
        }
      }
    }
  }
  guard let partials else { return }
  plan.kept.forEach(in: 0..<outputs) { output, _, resultOffset in
    for i in 0..<columns.length {
      var total = kernel.tree(
        partials.pointer + output * blocks * columns.length + i, blocks, columns.length)
      kernel.finish(&total, 1, r + resultOffset + i * columns.resultStride, 1)
    }
  }
}

/// Combines `range` of the rows into `tile`, `fold` rows at a time.
private func accumulate<S: TensorScalar>(
  _ rows: ReductionPlan.Loops, _ range: Range<Int>, _ fold: Int, _ base: UnsafeMutablePointer<S>,
  _ stride: Int,
  _ tile: UnsafeMutablePointer<Double>, _ width: Int, _ kernel: ReductionKernel<S>
) {
  let wide = width * fold
  kernel.clear(tile, wide)
  var single = range
  if fold > 1 {
    var row = range.lowerBound
    while row + fold <= range.upperBound {
      kernel.accumulate(tile, wide, base + row * width, 1)
      row += fold
    }
    single = row..<range.upperBound
  }
  let isDone =
    stride == 1 && rows.lengths.count == 1 && rows.strides[0] > 0
    && kernel.accumulateRows(
      tile, width, base + single.lowerBound * rows.strides[0], single.count, rows.strides[0])
  rows.forEach(in: isDone ? single.upperBound..<single.upperBound : single) { _, offset, _ in
    kernel.accumulate(tile, width, base + offset, stride)
  }
  for part in 1..<max(fold, 1) { kernel.merge(tile, width, tile + part * width) }
}
