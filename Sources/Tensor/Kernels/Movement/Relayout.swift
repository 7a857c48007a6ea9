extension Layout {
  /// The dense strides of a [N, C, H, W] shape whose channels lie next to each other in memory.
  static func channelsLastStrides(_ shape: Shape) -> [Int] {
    let (channels, height, width) = (max(shape[1], 1), max(shape[2], 1), max(shape[3], 1))
    return [channels * height * width, 1, channels * width, channels]
  }

  /// Whether a [N, C, H, W] view is dense with its channels next to each other. Axes of length 1 may have any
  /// stride.
  var isChannelsLast: Bool {
    if shape.contains(0) { return true }
    let wanted = Self.channelsLastStrides(shape)
    return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == wanted[$0] }
  }
}

extension Kernels {
  /// The elements of a [N, C, H, W] array with channels last in memory; no copy when they lie so already.
  static func channelsLast<Scalar>(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    relaid(x, strides: Layout.channelsLastStrides(x.shape))
  }

  /// The elements with dense `strides`; no copy when they lie so already.
  static func relaid<Scalar>(_ x: StridedArray<Scalar>, strides: [Int]) -> StridedArray<Scalar> {
    if x.shape.indices.allSatisfy({ x.shape[$0] <= 1 || x.layout.strides[$0] == strides[$0] }) {
      let layout = Layout(shape: x.shape, strides: strides, offset: x.layout.offset)
      return StridedArray(storage: x.storage, layout: layout)
    }
    return copy(x, strides: strides)
  }

  /// The elements in a block of their own, with dense `strides`.
  static func copy<Scalar>(_ x: StridedArray<Scalar>, strides: [Int]) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: strides)
    copyInto(result, x)
    return result
  }

  /// Writes the elements of `x`, of equal shape, over `result`.
  static func copyInto<Scalar>(_ result: StridedArray<Scalar>, _ x: StridedArray<Scalar>) {
    let axes = tileAxes(from: x.layout, to: result.layout)
    // A copy asks for the elements' width alone; each width has one type that stands for all of it.
    switch MemoryLayout<Scalar>.size {
    case 1: copyLoop(result.assuming(UInt8.self), x.assuming(UInt8.self), axes)
    case 2: copyLoop(result.assuming(BFloat16.self), x.assuming(BFloat16.self), axes)
    case 4: copyLoop(result.assuming(Float.self), x.assuming(Float.self), axes)
    default: copyLoop(result.assuming(Double.self), x.assuming(Double.self), axes)
    }
  }

  /// The axes along which the target and the source are contiguous, when these are two different ones. A copy
  /// along either alone would touch a new cache line with every element of the other.
  private static func tileAxes(from source: Layout, to target: Layout) -> (target: Int, source: Int)? {
    let axes = target.shape.indices.filter { target.shape[$0] > 1 }
    // Windows are contiguous along two axes at once.
    guard let inner = axes.first(where: { target.strides[$0] == 1 }), source.strides[inner] != 1,
      let contiguous = axes.first(where: { source.strides[$0] == 1 })
    else { return nil }
    return (inner, contiguous)
  }
}

@specialized(where S == UInt8)
@specialized(where S == BFloat16)
@specialized(where S == Float)
@specialized(where S == Double)
private func copyLoop<S: TensorElement>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ tileAxes: (target: Int, source: Int)?
) {
  if let tileAxes { return tiledCopyLoop(result, x, tileAxes) }
  let (r, p) = (storageStart(result), storageStart(x))
  defer { withExtendedLifetime((result.storage, x.storage)) {} }
  forEachRow(of: result.layout, x.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (p, ps) = (p + start[1], step[1])
    if rs == 1, ps == 1 {
      r.update(from: p, count: count)
    } else {
      for i in 0..<count { r[i &* rs] = p[i &* ps] }
    }
  }
}

@specialized(where S == UInt8)
@specialized(where S == BFloat16)
@specialized(where S == Float)
@specialized(where S == Double)
private func tiledCopyLoop<S: TensorElement>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ axes: (target: Int, source: Int)
) {
  let (rows, columns) = (x.shape[axes.source], x.shape[axes.target])
  let rowStride = result.layout.strides[axes.source]
  let columnStride = x.layout.strides[axes.target]
  func outer(_ layout: Layout) -> Layout {
    let kept = layout.shape.indices.filter { $0 != axes.target && $0 != axes.source }
    return Layout(
      shape: kept.map { layout.shape[$0] }, strides: kept.map { layout.strides[$0] }, offset: layout.offset)
  }
  let loop = StridedLoop([outer(result.layout), outer(x.layout)])
  let tile = 16
  let transposeSquare =
    S.self == Float.self
    ? Processor.best.elements(Float.self).pointee.transpose_square
    : S.self == Double.self ? Processor.best.elements(Double.self).pointee.transpose_square : nil
  // Few columns, such as three colours, leave room in the cache for longer ones.
  let height = columns < tile ? tile * tile : tile
  let rowTiles = (rows + height - 1) / height
  let (r, p) = (storageStart(result), storageStart(x))
  let tilesAPiece = max(1, Kernels.elementGrain / (height * columns))
  withExtendedLifetime((result.storage, x.storage)) {
    Parallel.forEachRange(loop.runCount * loop.runLength * rowTiles, grain: tilesAPiece) { tiles in
      for index in tiles {
        let (plane, rowTile) = (index / rowTiles, index % rowTiles)
        let (run, step) = (plane / loop.runLength, plane % loop.runLength)
        loop.forEachRun(in: run..<run + 1) { offsets in
          let r = r + offsets[0] + step * loop.runStrides[0]
          let p = p + offsets[1] + step * loop.runStrides[1]
          let rowRange = rowTile * height..<min((rowTile + 1) * height, rows)
          if columns < tile {
            for column in 0..<columns {
              let source = p + column &* columnStride
              for row in rowRange { r[row &* rowStride &+ column] = source[row] }
            }
            return
          }
          for first in stride(from: 0, to: columns, by: tile) {
            if let transposeSquare, rowRange.count == tile, first + tile <= columns {
              transposeSquare(
                p + rowRange.lowerBound + first * columnStride, columnStride,
                r + rowRange.lowerBound * rowStride + first, rowStride)
              continue
            }
            for row in rowRange {
              for column in first..<min(first + tile, columns) {
                r[row &* rowStride &+ column] = p[row &+ column &* columnStride]
              }
            }
          }
        }
      }
    }
  }
}
