extension Tensor where Scalar: TensorScalar {
  /// The largest number of every window: y[n, c, i, j] = max over k, l of x[n, c, i·stride + k·dilation − padding,
  /// j·stride + l·dilation − padding], where places on the padding do not count.
  ///
  /// Axes: N pictures, C channels, H × W pixels. The shape is [N, C, H, W], the result's [N, C, OH, OW] with
  /// OH = ⌊(H + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1. NaN is larger than every number.
  ///
  /// d/dx is 1 at the place the maximum came from, the first of equals, else 0. The backward pass keeps that
  /// choice alone: two bits for a window of up to four places.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of the window.
  ///   - stride: Input pixels from one window to the next, vertically and horizontally; `nil` for the window's
  ///     size.
  ///   - padding: Rows and columns around the picture.
  ///   - dilation: Input pixels from one place of the window to the next.
  ///   - ceilMode: Whether OH is rounded up, so that what the last window leaves has a window of its own. A window that
  ///     would begin behind the picture is left out.
  /// - Precondition: The window fits into the padded picture, and the padding is at most half the window.
  public func maxPool2D(
    window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1), ceilMode: Bool = false
  ) -> Tensor {
    let stride = stride ?? window
    return maxPooled(
      ShapeCheck.pooling(
        "maxPool2D", shape, window: [window.0, window.1], stride: [stride.0, stride.1],
        padding: [padding.0, padding.1], dilation: [dilation.0, dilation.1], ceilMode))
  }

  /// The largest number of every window, with the same figures in both directions.
  public func maxPool2D(
    window: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) -> Tensor {
    maxPool2D(
      window: (window, window), stride: stride.map { ($0, $0) }, padding: (padding, padding),
      dilation: (dilation, dilation), ceilMode: ceilMode)
  }

  /// The mean of every window: y[n, c, i, j] = 1/(KH·KW) Σ over k, l of x[n, c, i·stride + k − padding,
  /// j·stride + l − padding], where x is 0 on the padding and the whole window counts.
  ///
  /// Axes: N pictures, C channels, H × W pixels, KH × KW places in the window. The shape is [N, C, H, W], the
  /// result's [N, C, OH, OW] with OH = ⌊(H + 2·padding − KH) / stride⌋ + 1. d/dx = 1/(KH·KW) for every window
  /// that covers x; the backward pass keeps nothing.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of the window.
  ///   - stride: Input pixels from one window to the next, vertically and horizontally; `nil` for the window's
  ///     size.
  ///   - padding: Rows and columns of zeros around the picture.
  ///   - ceilMode: Whether OH is rounded up; see `maxPool2D`. What lies behind the padding is not counted.
  ///   - countingPadding: Whether the zeros of the padding count in a mean. Otherwise it is that of the places on the
  ///     picture alone.
  /// - Precondition: The window fits into the padded picture, and the padding is at most half the window.
  public func averagePool2D(
    window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0), ceilMode: Bool = false,
    countingPadding: Bool = true
  ) -> Tensor {
    let stride = stride ?? window
    return averagePooled(
      ShapeCheck.pooling(
        "averagePool2D", shape, window: [window.0, window.1], stride: [stride.0, stride.1],
        padding: [padding.0, padding.1], dilation: [1, 1], ceilMode), countingPadding)
  }

  /// The mean of every window, with the same figures in both directions.
  public func averagePool2D(
    window: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countingPadding: Bool = true
  ) -> Tensor {
    averagePool2D(
      window: (window, window), stride: stride.map { ($0, $0) }, padding: (padding, padding),
      ceilMode: ceilMode, countingPadding: countingPadding)
  }

  /// The largest number of every window: y[n, c, i] = max over k of x[n, c, i·stride + k·dilation − padding], where
  /// places on the padding do not count.
  ///
  /// Axes: N sequences, C channels, L places. The shape is [N, C, L], the result's [N, C, OL] with
  /// OL = ⌊(L + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1. NaN is larger than every number. d/dx is 1 at the place the
  /// maximum came from, the first of equals, else 0.
  ///
  /// - Parameters:
  ///   - window: Places in the window.
  ///   - stride: Input places from one window to the next; `nil` for the window's length.
  ///   - padding: Places before and after the sequence.
  ///   - dilation: Input places from one place of the window to the next.
  ///   - ceilMode: Whether OL is rounded up; see `maxPool2D`.
  /// - Precondition: The window fits into the padded sequence, and the padding is at most half the window.
  public func maxPool1D(
    window: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) -> Tensor {
    let axes = ShapeCheck.pooling(
      "maxPool1D", shape, window: [window], stride: [stride ?? window], padding: [padding],
      dilation: [dilation], ceilMode)
    return expanded(axis: 2).maxPooled(axes).squeezed(axes: [2])
  }

  /// The mean of every window: y[n, c, i] = 1/K Σ over k of x[n, c, i·stride + k − padding], where x is 0 on the
  /// padding and the whole window counts.
  ///
  /// Axes: N sequences, C channels, L places, K places in the window. The shape is [N, C, L], the result's
  /// [N, C, OL] with OL = ⌊(L + 2·padding − K) / stride⌋ + 1. d/dx = 1/K for every window that covers x.
  ///
  /// - Parameters:
  ///   - window: Places in the window.
  ///   - stride: Input places from one window to the next; `nil` for the window's length.
  ///   - padding: Zeros before and after the sequence.
  ///   - ceilMode: Whether OL is rounded up; see `averagePool2D`.
  ///   - countingPadding: Whether the zeros of the padding count in a mean.
  /// - Precondition: The window fits into the padded sequence, and the padding is at most half the window.
  public func averagePool1D(
    window: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countingPadding: Bool = true
  ) -> Tensor {
    let axes = ShapeCheck.pooling(
      "averagePool1D", shape, window: [window], stride: [stride ?? window], padding: [padding],
      dilation: [1], ceilMode)
    return expanded(axis: 2).averagePooled(axes, countingPadding).squeezed(axes: [2])
  }
}

