/// The sizes of a 2-D convolution, from which those of all its gradients follow.
struct ConvolutionGeometry: Equatable, Sendable {
  let batch: Int
  let inputChannels: Int
  let outputChannels: Int
  let groups: Int
  let vertical: WindowAxis
  let horizontal: WindowAxis
  /// How the input lies in memory, which its gradient follows.
  var inputIsChannelsLast = true

  /// [N, C, H, W].
  var inputShape: Shape { [batch, inputChannels, vertical.size, horizontal.size] }
  /// [O, C/groups, KH, KW].
  var filterShape: Shape {
    [outputChannels, inputChannels / groups, vertical.window, horizontal.window]
  }
  /// [N, O, OH, OW].
  var outputShape: Shape { [batch, outputChannels, vertical.outputSize, horizontal.outputSize] }
}

extension Kernels {
  /// The convolution of an input with a filter, plus a bias if there is one. The result is channels-last.
  static func convolution<Scalar>(
    _ input: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, bias: StridedArray<Scalar>?,
    _ geometry: ConvolutionGeometry
  ) -> StridedArray<Scalar> {
    gatherConvolution(
      channelsLast(input), filter, bias: bias?.contiguous(), .forward(geometry),
      resultShape: geometry.outputShape)
  }

  /// The gradient with respect to the input, given the one with respect to the output. It lies in memory as
  /// the input did, channels-last or row-major.
  static func convolutionInputGradient<Scalar>(
    _ gradient: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, _ geometry: ConvolutionGeometry
  ) -> StridedArray<Scalar> {
    let result = gatherConvolution(
      channelsLast(gradient), filter, bias: nil, .inputGradient(geometry), resultShape: geometry.inputShape)
    return geometry.inputIsChannelsLast ? result : relaid(result, strides: result.shape.rowMajorStrides)
  }
}
