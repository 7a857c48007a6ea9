extension Kernels {
  /// - Parameter processor: One without products of its own makes a matrix of the windows and leaves its product to BLAS.
  static func gatherConvolution<Scalar: TensorScalar>(
    _ source: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, bias: StridedArray<Scalar>?,
    _ plan: GatherPlan, resultShape: Shape, processor: Processor = .best
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(
      uninitialized: resultShape, strides: Layout.channelsLastStrides(resultShape))
    if result.count == 0 { return result }
    if let kernels = processor.fastGemm(Scalar.self), let narrow = NarrowWindows(plan) {
      windowProducts(
        result, narrow.padded(source), narrow.filter(filter), bias: bias, narrow.plan, narrow.plan.phases[0],
        kernels)
      return result
    }
    let readsWindows =
      plan.sourceChannels / plan.groups >= fewestWindowChannels && plan.resultChannels / plan.groups > 4
    for phase in plan.phases {
      if plan.isDepthwise {
        depthwisePhase(result, source, filter, bias: bias, plan, phase)
      } else if readsWindows, phase.hasTaps, let kernels = processor.fastGemm(Scalar.self) {
        windowProducts(result, source, filter, bias: bias, plan, phase, kernels)
      } else {
        gatherLoop(result, source, packedFilter(filter, plan, phase), bias, plan, phase)
      }
    }
    return result
  }
}

/// Numbers in the columns of one piece of work: a few megabytes, so that they are multiplied while they are in
/// the cache, yet enough rows for the product to pay for packing the filter.
private let columnBudget = 5 << 18

/// The filter as a matrix for each group: its rows are the taps and the source's channels, its columns the
/// result's channels.
@specialized(where S == Float)
@specialized(where S == Double)
private func packedFilter<S: TensorScalar>(
  _ filter: StridedArray<S>, _ plan: GatherPlan, _ phase: GatherPlan.Phase
) -> StridedArray<S> {
  let (sources, results) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
  let (rows, columns) = (phase.vertical.taps, phase.horizontal.taps)
  let packed = StridedArray<S>(uninitialized: [plan.groups, rows.count * columns.count * sources, results])
  let strides = filter.layout.strides
  // Groups divide the filter's first axis, the output's channels, whichever side that is.
  let perGroup = plan.filterAxes.result == 0 ? results : sources
  let (sourceStep, resultStep) = (strides[plan.filterAxes.source], strides[plan.filterAxes.result])
  let (r, p) = (packed.pointer, filter.pointer)
  withExtendedLifetime((packed.storage, filter.storage)) {
    Parallel.forEachRange(plan.groups * results, grain: 16) { channels in
      for tapRow in rows.indices {
        for tapColumn in columns.indices {
          let tap = tapRow * columns.count + tapColumn
          let corner = rows[tapRow] * strides[2] + columns[tapColumn] * strides[3]
          for source in 0..<sources {
            for channel in channels {
              let (group, result) = (channel / results, channel % results)
              let row = (group * rows.count * columns.count + tap) * sources + source
              r[row &* results &+ result] =
                p[corner &+ group &* perGroup &* strides[0] &+ source &* sourceStep &+ result &* resultStep]
            }
          }
        }
      }
    }
  }
  return packed
}

@specialized(where S == Float)
@specialized(where S == Double)
private func gatherLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ source: StridedArray<S>, _ filter: StridedArray<S>, _ bias: StridedArray<S>?,
  _ plan: GatherPlan, _ phase: GatherPlan.Phase
) {
  let (vertical, horizontal) = (phase.vertical, phase.horizontal)
  let (sources, results) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
  let columns = vertical.taps.count * horizontal.taps.count * sources
  let pixels = vertical.count * horizontal.count
  let readsInPlace = vertical.isIdentity && horizontal.isIdentity
  let writesInPlace = vertical.step == 1 && horizontal.step == 1
  let largest = max(columnBudget / max(columns, results), 16)
  let blocks = (pixels + largest - 1) / largest
  let block = (pixels + blocks - 1) / max(blocks, 1)
  let (height, width) = (result.shape[2], result.shape[3])
  let im2col = Im2col(
    vertical: vertical, horizontal: horizontal, pixelStride: plan.sourceChannels, channels: sources)
  withExtendedLifetime((result.storage, source.storage, filter.storage, bias?.storage)) {
    Parallel.forEach(plan.batch * blocks) { piece in
      let (image, first) = (piece / blocks, piece % blocks * block)
      let range = first..<min(first + block, pixels)
      let source = source.pointer + image * vertical.sourceSize * horizontal.sourceSize * plan.sourceChannels
      let target = result.pointer + image * height * width * plan.resultChannels
      let scratch = StridedArray<S>(uninitialized: [readsInPlace ? 0 : range.count * columns])
      let rows =
        writesInPlace
        ? StridedArray<S>?.none : StridedArray<S>(uninitialized: [range.count, plan.resultChannels])
      let output = rows?.pointer ?? target + range.lowerBound * plan.resultChannels
      withExtendedLifetime((scratch.storage, rows?.storage)) {
        fill(output, rows: range.count, with: bias, channels: plan.resultChannels)
        if columns > 0 {
          for group in 0..<plan.groups {
            let from = source + group * sources
            if !readsInPlace { im2col.gather(range, from: from, into: scratch.pointer) }
            let taps =
              readsInPlace
              ? BLAS.Matrix(
                start: from + range.lowerBound * plan.sourceChannels, isTransposed: false,
                leadingDimension: plan.sourceChannels)
              : BLAS.Matrix(start: scratch.pointer, isTransposed: false, leadingDimension: columns)
            let weights = BLAS.Matrix<S>(
              start: filter.pointer + group * columns * results, isTransposed: false,
              leadingDimension: results)
            Kernels.gemm(
              range.count, results, columns, taps, weights, output + group * results,
              leadingDimension: plan.resultChannels, adds: true)
          }
        }
        if !writesInPlace {
          for pixel in range {
            let (row, column) = (pixel / horizontal.count, pixel % horizontal.count)
            let y = vertical.origin + row * vertical.step
            let x = horizontal.origin + column * horizontal.step
            (target + (y * width + x) * plan.resultChannels).update(
              from: output + (pixel - range.lowerBound) * plan.resultChannels, count: plan.resultChannels)
          }
        }
      }
    }
  }
}

/// Sets every row to the bias, or to zero: what the product is added to.
@inline(__always)
private func fill<S: TensorScalar>(
  _ start: UnsafeMutablePointer<S>, rows: Int, with bias: StridedArray<S>?, channels: Int
) {
  guard let bias else { return start.update(repeating: 0, count: rows * channels) }
  for row in 0..<rows { (start + row * channels).update(from: bias.pointer, count: channels) }
}
