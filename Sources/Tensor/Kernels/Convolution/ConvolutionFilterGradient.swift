extension Kernels {
  /// The gradient of a convolution with respect to its filter, of the filter's shape: for every tap the product
  /// of the input under that tap, transposed, with the output's gradient.
  ///
  /// - Parameter processor: One without products of its own copies the inputs together and leaves products to BLAS.
  static func convolutionFilterGradient<Scalar: TensorScalar>(
    _ input: StridedArray<Scalar>, _ gradient: StridedArray<Scalar>, _ geometry: ConvolutionGeometry,
    processor: Processor = .best
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: geometry.filterShape)
    if result.count == 0 { return result }
    let (input, gradient) = (channelsLast(input), channelsLast(gradient))
    if geometry.fitsWinograd(Scalar.self), geometry.trainsByWinograd {
      winogradFilterGradient(result, input, gradient, geometry)
      return result
    }
    let plan = GatherPlan.forward(geometry)
    if plan.isDepthwise {
      depthwiseFilterGradient(result, input, gradient, plan)
    } else if let kernels = processor.fastGemm(Scalar.self), let narrow = NarrowWindows(plan) {
      let turned = StridedArray<Scalar>(uninitialized: narrow.turnedShape(result.shape))
      windowFilterGradient(turned, narrow.padded(input), gradient, narrow.plan, kernels)
      narrow.write(turned, over: result)
    } else if geometry.inputChannels / geometry.groups >= fewestWindowChannels,
      geometry.outputChannels / geometry.groups > 4, let kernels = processor.fastGemm(Scalar.self)
    {
      windowFilterGradient(result, input, gradient, plan, kernels)
    } else {
      filterGradientLoop(result, input, gradient, geometry)
    }
    return result
  }
}

/// With few input channels one tap is too little for a product: all taps are gathered at once, and a piece of work
/// is a block of pixels. Blocks depend on the sizes alone and their sums are added up in order, so the result does
/// not depend on the threads.
private func narrowFilterGradientLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ input: StridedArray<S>, _ gradient: StridedArray<S>,
  _ geometry: ConvolutionGeometry
) {
  let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
  let taps = vertical.window * horizontal.window
  let inputs = geometry.inputChannels / geometry.groups
  let outputs = geometry.outputChannels / geometry.groups
  let (pixels, columns) = (vertical.outputSize * horizontal.outputSize, taps * inputs)
  // A unit is a picture or a part of a large one, so small that what is gathered stays in the cache until it is multiplied.
  let unit = min(pixels, max(256, min(4096, (1 << 16) / columns)))
  let unitsAPicture = (pixels + unit - 1) / max(unit, 1)
  let units = geometry.batch * unitsAPicture
  let (smallestBlock, mostBlocks) = (1 << 20, 16)
  let unitsABlock = max(
    smallestBlock / max(unit * columns * outputs, 1), (units + mostBlocks - 1) / mostBlocks, 1)
  let blocks = (units + unitsABlock - 1) / unitsABlock
  let im2col = Im2col(
    vertical: .forward(vertical), horizontal: .forward(horizontal), pixelStride: geometry.inputChannels,
    channels: inputs)
  let partials = StridedArray<S>(repeating: 0, shape: [geometry.groups, blocks, columns, outputs])
  withExtendedLifetime((result.storage, input.storage, gradient.storage, partials.storage)) {
    Parallel.forEach(geometry.groups * blocks) { piece in
      let (group, block) = (piece / blocks, piece % blocks)
      let sum = partials.pointer + piece * columns * outputs
      let scratch = StridedArray<S>(uninitialized: [unit, columns])
      withExtendedLifetime(scratch.storage) {
        for index in block * unitsABlock..<min((block + 1) * unitsABlock, units) {
          let (picture, first) = (index / unitsAPicture, index % unitsAPicture * unit)
          let range = first..<min(first + unit, pixels)
          let source = input.pointer + picture * vertical.size * horizontal.size * geometry.inputChannels
          let slope = gradient.pointer + (picture * pixels + first) * geometry.outputChannels
          im2col.gather(range, from: source + group * inputs, into: scratch.pointer)
          Kernels.gemm(
            columns, outputs, range.count,
            BLAS.Matrix(start: scratch.pointer, isTransposed: true, leadingDimension: columns),
            BLAS.Matrix(
              start: slope + group * outputs, isTransposed: false, leadingDimension: geometry.outputChannels),
            sum, leadingDimension: outputs, adds: true)
        }
      }
    }
    for group in 0..<geometry.groups {
      for output in 0..<outputs {
        for channel in 0..<inputs {
          for tap in 0..<taps {
            let place = (tap * inputs + channel) * outputs + output
            var sum = 0.0
            for block in 0..<blocks {
              sum += Double(partials.pointer[(group * blocks + block) * columns * outputs + place])
            }
            result.pointer[((group * outputs + output) * inputs + channel) * taps + tap] = S(sum)
          }
        }
      }
    }
  }
}

