extension Kernels {
  /// The gradient of a convolution with respect to its filter, of the filter's shape: for every tap the product
  /// of the input under that tap, transposed, with the output's gradient.
  static func convolutionFilterGradient<Scalar>(
    _ input: StridedArray<Scalar>, _ gradient: StridedArray<Scalar>, _ geometry: ConvolutionGeometry
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: geometry.filterShape)
    if result.count == 0 { return result }
    let (input, gradient) = (channelsLast(input), channelsLast(gradient))
    if Scalar.self == Float.self {
      filterGradientLoop(
        result.assuming(Float.self), input.assuming(Float.self), gradient.assuming(Float.self), geometry)
    } else {
      filterGradientLoop(
        result.assuming(Double.self), input.assuming(Double.self), gradient.assuming(Double.self), geometry)
    }
    return result
  }
}

/// A piece of work is one tap and a few input channels. It sums over all pixels by itself, in blocks of a fixed
/// size, so the sum does not depend on the threads.
private func filterGradientLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ input: StridedArray<S>, _ gradient: StridedArray<S>,
  _ geometry: ConvolutionGeometry
) {
  let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
  let (taps, windowWidth) = (vertical.window * horizontal.window, horizontal.window)
  let inputs = geometry.inputChannels / geometry.groups
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
            BLAS.gemm(
              channels, outputs, range.count,
              BLAS.Matrix(start: columns.pointer, isTransposed: true, leadingDimension: channels),
              BLAS.Matrix(
                start: slope + start * geometry.outputChannels, isTransposed: false,
                leadingDimension: geometry.outputChannels),
              sum.pointer, leadingDimension: outputs, beta: 1)
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
