import CKernels

// Convolutions as products with windows that are read where they lie, on processors whose products are kernels of our own.
// Others make a matrix of the windows first; see ConvolutionGather.swift.

extension Kernels {
  /// With fewer channels in a group most of a vector would be empty.
  static let fewestWindowChannels = 8

  /// One phase of a convolution, or of its gradient with respect to the input.
  ///
  /// - Precondition: The phase has taps, and its groups ``fewestWindowChannels`` of the source.
  static func windowProducts<S: TensorScalar>(
    _ result: StridedArray<S>, _ source: StridedArray<S>, _ filter: StridedArray<S>, bias: StridedArray<S>?,
    _ plan: GatherPlan, _ phase: GatherPlan.Phase, _ kernels: GemmKernels
  ) {
    let (vertical, horizontal) = (phase.vertical, phase.horizontal)
    let (sources, results) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
    let depth = vertical.taps.count * horizontal.taps.count * sources
    let panels = packedPanels(filter, plan, phase, kernels)
    let panelStep = depth * kernels.pointee.width
    let pixels = plan.batch * vertical.count * horizontal.count
    let writesInPlace = vertical.step == 1 && horizontal.step == 1
    let block = WindowProductSizes.block(pixels)
    let work = block * plan.resultChannels * depth
    withExtendedLifetime((result.storage, source.storage, panels.storage, bias?.storage)) {
      Windows(vertical, horizontal, source, channels: sources).withUnsafe { windows in
        let grain = max(1, WindowProductSizes.smallestPiece / max(work, 1))
        Parallel.forEachRange((pixels + block - 1) / block, grain: grain) { blocks in
          for index in blocks {
            let range = index * block..<min((index + 1) * block, pixels)
            let rows =
              writesInPlace
              ? StridedArray<S>?.none : StridedArray<S>(uninitialized: [range.count, plan.resultChannels])
            let output = rows?.pointer ?? result.pointer + range.lowerBound * plan.resultChannels
            if let bias {
              for row in range.indices {
                (output + (row - range.lowerBound) * plan.resultChannels).update(
                  from: bias.pointer, count: plan.resultChannels)
              }
            }
            for group in 0..<plan.groups {
              var windows = windows
              windows.source = UnsafeRawPointer(source.pointer + group * sources)
              kernels.pointee.multiply_windows(
                &windows, range.lowerBound, range.count, sources, results,
                panels.pointer + group * panels.layout.strides[0], panelStep, bias != nil,
                output + group * results, plan.resultChannels)
            }
            if rows != nil { spread(output, range, over: result, vertical, horizontal) }
            withExtendedLifetime(rows?.storage) {}
          }
        }
      }
    }
  }

  /// Copies the phase's pixels `range`, which lie side by side in `rows`, to where they belong.
  private static func spread<S: TensorScalar>(
    _ rows: UnsafeMutablePointer<S>, _ range: Range<Int>, over result: StridedArray<S>,
    _ vertical: GatherAxis, _ horizontal: GatherAxis
  ) {
    let (channels, height, width) = (result.shape[1], result.shape[2], result.shape[3])
    for pixel in range {
      let (line, column) = (pixel / horizontal.count, pixel % horizontal.count)
      let (image, row) = (line / vertical.count, line % vertical.count)
      let y = image * height + vertical.origin + row * vertical.step
      let x = horizontal.origin + column * horizontal.step
      (result.pointer + (y * width + x) * channels).update(
        from: rows + (pixel - range.lowerBound) * channels, count: channels)
    }
  }

  /// The filter of a phase as panels for products: [groups, panels, rows of a panel, its columns].
  private static func packedPanels<S: TensorScalar>(
    _ filter: StridedArray<S>, _ plan: GatherPlan, _ phase: GatherPlan.Phase, _ kernels: GemmKernels
  ) -> StridedArray<S> {
    let (sources, results) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
    let strides = filter.layout.strides
    let taps = phase.vertical.taps.flatMap { row in
      phase.horizontal.taps.map { row * strides[2] + $0 * strides[3] }
    }
    let width = kernels.pointee.width
    let panels = (results + width - 1) / width
    let packed = StridedArray<S>(uninitialized: [plan.groups, panels, taps.count * sources, width])
    // Groups divide the filter's first axis, the output's channels, whichever side that is.
    let perGroup = plan.filterAxes.result == 0 ? results : sources
    let (sourceStep, resultStep) = (strides[plan.filterAxes.source], strides[plan.filterAxes.result])
    withExtendedLifetime((packed.storage, filter.storage)) {
      Parallel.forEachRange(
        plan.groups * panels, grain: max(1, elementGrain / max(packed.layout.strides[1], 1))
      ) { pieces in
        for piece in pieces {
          let (group, first) = (piece / panels, piece % panels * width)
          let start = filter.pointer + group * perGroup * strides[0] + first * resultStep
          kernels.pointee.pack_filter(
            min(width, results - first), sources, taps.count, taps, start, resultStep, sourceStep,
            packed.pointer + piece * packed.layout.strides[1])
        }
      }
    }
    return packed
  }

