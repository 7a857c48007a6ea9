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
    if tapRow <= Self.narrowTapRow { return gatherNarrow(pixels, from: source, into: target) }
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

  /// Taps of so few numbers that a call for each would take longer than copying them does.
  private static let narrowTapRow = 64

  /// The same tap by tap, along a whole row of pixels at a time.
  @inline(__always)
  private func gatherNarrow<S: TensorScalar>(
    _ pixels: Range<Int>, from source: UnsafePointer<S>, into target: UnsafeMutablePointer<S>
  ) {
    let columns = vertical.offsets.count * horizontal.offsets.count * channels
    var target = target
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (row, first) = (pixel / horizontal.count, pixel % horizontal.count)
      let length = min(horizontal.count - first, pixels.upperBound - pixel)
      var column = target
      for offset in vertical.offsets {
        let y = row * vertical.scale + offset
        let isInside = y >= 0 && y < vertical.sourceSize
        for offset in horizontal.offsets {
          // Result positions whose tap lies inside, from `first` on.
          let start = first * horizontal.scale + offset
          let (scale, width) = (horizontal.scale, horizontal.sourceSize)
          let lower = isInside ? min(max((scale - 1 - start) / scale, 0), length) : length
          let upper = isInside ? max(min((width - start + scale - 1) / scale, length), lower) : length
          zero(0..<lower, column, columns)
          if lower < upper {
            let from = source + (y * width + start) * pixelStride
            copy(lower..<upper, from, step: scale * pixelStride, into: column, columns)
          }
          zero(upper..<length, column, columns)
          column += channels
        }
      }
      target += length * columns
      pixel += length
    }
  }

  @inline(__always)
  private func zero<S: TensorScalar>(
    _ pixels: Range<Int>, _ column: UnsafeMutablePointer<S>, _ columns: Int
  ) {
    for pixel in pixels {
      for channel in 0..<channels { column[pixel &* columns &+ channel] = 0 }
    }
  }

  @inline(__always)
  private func copy<S: TensorScalar>(
    _ pixels: Range<Int>, _ source: UnsafePointer<S>, step: Int, into column: UnsafeMutablePointer<S>,
    _ columns: Int
  ) {
    if channels == 1 {
      for pixel in pixels { column[pixel &* columns] = source[pixel &* step] }
      return
    }
    let wide = channels & ~3
    for pixel in pixels {
      let from = UnsafeRawPointer(source + pixel &* step)
      let to = UnsafeMutableRawPointer(column + pixel &* columns)
      for channel in stride(from: 0, to: wide, by: 4) {
        let offset = channel &* MemoryLayout<S>.stride
        to.storeBytes(
          of: from.loadUnaligned(fromByteOffset: offset, as: SIMD4<S>.self), toByteOffset: offset,
          as: SIMD4<S>.self)
      }
      for channel in wide..<channels {
        column[pixel &* columns &+ channel] = source[pixel &* step &+ channel]
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
