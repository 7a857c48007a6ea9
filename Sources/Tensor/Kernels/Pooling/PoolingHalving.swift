extension PoolingGeometry {
  /// Whether every 2×2 block of channels-last pixels becomes one, with channels in whole vectors. That is the
  /// pooling of the networks, and has loops of its own.
  var isHalving: Bool {
    isChannelsLast && channels % 16 == 0
      && [vertical, horizontal].allSatisfy {
        $0.window == 2 && $0.stride == 2 && $0.padding == 0 && $0.dilation == 1
          && $0.outputSize == $0.size / 2
      }
  }
}

extension Kernels {
  /// Max-pooling of 2×2 blocks, with or without the choices.
  static func halve<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, into result: StridedArray<Scalar>, _ geometry: PoolingGeometry,
    choices: WindowChoices?
  ) {
    let (r, p) = (result.pointer, x.pointer)
    let kernels = Processor.best.rectifiers(Scalar.self)
    withExtendedLifetime((result.storage, x.storage, choices?.storage)) {
      geometry.forEachOutputRow { row, plane, y in
        let top = p + (plane * geometry.vertical.size + 2 * y) * geometry.inputRow
        let bits = choices?.bits(row: row)
        kernels.pointee.pool(
          top, top + geometry.inputRow, geometry.channels, geometry.horizontal.outputSize,
          r + row * geometry.outputRow, bits?.low, bits?.high)
      }
    }
  }

  /// The gradient of ``halve``: every number at the chosen place of its block, and 0 elsewhere.
  static func halvingGradient<Scalar: TensorScalar>(
    _ gradient: StridedArray<Scalar>, into result: StridedArray<Scalar>, _ choices: WindowChoices
  ) {
    let geometry = choices.geometry
    let (r, p) = (result.pointer, gradient.pointer)
    let kernels = Processor.best.rectifiers(Scalar.self)
    withExtendedLifetime((result.storage, gradient.storage, choices.storage)) {
      geometry.forEachOutputRow { row, plane, y in
        let top = r + (plane * geometry.vertical.size + 2 * y) * geometry.inputRow
        let bits = choices.bits(row: row)
        kernels.pointee.unpool(
          p + row * geometry.outputRow, bits.low, bits.high, geometry.channels,
          geometry.horizontal.outputSize, top, top + geometry.inputRow)
        clearBeyondBlocks(of: y, top: top, geometry)
      }
    }
  }

  /// Average pooling of 2×2 blocks.
  static func halveByMean<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, into result: StridedArray<Scalar>, _ geometry: PoolingGeometry
  ) {
    let (r, p) = (result.pointer, x.pointer)
    let kernels = Processor.best.rectifiers(Scalar.self)
    withExtendedLifetime((result.storage, x.storage)) {
      geometry.forEachOutputRow { row, plane, y in
        let top = p + (plane * geometry.vertical.size + 2 * y) * geometry.inputRow
        kernels.pointee.average(
          top, top + geometry.inputRow, geometry.channels, geometry.horizontal.outputSize,
          r + row * geometry.outputRow)
      }
    }
  }

  /// The gradient of ``halveByMean``: a quarter of every number at all places of its block.
  static func meanHalvingGradient<Scalar: TensorScalar>(
    _ gradient: StridedArray<Scalar>, into result: StridedArray<Scalar>, _ geometry: PoolingGeometry
  ) {
    let (r, p) = (result.pointer, gradient.pointer)
    let kernels = Processor.best.rectifiers(Scalar.self)
    withExtendedLifetime((result.storage, gradient.storage)) {
      geometry.forEachOutputRow { row, plane, y in
        let top = r + (plane * geometry.vertical.size + 2 * y) * geometry.inputRow
        kernels.pointee.spread(
          p + row * geometry.outputRow, geometry.channels, geometry.horizontal.outputSize, top,
          top + geometry.inputRow)
        clearBeyondBlocks(of: y, top: top, geometry)
      }
    }
  }
}

/// Sets to 0 what of an odd picture is in no block: the end of the two rows at `top`, those of output row `y`, and
/// the row after the last of them.
@inline(__always)
private func clearBeyondBlocks<S: TensorScalar>(
  of y: Int, top: UnsafeMutablePointer<S>, _ geometry: PoolingGeometry
) {
  let row = geometry.inputRow
  if geometry.horizontal.size % 2 == 1 {
    for end in [top + row, top + 2 * row] {
      (end - geometry.channels).update(repeating: 0, count: geometry.channels)
    }
  }
  if geometry.vertical.size % 2 == 1, y == geometry.vertical.outputSize - 1 {
    (top + 2 * row).update(repeating: 0, count: row)
  }
}
