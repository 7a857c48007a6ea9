extension Tensor where Scalar: TensorScalar {
  /// All windows of pictures as the columns of matrices (im2col): a convolution is a product with them.
  ///
  /// y[n, (c·KH + k)·KW + l, i·OW + j] = x[n, c, i·stride + k·dilation − padding, j·stride + l·dilation − padding],
  /// where x is 0 outside the picture. d/dx is the gradient `folded` with the same figures.
  ///
  /// ```swift
  /// let columns = x.unfolded(window: (3, 3), padding: (1, 1))
  /// filter.reshaped(to: [o, -1]).matrixProduct(columns)  // conv2D's numbers, as [N, O, OH·OW]
  /// ```
  ///
  /// Axes: N pictures, C channels, H × W pixels; KH × KW places in the window. The shape is [N, C, H, W], the
  /// result's [N, C·KH·KW, OH·OW] with OH = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1.
  ///
  /// - Parameters:
  ///   - window: Rows and columns of the window.
  ///   - stride: Input pixels from one window to the next, vertically and horizontally.
  ///   - padding: Rows and columns of zeros around the picture.
  ///   - dilation: Input pixels from one place of the window to the next.
  /// - Precondition: The window fits into the padded picture.
  public func unfolded(
    window: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1)
  ) -> Tensor {
    ShapeCheck.require(rank == 4) { "unfolded: the input \(shape) is not of the form [N, C, H, W]" }
    let windows = WindowPositions("unfolded", shape, window, stride, padding, dilation)
    if isMapped {
      return throughMergedBatch {
        $0.unfolded(window: window, stride: stride, padding: padding, dilation: dilation)
      }
    }
    let (rows, columns) = windows.borders
    // Many windows show a pixel: pictures are put in the result's order once, not for each of them.
    return padded([(rows, rows), (columns, columns)]).contiguous().cut(into: windows).reshaped(
      to: windows.matrixShape)
  }

  /// All windows of pictures as the columns of matrices, with the same figures in both directions.
  public func unfolded(window: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) -> Tensor {
    unfolded(
      window: (window, window), stride: (stride, stride), padding: (padding, padding),
      dilation: (dilation, dilation))
  }

  /// The sums of overlapping windows (col2im): the transpose of `unfolded`, which is its derivative in turn.
  ///
  /// Each window, a column of the matrices, is added to the place of the picture that unfolding takes it from;
  /// what falls on the padding is dropped.
  ///
  /// Axes: N pictures, C channels, H × W pixels; KH × KW places in the window, OH × OW windows. The shape is
  /// [N, C·KH·KW, OH·OW], the result's [N, C, H, W].
  ///
  /// - Parameters:
  ///   - size: H and W.
  ///   - window: Rows and columns of the window.
  ///   - stride: Pixels from one window to the next, vertically and horizontally.
  ///   - padding: Rows and columns around the picture on which windows may lie.
  ///   - dilation: Pixels from one place of the window to the next.
  /// - Precondition: The window fits into the padded picture, and the shape is what unfolding such a picture
  ///   gives.
  public func folded(
    to size: (Int, Int), window: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1)
  ) -> Tensor {
    ShapeCheck.require(rank == 3) { "folded: the input \(shape) is not of the form [N, C·KH·KW, OH·OW]" }
    ShapeCheck.require(size.0 >= 0 && size.1 >= 0) { "folded: no picture has the size \(size)" }
    ShapeCheck.windowFigures(
      "folded", size: [size.0, size.1], window: [window.0, window.1], stride: [stride.0, stride.1],
      padding: [padding.0, padding.1], dilation: [dilation.0, dilation.1])
    let places = window.0 * window.1
    ShapeCheck.require(shape[1] % places == 0) {
      "folded: the \(shape[1]) rows of \(shape) are not a multiple of the \(places) places in a window"
    }
    let windows = WindowPositions(
      "folded", [shape[0], shape[1] / places, size.0, size.1], window, stride, padding, dilation)
    ShapeCheck.require(shape == windows.matrixShape) {
      "folded: \(shape) is not \(windows.matrixShape), the windows of pictures of \(size.0) × \(size.1)"
    }
    if isMapped {
      return throughMergedBatch {
        $0.folded(to: size, window: window, stride: stride, padding: padding, dilation: dilation)
      }
    }
    let (rows, columns) = windows.borders
    return reshaped(to: windows.windowsShape).overlapped(windows)
      .sliced(rows..<rows + size.0, axis: 2).sliced(columns..<columns + size.1, axis: 3)
  }

  /// The sums of overlapping windows, with the same figures in both directions.
  public func folded(
    to size: (Int, Int), window: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1
  ) -> Tensor {
    folded(
      to: size, window: (window, window), stride: (stride, stride), padding: (padding, padding),
      dilation: (dilation, dilation))
  }
}

// MARK: - The rules

// Cutting into windows and adding them up again are transposes of each other.
extension Tensor where Scalar: TensorScalar {
  /// [N, C, H, W] with its padding as [N, C, KH, KW, OH, OW], without a copy.
  private func cut(into windows: WindowPositions) -> Tensor {
    record("unfolded", Tensor(Kernels.cut(array, into: windows)), (self, { g in g.overlapped(windows) }))
  }

  private func overlapped(_ windows: WindowPositions) -> Tensor {
    record("folded", Tensor(Kernels.overlap(array, windows)), (self, { h in h.cut(into: windows) }))
  }
}

extension WindowPositions {
  /// The windows of pictures of `shape` [N, C, H, W] after padding; traps when there are none.
  fileprivate init(
    _ operation: String, _ shape: Shape, _ window: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int),
    _ dilation: (Int, Int)
  ) {
    let axes = [(window.0, stride.0, padding.0, dilation.0), (window.1, stride.1, padding.1, dilation.1)]
      .enumerated().map {
        WindowAxis(
          size: shape[2 + $0], window: $1.0, stride: $1.1, padding: $1.2, dilation: $1.3)
      }
    ShapeCheck.window(operation, shape, axes)
    self.init(batch: shape[0], channels: shape[1], vertical: axes[0], horizontal: axes[1])
  }
}
