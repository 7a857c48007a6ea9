/// Copies the taps of result pixels into the rows of a matrix (im2col), zeros where a tap lies on the padding.
struct Im2col {
  let vertical: GatherAxis
  let horizontal: GatherAxis
  /// From one source pixel to the next: all channels of the source.
  let pixelStride: Int
  /// How many channels of a source pixel are copied: those of a group.
  let channels: Int
  /// Whether the taps of a window's row lie next to each other in the source and are copied as one run.
  private let tapsAreAdjacent: Bool

  init(vertical: GatherAxis, horizontal: GatherAxis, pixelStride: Int, channels: Int) {
    self.vertical = vertical
    self.horizontal = horizontal
    self.pixelStride = pixelStride
    self.channels = channels
    let offsets = horizontal.offsets
    tapsAreAdjacent =
      channels == pixelStride && zip(offsets, offsets.dropFirst()).allSatisfy { $0 + 1 == $1 }
  }

  /// Fills one row of `target` for each pixel of `pixels`: the taps row by row, the channels within a tap.
  @inline(__always)
  func gather<S: TensorScalar>(
    _ pixels: Range<Int>, from source: UnsafePointer<S>, into target: UnsafeMutablePointer<S>
  ) {
    let tapRow = horizontal.offsets.count * channels
    var target = target
    for pixel in pixels {
      let top = pixel / horizontal.count * vertical.scale
      let left = pixel % horizontal.count * horizontal.scale
      for offset in vertical.offsets {
        let y = top + offset
        if y < 0 || y >= vertical.sourceSize {
          target.update(repeating: 0, count: tapRow)
        } else {
          gatherRow(left, from: source + y * horizontal.sourceSize * pixelStride, into: target)
        }
        target += tapRow
      }
    }
  }

  @inline(__always)
  private func gatherRow<S: TensorScalar>(
    _ left: Int, from row: UnsafePointer<S>, into target: UnsafeMutablePointer<S>
  ) {
    let width = horizontal.sourceSize
    if tapsAreAdjacent, let first = horizontal.offsets.first {
      let start = left + first
      let taps = horizontal.offsets.count
      let before = min(max(-start, 0), taps)
      let inside = max(min(start + taps, width) - max(start, 0), 0)
      target.update(repeating: 0, count: before * channels)
      (target + before * channels).update(from: row + max(start, 0) * channels, count: inside * channels)
      (target + (before + inside) * channels).update(repeating: 0, count: (taps - before - inside) * channels)
      return
    }
    var target = target
    for offset in horizontal.offsets {
      let x = left + offset
      if x < 0 || x >= width {
        target.update(repeating: 0, count: channels)
      } else {
        target.update(from: row + x * pixelStride, count: channels)
      }
      target += channels
    }
  }
}
