// The transposed convolution of volumes, made of that of pictures.

extension Tensor where Scalar: TensorScalar {
  /// The transpose of `conv3D`, which enlarges volumes: what that convolution's gradient does, as an operation of its own.
  ///
  /// y[n, o, a·stride + m·dilation − padding, …] is bias[o] plus the sum of filter[c, o, m, k, l] · x[n, c, a, i, j] over all
  /// that lead there; rows and columns are those of `transposedConv2D`. With groups, input channel c reaches only the
  /// output channels of its group.
  ///
  /// Axes: N volumes, C input channels, D × H × W places; O output channels, KD × KH × KW taps. The shape is
  /// [N, C, D, H, W], the result's [N, O, OD, OH, OW] with
  /// OD = (D − 1)·stride − 2·padding + dilation·(KD − 1) + 1 + outputPadding. The derivatives are those of
  /// `transposedConv2D`, which it is made of: each slice gives KD slices, and what meets is summed.
  ///
  /// - Parameters:
  ///   - filter: [C, O/groups, KD, KH, KW]: that of the convolution which leads back.
  ///   - bias: [O], or `nil` for none.
  ///   - stride: Output places from one input place to the next, along D, H and W.
  ///   - padding: Slices, rows and columns that are cut off around the result.
  ///   - outputPadding: Slices, rows and columns added behind, below and to the right of the result. Strided
  ///     convolutions of several sizes have one size; this says which of them is meant.
  ///   - dilation: Output places from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  /// - Precondition: The shapes agree, C is a multiple of `groups`, `outputPadding` is less than the stride, and
  ///   neither the volumes nor the results are empty.
  /// - Complexity: O(N · C · D · H · W · O/groups · KD · KH · KW), with memory for KD/stride times the result.
  public func transposedConv3D(
    _ filter: Tensor, bias: Tensor? = nil, stride: (Int, Int, Int), padding: (Int, Int, Int) = (0, 0, 0),
    outputPadding: (Int, Int, Int) = (0, 0, 0), dilation: (Int, Int, Int) = (1, 1, 1), groups: Int = 1
  ) -> Tensor {
    ShapeCheck.require(rank == 5) {
      "transposedConv3D: the input \(shape) is not of the form [N, C, D, H, W]"
    }
    ShapeCheck.require(filter.rank == 5) {
      "transposedConv3D: the filter \(filter.shape) is not of the form [C, O/groups, KD, KH, KW]"
    }
    let geometry = ShapeCheck.transposedConvolution(
      "transposedConv3D", input: shape, filter: filter.shape, bias: bias?.shape,
      stride: [stride.0, stride.1, stride.2], padding: [padding.0, padding.1, padding.2],
      outputPadding: [outputPadding.0, outputPadding.1, outputPadding.2],
      dilation: [dilation.0, dilation.1, dilation.2], groups: groups)
    let (count, depth, taps) = (shape[0], shape[2], filter.shape[2])
    let outputs = geometry.inputChannels
    // [N·D, O·KD, OH, OW]: the taps of each slice are channels beside those of the result.
    let kernel =
      filter
      .reshaped(to: [filter.shape[0], filter.shape[1] * taps, filter.shape[3], filter.shape[4]])
    let pictures = moved(2, to: 1).reshaped(to: [count * depth, shape[1], shape[3], shape[4]])
      .transposedConv2D(
        kernel, stride: (stride.1, stride.2), padding: (padding.1, padding.2),
        outputPadding: (outputPadding.1, outputPadding.2), dilation: (dilation.1, dilation.2), groups: groups)
    let (height, width) = (pictures.shape[2], pictures.shape[3])
    let slices = pictures.reshaped(to: [count, depth, outputs, taps, height, width])
      .moved(2, to: 1).reshaped(to: [count, outputs, depth * taps, height, width])
    let places = (0..<depth).flatMap { slice in
      (0..<taps).map { slice * stride.0 + $0 * dilation.0 }
    }
    let end = padding.0 + geometry.vertical.size
    let whole = Tensor.zeros([count, outputs, Swift.max(end, places[places.count - 1] + 1), height, width])
      .adding(slices, at: Tensor<Int64>(integers: places), axis: 2)
    let result = whole.sliced(padding.0..<end, axis: 2)
    return bias.map { result + $0.reshaped(to: [$0.count, 1, 1, 1]) } ?? result
  }

  /// The transpose of a convolution of volumes, with the same figures in all directions.
  public func transposedConv3D(
    _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1
  ) -> Tensor {
    transposedConv3D(
      filter, bias: bias, stride: (stride, stride, stride), padding: (padding, padding, padding),
      outputPadding: (outputPadding, outputPadding, outputPadding), dilation: (dilation, dilation, dilation),
      groups: groups)
  }
}
