// Convolution and pooling of volumes, made of those of pictures and sequences.

extension Tensor where Scalar: TensorScalar {
  /// The cross-correlation of volumes with a filter, as convolution layers compute it.
  ///
  /// y[n, o, a, i, j] = bias[o] + Σ over c, m, k, l of filter[o, c, m, k, l] · x[n, c, a·stride + m·dilation − padding, …],
  /// where x is 0 outside the volume; rows and columns are those of `conv2D`. With groups, output channel o sees only the
  /// input channels of its group.
  ///
  /// Axes: N volumes, C input channels, D × H × W places; O output channels, KD × KH × KW taps. The shape is
  /// [N, C, D, H, W], the result's [N, O, OD, OH, OW] with OD = ⌊(D + 2·padding − dilation·(KD − 1) − 1) / stride⌋ + 1. The
  /// derivatives are those of `conv2D`, which it is made of: slices at the KD taps become channels of pictures.
  ///
  /// - Parameters:
  ///   - filter: [O, C/groups, KD, KH, KW].
  ///   - bias: [O], or `nil` for none.
  ///   - stride: Input places from one output place to the next, along D, H and W.
  ///   - padding: Slices, rows and columns of zeros around the volume.
  ///   - dilation: Input places from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  /// - Precondition: The shapes agree, C and O are multiples of `groups`, and the window fits into the padded volume.
  /// - Complexity: O(N · O · OD · OH · OW · C/groups · KD · KH · KW), with memory for KD/stride times the volume.
  public func conv3D(
    _ filter: Tensor, bias: Tensor? = nil, stride: (Int, Int, Int), padding: (Int, Int, Int) = (0, 0, 0),
    dilation: (Int, Int, Int) = (1, 1, 1), groups: Int = 1
  ) -> Tensor {
    ShapeCheck.require(rank == 5) { "conv3D: the input \(shape) is not of the form [N, C, D, H, W]" }
    ShapeCheck.require(filter.rank == 5) {
      "conv3D: the filter \(filter.shape) is not of the form [O, C/groups, KD, KH, KW]"
    }
    let (channels, taps) = (shape[1], filter.shape[2])
    ShapeCheck.require(groups >= 1 && channels % groups == 0 && filter.shape[0] % groups == 0) {
      "conv3D: \(groups) groups do not divide the \(channels) channels of the input \(shape) and the "
        + "\(filter.shape[0]) of the filter \(filter.shape)"
    }
    ShapeCheck.require(channels / groups == filter.shape[1]) {
      "conv3D: the input \(shape) has \(channels / groups) channels in a group, the filter \(filter.shape) wants "
        + "\(filter.shape[1])"
    }
    let depth = WindowAxis(
      size: shape[2], window: taps, stride: stride.0, padding: padding.0, dilation: dilation.0)
    ShapeCheck.window("conv3D", shape, [depth])
    let count = depth.outputSize
    let positions = (0..<count).flatMap { place in (0..<taps).map { place * stride.0 + $0 * dilation.0 } }
    let slices = padded([(padding.0, padding.0), (0, 0), (0, 0)])
    // [N, OD, C, KD, H, W]: a picture for each output slice, with KD channels for each channel.
    let pictures = slices.gathered(AxisPositions(positions, axis: 2, of: slices.shape))
      .reshaped(to: [shape[0], channels, count, taps, shape[3], shape[4]])
      .moved(2, to: 1)
      .reshaped(to: [shape[0] * count, channels * taps, shape[3], shape[4]])
    let kernel = filter.reshaped(
      to: [filter.shape[0], filter.shape[1] * taps, filter.shape[3], filter.shape[4]])
    let result = pictures.conv2D(
      kernel, bias: bias, stride: (stride.1, stride.2), padding: (padding.1, padding.2),
      dilation: (dilation.1, dilation.2), groups: groups)
    return result.reshaped(to: [shape[0], count] + result.shape[1...]).moved(1, to: 2)
  }

  /// The cross-correlation of volumes with a filter, with the same figures in all directions.
  public func conv3D(
    _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) -> Tensor {
    conv3D(
      filter, bias: bias, stride: (stride, stride, stride), padding: (padding, padding, padding),
      dilation: (dilation, dilation, dilation), groups: groups)
  }

  /// The largest number of every window of volumes: `maxPool2D` with a third direction.
  ///
  /// Axes: N volumes, C channels, D × H × W places. The shape is [N, C, D, H, W], the result's [N, C, OD, OH, OW]. NaN is
  /// larger than every number. d/dx is 1 at the place the maximum came from, the first of equals, else 0.
  ///
  /// - Parameters:
  ///   - window: Slices, rows and columns of the window.
  ///   - stride: Input places from one window to the next; `nil` for the window's size.
  ///   - padding: Slices, rows and columns around the volume, which do not count.
  ///   - dilation: Input places from one place of the window to the next.
  ///   - ceilMode: Whether the result's lengths are rounded up; see `maxPool2D`.
  /// - Precondition: The window fits into the padded volume, and the padding is at most half the window.
  public func maxPool3D(
    window: (Int, Int, Int), stride: (Int, Int, Int)? = nil, padding: (Int, Int, Int) = (0, 0, 0),
    dilation: (Int, Int, Int) = (1, 1, 1), ceilMode: Bool = false
  ) -> Tensor {
    let stride = stride ?? window
    // The largest of the slices' largest; and so the first of equals.
    return pooledBySlices("maxPool3D") {
      $0.maxPool2D(
        window: (window.1, window.2), stride: (stride.1, stride.2), padding: (padding.1, padding.2),
        dilation: (dilation.1, dilation.2), ceilMode: ceilMode)
    } depth: {
      $0.maxPool1D(
        window: window.0, stride: stride.0, padding: padding.0, dilation: dilation.0, ceilMode: ceilMode)
    }
  }

