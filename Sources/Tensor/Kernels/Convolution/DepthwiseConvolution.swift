import CKernels

extension GatherPlan {
  /// Whether each channel has a filter of its own. For a few channels, which would leave vectors empty, products of
  /// matrices do as well.
  var isDepthwise: Bool { groups >= 4 && sourceChannels == groups && resultChannels == groups }
}

extension Kernels {
  /// A phase of a depthwise convolution, or of its gradient with respect to the input, into a result that is
  /// channels-last as the source is.
  static func depthwisePhase<Scalar: TensorScalar>(
    _ result: StridedArray<Scalar>, _ source: StridedArray<Scalar>, _ filter: StridedArray<Scalar>,
    bias: StridedArray<Scalar>?, _ plan: GatherPlan, _ phase: GatherPlan.Phase
  ) {
    let (vertical, horizontal) = (phase.vertical, phase.horizontal)
    let channels = plan.groups
    let (height, width) = (result.shape[2], result.shape[3])
    let taps = depthwiseTaps(filter, phase)
    let kernels = Processor.best.depthwise(Scalar.self)
    let work = horizontal.count * channels * max(vertical.taps.count * horizontal.taps.count, 1)
    withExtendedLifetime((result.storage, source.storage, taps.storage, bias?.storage)) {
      Parallel.forEachRange(plan.batch * vertical.count, grain: max(elementGrain / max(work, 1), 1)) { rows in
        forEachWindowRow(rows, vertical, horizontal, channels, source.pointer) { image, row, window in
          let y = image * height + vertical.origin + row * vertical.step
          kernels.pointee.convolve(
            window, taps.pointer, bias?.pointer,
            result.pointer + (y * width + horizontal.origin) * channels, horizontal.step * channels)
        }
      }
    }
  }

  /// The gradient of a depthwise convolution, whose forward plan is given, with respect to its filter. A piece of work is a few channels, which it
  /// sums over all pixels by itself, so that the sum does not depend on the threads.
  static func depthwiseFilterGradient<Scalar: TensorScalar>(
    _ result: StridedArray<Scalar>, _ input: StridedArray<Scalar>, _ gradient: StridedArray<Scalar>,
    _ plan: GatherPlan
  ) {
    let (vertical, horizontal) = (plan.phases[0].vertical, plan.phases[0].horizontal)
    let (channels, taps) = (plan.groups, vertical.taps.count * horizontal.taps.count)
    let kernels = Processor.best.depthwise(Scalar.self)
    let channelsAPiece = 16
    withExtendedLifetime((result.storage, input.storage, gradient.storage)) {
      Parallel.forEach((channels + channelsAPiece - 1) / channelsAPiece) { piece in
        let first = piece * channelsAPiece
        let count = min(channelsAPiece, channels - first)
        var sums = [Double](repeating: 0, count: taps * count)
        let rows = 0..<plan.batch * vertical.count
        forEachWindowRow(rows, vertical, horizontal, channels, input.pointer) { image, row, window in
          let slope = gradient.pointer + (image * vertical.count + row) * horizontal.count * channels
          kernels.pointee.filter_slope(window, slope, first, count, &sums)
        }
        for channel in 0..<count {
          for tap in 0..<taps {
            result.pointer[(first + channel) * taps + tap] = Scalar(sums[tap * count + channel])
          }
        }
      }
    }
  }

  /// The filter with the taps of a phase: [rows of taps, columns of taps, channels].
  private static func depthwiseTaps<Scalar: TensorScalar>(
    _ filter: StridedArray<Scalar>, _ phase: GatherPlan.Phase
  ) -> StridedArray<Scalar> {
    let (rows, columns, channels) = (phase.vertical.taps, phase.horizontal.taps, filter.shape[0])
    let taps = StridedArray<Scalar>(uninitialized: [rows.count, columns.count, channels])
    let strides = filter.layout.strides
    withExtendedLifetime((taps.storage, filter.storage)) {
      var target = taps.pointer
      for row in rows {
        for column in columns {
          let corner = filter.pointer + row * strides[2] + column * strides[3]
          for channel in 0..<channels { target[channel] = corner[channel * strides[0]] }
          target += channels
        }
      }
    }
    return taps
  }

  /// Calls `body` with the image, the row within it and the taps' places, for rows that are counted over all images.
  @inline(__always)
  private static func forEachWindowRow<Scalar: TensorScalar>(
    _ rows: Range<Int>, _ vertical: GatherAxis, _ horizontal: GatherAxis, _ channels: Int,
    _ source: UnsafeMutablePointer<Scalar>, _ body: (_ image: Int, _ row: Int, ckernels_window_row) -> Void
  ) {
    let rowLength = horizontal.sourceSize * channels
    var tapRows = [UnsafeRawPointer?](repeating: nil, count: vertical.offsets.count)
    horizontal.offsets.withUnsafeBufferPointer { offsets in
      for index in rows {
        let (image, row) = index.quotientAndRemainder(dividingBy: vertical.count)
        for (tap, offset) in vertical.offsets.enumerated() {
          let y = row * vertical.scale + offset
          tapRows[tap] =
            y >= 0 && y < vertical.sourceSize
            ? UnsafeRawPointer(source + (image * vertical.sourceSize + y) * rowLength) : nil
        }
        tapRows.withUnsafeBufferPointer { tapRows in
          body(
            image, row,
            ckernels_window_row(
              rows: tapRows.baseAddress, row_taps: tapRows.count, offsets: offsets.baseAddress,
              column_taps: offsets.count, scale: horizontal.scale, width: horizontal.sourceSize,
              count: horizontal.count, channels: channels))
        }
      }
    }
  }
}