  /// The gradient of a convolution with respect to its filter: for every tap the product of the input under that tap,
  /// transposed, with the output's gradient, which is packed once for all taps.
  ///
  /// A piece of work is one tap and a few input channels. It sums over all pixels by itself, in blocks that depend on the
  /// sizes alone, so the sum does not depend on the threads.
  ///
  /// - Parameter plan: That of the convolution itself.
  static func windowFilterGradient<S: TensorScalar>(
    _ result: StridedArray<S>, _ input: StridedArray<S>, _ gradient: StridedArray<S>, _ plan: GatherPlan,
    _ kernels: GemmKernels
  ) {
    let (vertical, horizontal) = (plan.phases[0].vertical, plan.phases[0].horizontal)
    let taps = vertical.taps.count * horizontal.taps.count
    let (inputs, outputs) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
    let pixels = plan.batch * vertical.count * horizontal.count
    let width = kernels.pointee.width
    let panels = (outputs + width - 1) / width
    let block = min(WindowProductSizes.gradientBlock(inputs + outputs), max(pixels, 1))
    // So few channels make a piece that there are some for each thread.
    let channels = [64, 32].first { taps * ((inputs + $0 - 1) / $0) >= 16 } ?? 16
    let chunks = (inputs + channels - 1) / channels
    let packed = StridedArray<S>(uninitialized: [panels, block, width])
    let sums = StridedArray<S>(zeros: [taps, inputs, outputs])
    withExtendedLifetime((result.storage, input.storage, gradient.storage, packed.storage, sums.storage)) {
      Windows(vertical, horizontal, input, channels: inputs).withUnsafe { windows in
        for group in 0..<plan.groups {
          var windows = windows
          windows.source = UnsafeRawPointer(input.pointer + group * inputs)
          if group > 0 { fill(sums.pointer, sums.count, with: 0) }
          for first in stride(from: 0, to: pixels, by: block) {
            let count = min(block, pixels - first)
            let slope = gradient.pointer + first * plan.resultChannels + group * outputs
            Parallel.forEachRange(panels, grain: max(1, elementGrain / (count * width))) { range in
              for panel in range {
                kernels.pointee.pack(
                  min(width, outputs - panel * width), count, slope + panel * width, 1, plan.resultChannels,
                  packed.pointer + panel * count * width)
              }
            }
            let work = min(channels, inputs) * outputs * count
            let grain = max(1, WindowProductSizes.smallestPiece / max(work, 1))
            Parallel.forEachRange(taps * chunks, grain: grain) { pieces in
              for piece in pieces {
                let (tap, channel) = (piece / chunks, piece % chunks * channels)
                var own = windows
                own.source = windows.source + channel * MemoryLayout<S>.stride
                kernels.pointee.filter_slope(
                  &own, tap, first, count, min(channels, inputs - channel), outputs, packed.pointer,
                  count * width, sums.pointer + (tap * inputs + channel) * outputs, outputs)
              }
            }
          }
          let target = result.pointer + group * outputs * inputs * taps
          let rows = max(16, elementGrain / (inputs * taps))
          Parallel.forEachRange(outputs, grain: rows) { range in
            kernels.pointee.turn_taps(
              sums.pointer, taps, inputs, outputs, range.lowerBound, range.upperBound, target)
          }
        }
      }
    }
  }
}

private enum WindowProductSizes {
  /// Fewer multiplications than this are not worth a thread of their own.
  static let smallestPiece = 1 << 19

  /// The pixels that a piece of work takes: a part of the filter that is read serves all of them, so there are many, if
  /// there are enough for threads to share.
  static func block(_ pixels: Int) -> Int {
    let (unit, largest, pieces) = (64, 256, 16)
    return min(max(pixels / (pieces * unit), 1) * unit, largest)
  }

  /// The pixels that a filter's gradient takes at once: what is read of them, of `channels` channels on both sides, stays in
  /// the second-level cache for all taps. With many channels the sums are larger than that, and are not gone over too often.
  static func gradientBlock(_ channels: Int) -> Int {
    let (elements, unit, smallest, largest) = (1 << 17, 64, 256, 4096)
    return min(max(elements / channels / unit * unit, smallest), largest)
  }
}

/// What C's loops know of the pixels under the taps of a phase.
private struct Windows {
  private let vertical: GatherAxis
  private let horizontal: GatherAxis
  private let pixelStep: Int
  private let source: UnsafeRawPointer
  private let zeros: Storage

  /// - Parameter channels: How many elements of a pixel are read.
  init<S: TensorScalar>(
    _ vertical: GatherAxis, _ horizontal: GatherAxis, _ source: StridedArray<S>, channels: Int
  ) {
    (self.vertical, self.horizontal, pixelStep) = (vertical, horizontal, source.shape[1])
    self.source = UnsafeRawPointer(source.pointer)
    zeros = StridedArray<S>(zeros: [channels]).storage
  }

  /// Calls `body` with the windows; they are valid meanwhile.
  func withUnsafe(_ body: (ckernels_windows) -> Void) {
    withExtendedLifetime(zeros) {
      vertical.offsets.withUnsafeBufferPointer { rows in
        horizontal.offsets.withUnsafeBufferPointer { columns in
          body(
            ckernels_windows(
              source: source, height: vertical.sourceSize, width: horizontal.sourceSize,
              pixel_step: pixelStep, rows: vertical.count, columns: horizontal.count,
              row_scale: vertical.scale, column_scale: horizontal.scale, row_taps: rows.count,
              column_taps: columns.count, row_offsets: rows.baseAddress, column_offsets: columns.baseAddress,
              zeros: zeros.bytes))
        }
      }
    }
  }
}
