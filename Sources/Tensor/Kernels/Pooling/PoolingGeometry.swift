/// The sizes of a pooling and how its arrays lie in memory.
///
/// Pictures are walked as planes of rows of pixels of `inner` neighbouring numbers: channels-last, a plane is a
/// picture and a pixel holds all channels; row-major, a plane is a channel and a pixel one number. So one loop
/// serves both.
struct PoolingGeometry: Sendable {
  let batch: Int
  let channels: Int
  let vertical: WindowAxis
  let horizontal: WindowAxis
  let isChannelsLast: Bool

  var planes: Int { isChannelsLast ? batch : batch * channels }
  var inner: Int { isChannelsLast ? channels : 1 }
  var inputShape: Shape { [batch, channels, vertical.size, horizontal.size] }
  var outputShape: Shape { [batch, channels, vertical.outputSize, horizontal.outputSize] }
  var inputRow: Int { horizontal.size * inner }
  var outputRow: Int { horizontal.outputSize * inner }
  var taps: Int { vertical.window * horizontal.window }
  var hasPadding: Bool { vertical.padding > 0 || horizontal.padding > 0 }

  fileprivate func strides(_ shape: Shape) -> [Int] {
    isChannelsLast ? Layout.channelsLastStrides(shape) : shape.rowMajorStrides
  }

  func input<S>(_ x: StridedArray<S>) -> StridedArray<S> { Kernels.relaid(x, strides: strides(inputShape)) }
  func output<S>(_ y: StridedArray<S>) -> StridedArray<S> { Kernels.relaid(y, strides: strides(outputShape)) }
  func newInput<S>() -> StridedArray<S> {
    StridedArray(uninitialized: inputShape, strides: strides(inputShape))
  }
  func newOutput<S>() -> StridedArray<S> {
    StridedArray(uninitialized: outputShape, strides: strides(outputShape))
  }

  /// Calls `body` for every row of every output plane with its index, and for the input row 0 of its plane.
  @inline(__always)
  func forEachOutputRow(_ body: (_ row: Int, _ plane: Int, _ y: Int) -> Void) {
    let height = vertical.outputSize
    Parallel.forEachRange(planes * height, grain: max(1, Kernels.elementGrain / max(taps * outputRow, 1))) {
      rows in
      for row in rows { body(row, row / height, row % height) }
    }
  }

  /// Calls `body` for every row of every input plane.
  @inline(__always)
  func forEachInputRow(_ body: (_ row: Int, _ plane: Int, _ y: Int) -> Void) {
    let height = vertical.size
    Parallel.forEachRange(planes * height, grain: max(1, Kernels.elementGrain / max(inputRow, 1))) { rows in
      for row in rows { body(row, row / height, row % height) }
    }
  }

  /// The rows of the window that lie on the picture for output row `y`, each with its input row.
  @inline(__always)
  func forEachTapRow(ofOutput y: Int, _ body: (_ tapRow: Int, _ inputRow: Int) -> Void) {
    for tap in 0..<vertical.window {
      let row = y * vertical.stride + vertical.offset(ofTap: tap)
      if row >= 0, row < vertical.size { body(tap, row) }
    }
  }

  /// The rows of the window that see input row `y`, each with its output row.
  @inline(__always)
  func forEachTapRow(ofInput y: Int, _ body: (_ tapRow: Int, _ outputRow: Int) -> Void) {
    for tap in 0..<vertical.window {
      let distance = y - vertical.offset(ofTap: tap)
      if distance >= 0, distance % vertical.stride == 0, distance / vertical.stride < vertical.outputSize {
        body(tap, distance / vertical.stride)
      }
    }
  }

  /// Calls `body` for every pair of numbers of an output row and of the input row under column `tap` of the
  /// window.
  @inline(__always)
  func forEachPair(tapColumn tap: Int, _ body: (_ output: Int, _ input: Int) -> Void) {
    let range = horizontal.outputs(withTapInside: tap)
    let (step, offset, inner) = (horizontal.stride, horizontal.offset(ofTap: tap), inner)
    if inner == 1 {
      for x in range { body(x, x &* step &+ offset) }
      return
    }
    for x in range {
      let (output, input) = (x &* inner, (x &* step &+ offset) &* inner)
      for c in 0..<inner { body(output &+ c, input &+ c) }
    }
  }
}

extension PoolingGeometry {
  /// The pooling of pictures [N, C, H, W] that lie as `layout` says. With one axis they are sequences: they have
  /// one row.
  init(_ layout: Layout, _ axes: [WindowAxis]) {
    self.init(
      batch: layout.shape[0], channels: layout.shape[1],
      vertical: axes.count == 1 ? .ofOneRow : axes[0], horizontal: axes[axes.count - 1],
      isChannelsLast: layout.isChannelsLast && layout.shape[1] > 1)
  }
}
