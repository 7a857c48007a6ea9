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
    let walk = WindowWalk(plan, phase)
    let (sources, results) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
    let depth = walk.taps * sources
    let panels = packedPanels(filter, plan, walk, kernels)
    let panelStep = depth * kernels.pointee.width
    // Few patches leave threads without work, unless they share the filter's panels too.
    let perGroup = (results + kernels.pointee.width - 1) / kernels.pointee.width
    let patches = WindowPatches(walk, channels: sources, shares: perGroup)
    let shares = min(max(WindowPatches.fewest / max(patches.count, 1), 1), perGroup)
    let columns = (perGroup + shares - 1) / shares * kernels.pointee.width
    let work = patches.pixels * min(columns, results) * depth
    let target = walk.steps(result)
    withExtendedLifetime((result.storage, source.storage, panels.storage, bias?.storage)) {
      Windows(walk, source).withUnsafe { windows in
        Parallel.forEachRange(
          patches.count * shares * plan.groups, grain: max(1, WindowPatches.smallestPiece / max(work, 1))
        ) { pieces in
          for piece in pieces {
            let (group, first) = (piece / shares % plan.groups, piece % shares * columns)
            guard first < results else { continue }
            var (windows, patch) = (windows, patches[piece / shares / plan.groups])
            windows.source = UnsafeRawPointer(source.pointer + group * sources)
            let pixel =
              patch.picture * target.picture + patch.row * target.row + patch.column * target.column
            let output = result.pointer + (target.first + pixel + group * results + first)
            let count = kernels.pointee.patch_elements(&windows, &patch, sources)
            func multiply(_ scratch: UnsafeMutablePointer<S>?) {
              kernels.pointee.multiply_windows(
                &windows, &patch, sources, min(columns, results - first),
                panels.pointer + group * panels.layout.strides[0] + first * depth, panelStep,
                bias.map { $0.pointer + group * results + first }, output, target.picture, target.row,
                target.column, scratch)
            }
            if count == 0 {
              multiply(nil)
            } else {
              Workspace.shared.withElements(count, of: S.self) { multiply($0) }
            }
          }
        }
      }
    }
  }

  /// The filter of a phase as panels for products: [groups, panels, rows of a panel, its columns].
  private static func packedPanels<S: TensorScalar>(
    _ filter: StridedArray<S>, _ plan: GatherPlan, _ walk: WindowWalk, _ kernels: GemmKernels
  ) -> StridedArray<S> {
    let (sources, results) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
    let strides = filter.layout.strides
    let (rowStride, columnStride) = walk.isTurned ? (strides[3], strides[2]) : (strides[2], strides[3])
    let taps = walk.rows.taps.flatMap { row in
      walk.columns.taps.map { row * rowStride + $0 * columnStride }
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
    let walk = WindowWalk(plan, plan.phases[0])
    let taps = walk.taps
    let (inputs, outputs) = (plan.sourceChannels / plan.groups, plan.resultChannels / plan.groups)
    let pixels = walk.batch * walk.rows.count * walk.columns.count
    let width = kernels.pointee.width
    let panels = (outputs + width - 1) / width
    let block = min(WindowPatches.gradientBlock(inputs + outputs), max(pixels, 1))
    // So few channels make a piece that there are some for each thread.
    let share = [64, 32].first { (share: Int) -> Bool in taps * ((inputs + share - 1) / share) >= 16 }
    let channels = share ?? 16
    let chunks = (inputs + channels - 1) / channels
    let packed = StridedArray<S>(uninitialized: [panels, block, width])
    let sums = StridedArray<S>(zeros: [taps, inputs, outputs])
    withExtendedLifetime((result.storage, input.storage, gradient.storage, packed.storage, sums.storage)) {
      Windows(walk, input).withUnsafe { windows in
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
            let grain = max(1, WindowPatches.smallestPiece / max(work, 1))
            Parallel.forEachRange(taps * chunks, grain: grain) { pieces in
              for piece in pieces {
                let (tap, channel) = (piece / chunks, piece % chunks * channels)
                var own = windows
                own.source = windows.source + channel * MemoryLayout<S>.stride
                kernels.pointee.filter_slope(
                  &own, walk.number(ofTap: tap), first, count, min(channels, inputs - channel), outputs,
                  packed.pointer,
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
