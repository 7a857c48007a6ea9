/// The sizes of a 2-D convolution, from which those of all its gradients follow.
struct ConvolutionGeometry: Sendable {
  let batch: Int
  let inputChannels: Int
  let outputChannels: Int
  let groups: Int
  let vertical: WindowAxis
  let horizontal: WindowAxis
  /// How the input lies in memory, which its gradient follows.
  var inputIsChannelsLast = true
  /// How the sums may be computed.
  var algorithm = ConvolutionAlgorithm.direct

  /// [N, C, H, W].
  var inputShape: Shape { [batch, inputChannels, vertical.size, horizontal.size] }
  /// [O, C/groups, KH, KW].
  var filterShape: Shape { [outputChannels, inputChannels / groups, vertical.window, horizontal.window] }
  /// [N, O, OH, OW].
  var outputShape: Shape { [batch, outputChannels, vertical.outputSize, horizontal.outputSize] }
}

extension ConvolutionGeometry {
  /// With one axis, the pictures are sequences: they have one row.
  init(batch: Int, inputChannels: Int, outputChannels: Int, groups: Int, axes: [WindowAxis]) {
    self.init(
      batch: batch, inputChannels: inputChannels, outputChannels: outputChannels, groups: groups,
      vertical: axes.count == 1 ? .ofOneRow : axes[0], horizontal: axes[axes.count - 1])
  }
}

/// How a convolution and its input gradient are computed. The choice is made here and nowhere else.
package enum ConvolutionPlan: Equatable {
  /// Any filter: im2col and a product.
  case general
  /// 3×3 filters, whose transforms are made once and kept beside them until they change.
  case winograd(ProductPrecisions)

  init<Scalar: TensorScalar>(_: Scalar.Type, _ geometry: ConvolutionGeometry, filterIsFrozen: Bool) {
    self =
      geometry.fitsWinograd(Scalar.self) && (filterIsFrozen || geometry.trainsByWinograd)
      ? .winograd(
        ProductPrecisions(
          geometry.algorithm, outputChannels: geometry.outputChannels, inputChannels: geometry.inputChannels))
      : .general
  }
}

extension ConvolutionGeometry {
  /// Whether Winograd's method is asked for, and can be used.
  func fitsWinograd<Scalar: TensorScalar>(_: Scalar.Type) -> Bool {
    algorithm != .direct && Scalar.self == Float.self && groups == 1
      && [vertical, horizontal].allSatisfy {
        $0.window == 3 && $0.stride == 1 && $0.dilation == 1 && $0.padding <= 2
      } && vertical.padding == horizontal.padding && inputShape.elementCount > 0
      && outputShape.elementCount > 0
  }

  /// Whether it pays for a filter that changes with every step, and is transformed as often.
  var trainsByWinograd: Bool {
    let group = WinogradPanels.group
    return algorithm == .winograd && inputChannels % group == 0 && outputChannels % group == 0
      && winogradGrid.tileCount >= Self.fewestTrainedTiles
  }

  /// A transformed filter takes as long as the products of so many tiles save.
  private static let fewestTrainedTiles = 24

  /// The tiles of a convolution that fits.
  var winogradGrid: WinogradGrid {
    WinogradGrid(
      batch: batch, inputHeight: vertical.size, inputWidth: horizontal.size, padding: vertical.padding)
  }
}

extension Kernels {
  /// The convolution of an input with a filter, plus a bias if there is one. The result is channels-last.
  static func convolution<Scalar: TensorScalar>(
    _ input: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, bias: StridedArray<Scalar>?,
    _ geometry: ConvolutionGeometry, _ plan: ConvolutionPlan
  ) -> StridedArray<Scalar> {
    let input = channelsLast(input)
    switch plan {
    case .general:
      return gatherConvolution(
        input, filter, bias: bias?.contiguous(), .forward(geometry), resultShape: geometry.outputShape)
    case .winograd(let precisions):
      return winogradConvolution(input, filter, bias: bias, geometry, precisions, relu: false, mask: nil)
    }
  }

  /// max(y, 0) for the convolution y, and where it is y if `recordsMask`, in one pass.
  ///
  /// - Precondition: The plan for the convolution is `winograd` with the precisions.
  static func rectifiedConvolution<Scalar: TensorScalar>(
    _ input: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, bias: StridedArray<Scalar>?,
    _ geometry: ConvolutionGeometry, _ precisions: ProductPrecisions, recordsMask: Bool
  ) -> (StridedArray<Scalar>, BitMask?) {
    let mask = recordsMask ? BitMask(channelsLast: geometry.outputShape) : nil
    let result = winogradConvolution(
      channelsLast(input), filter, bias: bias, geometry, precisions, relu: true, mask: mask)
    return (result, mask)
  }

  /// The gradient with respect to the input, given the one with respect to the output, which counts as 0 where
  /// `mask` has no bit. It lies in memory as the input did, channels-last or row-major.
  ///
  /// - Precondition: A mask needs the plan `winograd`.
  static func convolutionInputGradient<Scalar: TensorScalar>(
    _ gradient: StridedArray<Scalar>, _ filter: StridedArray<Scalar>, mask: BitMask?,
    _ geometry: ConvolutionGeometry, _ plan: ConvolutionPlan
  ) -> StridedArray<Scalar> {
    let gradient = channelsLast(gradient)
    let result =
      switch plan {
      case .general:
        gatherConvolution(
          gradient, filter, bias: nil, .inputGradient(geometry), resultShape: geometry.inputShape)
      case .winograd(let precisions):
        winogradInputGradient(gradient, filter, mask: mask, geometry, precisions)
      }
    return geometry.inputIsChannelsLast ? result : relaid(result, strides: result.shape.rowMajorStrides)
  }
}
