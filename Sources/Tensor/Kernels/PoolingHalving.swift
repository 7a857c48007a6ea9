extension PoolingGeometry {
  /// Whether every 2×2 block of channels-last pixels becomes one, with channels in whole vectors. That is the
  /// pooling of the networks, and has loops of its own.
  var isHalving: Bool {
    isChannelsLast && channels % 16 == 0
      && [vertical, horizontal].allSatisfy { $0.window == 2 && $0.stride == 2 && $0.padding == 0 }
  }
}

extension Kernels {
  /// Max-pooling of 2×2 blocks, with or without the choices.
  static func halve<Scalar>(
    _ x: StridedArray<Scalar>, into result: StridedArray<Scalar>, _ geometry: PoolingGeometry,
    choices: WindowChoices?
  ) {
    let (r, p) = (result.pointer, x.pointer)
    withExtendedLifetime((result.storage, x.storage, choices?.storage)) {
      geometry.forEachOutputRow { row, plane, y in
        let top = p + (plane * geometry.vertical.size + 2 * y) * geometry.inputRow
        let bits = choices?.bits(row: row)
        RectifierKernels.best.pool(
          top, top + geometry.inputRow, channels: geometry.channels, windows: geometry.horizontal.outputSize,
          into: r + row * geometry.outputRow, right: bits?.low, lower: bits?.high)
      }
    }
  }

  /// The gradient of ``halve``: every number at the chosen place of its block, and 0 elsewhere.
  static func halvingGradient<Scalar>(
    _ gradient: StridedArray<Scalar>, into result: StridedArray<Scalar>, _ choices: WindowChoices
  ) {
    let geometry = choices.geometry
    let (r, p) = (result.pointer, gradient.pointer)
    let (height, width) = (geometry.vertical.size, geometry.horizontal.size)
    withExtendedLifetime((result.storage, gradient.storage, choices.storage)) {
      geometry.forEachOutputRow { row, plane, y in
        let top = r + (plane * height + 2 * y) * geometry.inputRow
        let bits = choices.bits(row: row)
        RectifierKernels.best.unpool(
          p + row * geometry.outputRow, right: bits.low, lower: bits.high, channels: geometry.channels,
          windows: geometry.horizontal.outputSize, into: top, top + geometry.inputRow)
        // The last column and row of an odd size are in no block.
        if width % 2 == 1 {
          for line in [top, top + geometry.inputRow] {
            (line + geometry.inputRow - geometry.channels).update(repeating: 0, count: geometry.channels)
          }
        }
        if height % 2 == 1, y == geometry.vertical.outputSize - 1 {
          (top + 2 * geometry.inputRow).update(repeating: 0, count: geometry.inputRow)
        }
      }
    }
  }
}