// MARK: - The rules

// Both poolings are linear once the choices are made, and each is followed by its transpose: a gradient's gradient
// is the pooling again, by the same choices.
extension Tensor where Scalar: TensorScalar {
  /// Max-pooling of pictures [N, C, H, W]; with one axis, of pictures of one row.
  func maxPooled(_ axes: [WindowAxis]) -> Tensor {
    if isMapped { return throughMergedBatch { $0.maxPooled(axes) } }
    let geometry = PoolingGeometry(array.layout, axes)
    guard isTracked else { return Tensor(Kernels.maxPool(array, geometry)) }
    let (value, choices) = Kernels.maxPoolWithChoices(array, geometry)
    return record(
      "maxPool2D", Tensor(value), (self, { g in g.scattered(by: choices) }),
      pushing: { $0.gathered(by: choices) })
  }

  package func scattered(by choices: WindowChoices) -> Tensor {
    record(
      "maxPool2D's gradient", Tensor(Kernels.scatterChoices(array, choices)),
      (self, { h in h.gathered(by: choices) }), pushing: { $0.scattered(by: choices) })
  }

  private func gathered(by choices: WindowChoices) -> Tensor {
    record(
      "maxPool2D's choice", Tensor(Kernels.gatherChoices(array, choices)),
      (self, { g in g.scattered(by: choices) }), pushing: { $0.gathered(by: choices) })
  }

  /// The means of windows of pictures [N, C, H, W], with one axis of pictures of one row: the sums over a whole window,
  /// and where fewer places count, as much more.
  private func averagePooled(_ axes: [WindowAxis], _ countingPadding: Bool) -> Tensor {
    if isMapped { return throughMergedBatch { $0.averagePooled(axes, countingPadding) } }
    let means = averagePooled(PoolingGeometry(array.layout, axes))
    if axes.allSatisfy({ !$0.ceils && (countingPadding || $0.padding == 0) }) { return means }
    let factors = axes.map { axis in
      Tensor(
        (0..<axis.outputSize).map { output in
          Scalar(axis.window) / Scalar(axis.countedPlaces(at: output, countingPadding))
        })
    }
    return axes.count == 1 ? means * factors[0] : means * (factors[0].expanded(axis: 1) * factors[1])
  }

  private func averagePooled(_ geometry: PoolingGeometry) -> Tensor {
    record(
      "averagePool2D", Tensor(Kernels.averagePool(array, geometry)),
      (self, { g in g.averageSpread(geometry) }), pushing: { $0.averagePooled(geometry) })
  }

  private func averageSpread(_ geometry: PoolingGeometry) -> Tensor {
    record(
      "averagePool2D's gradient", Tensor(Kernels.averagePoolGradient(array, geometry)),
      (self, { h in h.averagePooled(geometry) }), pushing: { $0.averageSpread(geometry) })
  }
}

// MARK: - Windows of 2×2, of some rows

extension Tensor where Scalar: TensorScalar {
  /// Max-pooling in windows of 2×2, and which places were chosen; not tracked.
  package func halvedWithChoices() -> (Tensor, WindowChoices) {
    let (value, choices) = Kernels.maxPoolWithChoices(array, Self.halving(array.layout))
    return (Tensor(value), choices)
  }

  /// The gradient of average pooling in windows of 2×2 with respect to an input of `height` × `width` pixels.
  package func meanHalvingGradient(height: Int, width: Int) -> Tensor {
    let shape = [shape[0], shape[1], height, width]
    let strides = array.layout.isChannelsLast ? Layout.channelsLastStrides(shape) : shape.rowMajorStrides
    return Tensor(
      Kernels.averagePoolGradient(array, Self.halving(Layout(shape: shape, strides: strides))))
  }

  private static func halving(_ layout: Layout) -> PoolingGeometry {
    PoolingGeometry(
      layout, (2...3).map { WindowAxis(size: layout.shape[$0], window: 2, stride: 2, padding: 0) })
  }
}

extension ShapeCheck {
  /// The axes of a pooling; its figures have one number for sequences, two for pictures.
  fileprivate static func pooling(
    _ operation: String, _ shape: Shape, window: [Int], stride: [Int], padding: [Int], dilation: [Int],
    _ ceilMode: Bool
  ) -> [WindowAxis] {
    require(shape.count == 2 + window.count) {
      "\(operation): the input \(shape) is not of the form [N, C, \(window.count == 2 ? "H, W" : "L")]"
    }
    let axes = window.indices.map {
      WindowAxis(
        size: shape[2 + $0], window: window[$0], stride: stride[$0], padding: padding[$0],
        dilation: dilation[$0], ceils: ceilMode)
    }
    ShapeCheck.window(operation, shape, axes)
    require(zip(padding, window).allSatisfy { 2 * $0 <= $1 }) {
      "\(operation): the padding \(figures(padding)) is more than half the window \(figures(window))"
    }
    return axes
  }
}

extension WindowAxis {
  /// How many places of the window at `output` count in a mean: those on the input, or on the padded input.
  fileprivate func countedPlaces(at output: Int, _ countingPadding: Bool) -> Int {
    let start = output * stride - padding
    let (first, end) = countingPadding ? (-padding, size + padding) : (0, size)
    return min(start + window, end) - max(start, first)
  }
}