/// A piece of work is one tap and a few input channels. It sums over all pixels by itself, in blocks of a fixed
/// size, so the sum does not depend on the threads.
@specialized(where S == Float)
@specialized(where S == Double)
private func filterGradientLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ input: StridedArray<S>, _ gradient: StridedArray<S>,
  _ geometry: ConvolutionGeometry
) {
  let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
  let (taps, windowWidth) = (vertical.window * horizontal.window, horizontal.window)
  let inputs = geometry.inputChannels / geometry.groups
  if inputs < 32 { return narrowFilterGradientLoop(result, input, gradient, geometry) }
  let outputs = geometry.outputChannels / geometry.groups
  let pixels = vertical.outputSize * horizontal.outputSize
  let channelsAPiece = 64
  let chunks = (inputs + channelsAPiece - 1) / channelsAPiece
  let block = 4096
  withExtendedLifetime((result.storage, input.storage, gradient.storage)) {
    Parallel.forEach(geometry.groups * taps * chunks) { piece in
      let (group, tap) = (piece / chunks / taps, piece / chunks % taps)
      let first = piece % chunks * channelsAPiece
      let channels = min(channelsAPiece, inputs - first)
      let gather = Im2col(
        vertical: .forward(vertical, tap: tap / windowWidth),
        horizontal: .forward(horizontal, tap: tap % windowWidth),
        pixelStride: geometry.inputChannels, channels: channels)
      let columns = StridedArray<S>(uninitialized: [min(block, pixels), channels])
      let sum = StridedArray<S>(repeating: 0, shape: [channels, outputs])
      withExtendedLifetime((columns.storage, sum.storage)) {
        for image in 0..<geometry.batch {
          let source = input.pointer + image * vertical.size * horizontal.size * geometry.inputChannels
          let slope = gradient.pointer + image * pixels * geometry.outputChannels + group * outputs
          for start in stride(from: 0, to: pixels, by: block) {
            let range = start..<min(start + block, pixels)
            gather.gather(range, from: source + group * inputs + first, into: columns.pointer)
            Kernels.gemm(
              channels, outputs, range.count,
              BLAS.Matrix(start: columns.pointer, isTransposed: true, leadingDimension: channels),
              BLAS.Matrix(
                start: slope + start * geometry.outputChannels, isTransposed: false,
                leadingDimension: geometry.outputChannels),
              sum.pointer, leadingDimension: outputs, adds: true)
          }
        }
        for output in 0..<outputs {
          for channel in 0..<channels {
            result.pointer[((group * outputs + output) * inputs + first + channel) * taps + tap] =
              sum.pointer[channel * outputs + output]
          }
        }
      }
    }
  }
}

extension GatherAxis {
  /// The input positions under one tap of the window.
  fileprivate static func forward(_ axis: WindowAxis, tap: Int) -> GatherAxis {
    GatherAxis(
      count: axis.outputSize, origin: 0, step: 1, scale: axis.stride, taps: [tap],
      offsets: [axis.offset(ofTap: tap)], sourceSize: axis.size)
  }
}
