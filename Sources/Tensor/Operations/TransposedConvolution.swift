extension Tensor where Scalar: TensorScalar {
  /// The transpose of `conv2D`, which enlarges pictures: what that convolution's gradient does, as an operation of
  /// its own.
  ///
  /// y[n, o, i·stride + k·dilation − padding, j·stride + l·dilation − padding] is bias[o] plus the sum of
  /// filter[c, o, k, l] · x[n, c, i, j] over all c, i, j, k, l that lead there. With groups, input channel c
  /// reaches only the output channels of its group.
  ///
  /// Axes: N pictures, C input channels, H × W pixels; O output channels, KH × KW taps. The shape is
  /// [N, C, H, W], the result's [N, O, OH, OW] with
  /// OH = (H − 1)·stride − 2·padding + dilation·(KH − 1) + 1 + outputPadding.
  ///
  /// d/dx is the convolution of the gradient with the filter, d/dfilter the convolution's filter gradient with
  /// both arguments exchanged, d/dbias the sum over N, OH and OW.
  ///
  /// - Parameters:
  ///   - filter: [C, O/groups, KH, KW]: that of the convolution which leads back.
  ///   - bias: [O], or `nil` for none.
  ///   - stride: Output pixels from one input pixel to the next, vertically and horizontally.
  ///   - padding: Rows and columns that are cut off around the result.
  ///   - outputPadding: Rows and columns added below and to the right of the result. Strided convolutions of
  ///     several sizes have one size; this says which of them is meant.
  ///   - dilation: Output pixels from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  /// - Precondition: The shapes agree, C is a multiple of `groups`, `outputPadding` is less than the stride, and
  ///   neither the pictures nor the results are empty.
  /// - Complexity: O(N · C · H · W · O/groups · KH · KW).
  public func transposedConv2D(
    _ filter: Tensor, bias: Tensor? = nil, stride: (Int, Int), padding: (Int, Int) = (0, 0),
    outputPadding: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1), groups: Int = 1
  ) -> Tensor {
    let geometry = ShapeCheck.transposedConvolution(
      "transposedConv2D", input: shape, filter: filter.shape, bias: bias?.shape,
      stride: [stride.0, stride.1],
      padding: [padding.0, padding.1], outputPadding: [outputPadding.0, outputPadding.1],
      dilation: [dilation.0, dilation.1], groups: groups)
    if isMapped || filter.isMapped || bias?.isMapped == true {
      return mappedConvolution(with: filter, bias: bias, groups: groups, applyingReLU: false) {
        $0.transposedConv2D(
          $1, bias: $2, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
          groups: $3)
      }
    }
    let result = convolutionInputGradient(filter, geometry, name: "transposedConv2D")
    return bias.map { result + $0.reshaped(to: [$0.count, 1, 1]) } ?? result
  }

  /// The transpose of a convolution, with the same figures in both directions.
  public func transposedConv2D(
    _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1
  ) -> Tensor {
    transposedConv2D(
      filter, bias: bias, stride: (stride, stride), padding: (padding, padding),
      outputPadding: (outputPadding, outputPadding), dilation: (dilation, dilation), groups: groups)
  }

  /// The transpose of ``conv1D(_:bias:stride:padding:dilation:groups:applyingReLU:)``, which lengthens sequences.
  ///
  /// y[n, o, i·stride + k·dilation − padding] is bias[o] plus the sum of filter[c, o, k] · x[n, c, i] over all c,
  /// i, k that lead there. With groups, input channel c reaches only the output channels of its group.
  ///
  /// Axes: N sequences, C input channels, L places; O output channels, K taps. The shape is [N, C, L], the
  /// result's [N, O, OL] with OL = (L − 1)·stride − 2·padding + dilation·(K − 1) + 1 + outputPadding.
  ///
  /// - Parameters:
  ///   - filter: [C, O/groups, K]: that of the convolution which leads back.
  ///   - bias: [O], or `nil` for none.
  ///   - stride: Output places from one input place to the next.
  ///   - padding: Places that are cut off at both ends of the result.
  ///   - outputPadding: Places added at the end of the result.
  ///   - dilation: Output places from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  /// - Precondition: The shapes agree, C is a multiple of `groups`, `outputPadding` is less than the stride, and
  ///   neither the sequences nor the results are empty.
  /// - Complexity: O(N · C · L · O/groups · K).
  public func transposedConv1D(
    _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1
  ) -> Tensor {
    let geometry = ShapeCheck.transposedConvolution(
      "transposedConv1D", input: shape, filter: filter.shape, bias: bias?.shape, stride: [stride],
      padding: [padding], outputPadding: [outputPadding], dilation: [dilation], groups: groups)
    if isMapped || filter.isMapped || bias?.isMapped == true {
      return expanded(axis: 2).transposedConv2D(
        filter.expanded(axis: 2), bias: bias, stride: (1, stride), padding: (0, padding),
        outputPadding: (0, outputPadding), dilation: (1, dilation), groups: groups
      ).squeezed(axes: [2])
    }
    let result = expanded(axis: 2)
      .convolutionInputGradient(filter.expanded(axis: 2), geometry, name: "transposedConv1D")
      .squeezed(axes: [2])
    return bias.map { result + $0.reshaped(to: [$0.count, 1]) } ?? result
  }
}

extension ShapeCheck {
  /// The geometry of the convolution whose transpose is meant: its output is the input here. The figures have one
  /// number for sequences, two for pictures, three for volumes.
  static func transposedConvolution(
    _ operation: String, input: Shape, filter: Shape, bias: Shape?, stride: [Int], padding: [Int],
    outputPadding: [Int], dilation: [Int], groups: Int
  ) -> ConvolutionGeometry {
    convolutionForms(operation, input: input, filter: filter, channels: "C, O/groups", axes: stride.count)
    require(input[1] == filter[0]) {
      "\(operation): the input \(input) has \(input[1]) channels, the filter \(filter) wants \(filter[0])"
    }
    require(groups >= 1 && input[1] % groups == 0) {
      "\(operation): \(groups) groups do not divide the \(input[1]) channels of the input \(input)"
    }
    let outputs = filter[1] * groups
    require(bias == nil || bias == [outputs]) {
      "\(operation): the bias \(bias!) is not [\(outputs)], one number for each output channel of \(filter) "
        + "in \(groups) groups"
    }
    windowFigures(
      operation, size: Array(input[2...]), window: Array(filter[2...]), stride: stride, padding: padding,
      dilation: dilation)
    require(zip(outputPadding, stride).allSatisfy { (0..<$1).contains($0) }) {
      "\(operation): the output padding \(figures(outputPadding)) is not from 0 to less than the stride "
        + figures(stride)
    }
    let axes = stride.indices.map {
      WindowAxis(
        places: input[2 + $0], window: filter[2 + $0], stride: stride[$0], padding: padding[$0],
        outputPadding: outputPadding[$0], dilation: dilation[$0])
    }
    require(input.dropFirst(2).allSatisfy { $0 >= 1 } && axes.allSatisfy { $0.size >= 1 }) {
      "\(operation): the input \(input) with the padding \(figures(padding)) leaves nothing of the result"
    }
    let geometry = ConvolutionGeometry(
      batch: input[0], inputChannels: outputs, outputChannels: input[1], groups: groups, axes: axes)
    // Before the work is planned, which takes as long as the result has rows and columns.
    memory(operation, for: geometry.inputShape.elementCount, of: Float.self)
    return geometry
  }
}
