extension Tensor {
  /// The largest number of every window: y[n, c, i, j] = max over k, l of x[n, c, i·stride + k − padding,
  /// j·stride + l − padding], where places on the padding do not count.
  ///
  /// Axes: N pictures, C channels, H × W pixels. The shape is [N, C, H, W], the result's [N, C, OH, OW] with
  /// OH = ⌊(H + 2·padding − window) / stride⌋ + 1. NaN is larger than every number.
  ///
  /// d/dx is 1 at the place the maximum came from, the first of equals, else 0. The backward pass keeps that
  /// choice alone: two bits for a window of up to four places.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of the window.
  ///   - stride: Input pixels from one window to the next, vertically and horizontally; `nil` for the window's
  ///     size.
  ///   - padding: Rows and columns around the picture.
  /// - Precondition: The window fits into the padded picture, and the padding is at most half the window.
  public func maxPool2D(
    window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0)
  ) -> Tensor {
    let geometry = ShapeCheck.pooling("maxPool2D", array.layout, window, stride ?? window, padding)
    guard isTracked else { return Tensor(Kernels.maxPool(array, geometry)) }
    let (value, choices) = Kernels.maxPoolWithChoices(array, geometry)
    return record("maxPool2D", Tensor(value), (self, { g in g.scattered(by: choices) }))
  }

  /// The largest number of every window, with the same figures in both directions.
  public func maxPool2D(window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
    maxPool2D(window: (window, window), stride: stride.map { ($0, $0) }, padding: (padding, padding))
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
  /// - Precondition: The window fits into the padded picture, and the padding is at most half the window.
  public func averagePool2D(
    window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0)
  ) -> Tensor {
    averagePooled(ShapeCheck.pooling("averagePool2D", array.layout, window, stride ?? window, padding))
  }

  /// The mean of every window, with the same figures in both directions.
  public func averagePool2D(window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
    averagePool2D(window: (window, window), stride: stride.map { ($0, $0) }, padding: (padding, padding))
  }
}

// MARK: - The rules

// Both poolings are linear once the choices are made, and each is followed by its transpose: a gradient's gradient
// is the pooling again, by the same choices.
extension Tensor {
  private func scattered(by choices: WindowChoices) -> Tensor {
    record(
      "maxPool2D's gradient", Tensor(Kernels.scatterChoices(array, choices)),
      (self, { h in h.gathered(by: choices) }))
  }

  private func gathered(by choices: WindowChoices) -> Tensor {
    record(
      "maxPool2D's choice", Tensor(Kernels.gatherChoices(array, choices)),
      (self, { g in g.scattered(by: choices) }))
  }

  private func averagePooled(_ geometry: PoolingGeometry) -> Tensor {
    record(
      "averagePool2D", Tensor(Kernels.averagePool(array, geometry)),
      (self, { g in g.averageSpread(geometry) }))
  }

  private func averageSpread(_ geometry: PoolingGeometry) -> Tensor {
    record(
      "averagePool2D's gradient", Tensor(Kernels.averagePoolGradient(array, geometry)),
      (self, { h in h.averagePooled(geometry) }))
  }
}

extension ShapeCheck {
  fileprivate static func pooling(
    _ operation: String, _ layout: Layout, _ window: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int)
  ) -> PoolingGeometry {
    let shape = layout.shape
    require(shape.count == 4) { "\(operation): the input \(shape) is not of the form [N, C, H, W]" }
    let vertical = WindowAxis(size: shape[2], window: window.0, stride: stride.0, padding: padding.0)
    let horizontal = WindowAxis(size: shape[3], window: window.1, stride: stride.1, padding: padding.1)
    ShapeCheck.window(operation, shape, vertical: vertical, horizontal: horizontal)
    require(2 * padding.0 <= window.0 && 2 * padding.1 <= window.1) {
      "\(operation): the padding \(padding) is more than half the window \(window)"
    }
    return PoolingGeometry(
      batch: shape[0], channels: shape[1], vertical: vertical, horizontal: horizontal,
      isChannelsLast: layout.isChannelsLast && shape[1] > 1)
  }
}