  /// The largest number of every window of volumes, with the same figures in all directions.
  public func maxPool3D(
    window: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) -> Tensor {
    maxPool3D(
      window: (window, window, window), stride: stride.map { ($0, $0, $0) },
      padding: (padding, padding, padding), dilation: (dilation, dilation, dilation), ceilMode: ceilMode)
  }

  /// The mean of every window of volumes: `averagePool2D` with a third direction.
  ///
  /// Axes: N volumes, C channels, D × H × W places. The shape is [N, C, D, H, W], the result's [N, C, OD, OH, OW]. d/dx is
  /// the gradient over the size of every window that covers x.
  ///
  /// - Parameters:
  ///   - window: Slices, rows and columns of the window.
  ///   - stride: Input places from one window to the next; `nil` for the window's size.
  ///   - padding: Slices, rows and columns of zeros around the volume.
  ///   - ceilMode: Whether the result's lengths are rounded up; see `averagePool2D`.
  ///   - countingPadding: Whether the zeros of the padding count in a mean.
  /// - Precondition: The window fits into the padded volume, and the padding is at most half the window.
  public func averagePool3D(
    window: (Int, Int, Int), stride: (Int, Int, Int)? = nil, padding: (Int, Int, Int) = (0, 0, 0),
    ceilMode: Bool = false, countingPadding: Bool = true
  ) -> Tensor {
    let stride = stride ?? window
    // A box's mean is the mean over its slices of their means, whatever the numbers that count: they are products.
    return pooledBySlices("averagePool3D") {
      $0.averagePool2D(
        window: (window.1, window.2), stride: (stride.1, stride.2), padding: (padding.1, padding.2),
        ceilMode: ceilMode, countingPadding: countingPadding)
    } depth: {
      $0.averagePool1D(
        window: window.0, stride: stride.0, padding: padding.0, ceilMode: ceilMode,
        countingPadding: countingPadding)
    }
  }

  /// The mean of every window of volumes, with the same figures in all directions.
  public func averagePool3D(
    window: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countingPadding: Bool = true
  ) -> Tensor {
    averagePool3D(
      window: (window, window, window), stride: stride.map { ($0, $0, $0) },
      padding: (padding, padding, padding), ceilMode: ceilMode, countingPadding: countingPadding)
  }

  /// [N, C, D, H, W] pooled as pictures [N, C·D, H, W], and the results along D as sequences.
  private func pooledBySlices(
    _ operation: String, pictures: (Tensor) -> Tensor, depth: (Tensor) -> Tensor
  ) -> Tensor {
    ShapeCheck.require(rank == 5) { "\(operation): the input \(shape) is not of the form [N, C, D, H, W]" }
    let flat = pictures(reshaped(to: [shape[0], shape[1] * shape[2], shape[3], shape[4]]))
    let (height, width) = (flat.shape[2], flat.shape[3])
    let lines = flat.reshaped(to: [shape[0], shape[1], shape[2], height, width]).moved(2, to: 4)
    let pooled = depth(lines.reshaped(to: [shape[0], shape[1] * height * width, shape[2]]))
    return pooled.reshaped(to: [shape[0], shape[1], height, width, pooled.shape[2]]).moved(4, to: 2)
  }

  /// x divided by what its neighbouring channels have, as in AlexNet: x / (k + α · mean of x² over `size` channels)ᵝ, the mean
  /// with zeros beyond the first and the last channel.
  ///
  /// Axes: N examples and C channels first, [N, C, …]. The window of channel c begins ⌊size/2⌋ before it. The derivatives
  /// are those of the parts.
  ///
  /// - Parameters:
  ///   - size: How many channels are seen; at least 1.
  ///   - alpha: α.
  ///   - beta: β.
  ///   - k: k.
  /// - Precondition: There are two axes at least.
  public func localResponseNormalized(
    size: Int, alpha: Scalar = 1e-4, beta: Scalar = 0.75, k: Scalar = 1
  ) -> Tensor {
    ShapeCheck.require(rank >= 2) {
      "localResponseNormalized: the shape \(shape) is not of the form [N, C, …]"
    }
    ShapeCheck.require(size >= 1) { "localResponseNormalized: the size \(size) is not at least 1" }
    if count == 0 { return self }
    let squares = square().reshaped(to: [shape[0], shape[1], -1]).transposed()
      .padded([(before: size / 2, after: (size - 1) / 2)])
    let means = squares.averagePool1D(window: size, stride: 1).transposed().reshaped(to: shape)
    return self / (k + alpha * means).pow(beta)
  }
}
