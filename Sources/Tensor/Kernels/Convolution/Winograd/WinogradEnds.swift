/// Where a pass reads: pixels of `channels` floats, and beside them, perhaps, bits that switch channels off.
struct WinogradSource {
  let pixels: UnsafePointer<Float>
  let channels: Int
  let bits: UnsafePointer<UInt8>?

  var paddedChannels: Int { WinogradPanels.padded(channels) }

  /// The floats of scratch that `transform` needs.
  var scratchSize: Int { paddedChannels * (isInGroups ? 1 : WinogradBasis.frequencies) }

  private var isInGroups: Bool { channels == paddedChannels }

  /// Transforms tile after tile of `tiles` into the rows of the planes at `target`, piece after piece of the channels, in
  /// the precision of the kernels.
  func transform(
    _ tiles: Range<Int>, of grid: WinogradGrid, into target: UnsafeMutableRawPointer,
    _ planes: WinogradPlanes,
    scratch: UnsafeMutablePointer<Float>, kernels: WinogradKernels
  ) {
    scratch.update(repeating: 0, count: scratchSize)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: WinogradBasis.frequencies) {
      patch in
      withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: WinogradBasis.frequencies) {
        masks in
        for tile in tiles {
          if isInGroups {
            locate(tile, of: grid, outside: scratch, patch, masks)
          } else {
            copy(tile, of: grid, to: scratch, patch)
          }
          let row = target + (tile - tiles.lowerBound) * planes.rowByteCount
          var first = 0
          while true {
            let channels = min(planes.rowStride, paddedChannels - first)
            kernels.pointee.transform_input(
              patch.baseAddress!, isInGroups && bits != nil ? UnsafePointer(masks.baseAddress!) : nil,
              channels, row + first / planes.rowStride * planes.pieceByteCount, planes.planeStride)
            first += channels
            if first == paddedChannels { break }
            for position in patch.indices {
              patch[position]! += channels
              if isInGroups, bits != nil { masks[position]! += channels / 8 }
            }
          }
        }
      }
    }
  }

  /// Points at the patch's pixels where they are; pixels outside the picture are the zeros at `outside`.
  @inline(__always)
  private func locate(
    _ tile: Int, of grid: WinogradGrid, outside: UnsafeMutablePointer<Float>,
    _ patch: UnsafeMutableBufferPointer<UnsafePointer<Float>?>,
    _ masks: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>
  ) {
    let noBits = UnsafeRawPointer(outside).assumingMemoryBound(to: UInt8.self)
    grid.forEachInputPixel(ofTile: tile) { position, pixel in
      patch[position] = pixel.map { pixels + $0 * channels } ?? UnsafePointer(outside)
      if let bits { masks[position] = pixel.map { bits + $0 * channels / 8 } ?? noBits }
    }
  }

  /// Copies the patch's pixels to where they have whole groups of channels; what is added stays 0.
  private func copy(
    _ tile: Int, of grid: WinogradGrid, to scratch: UnsafeMutablePointer<Float>,
    _ patch: UnsafeMutableBufferPointer<UnsafePointer<Float>?>
  ) {
    grid.forEachInputPixel(ofTile: tile) { position, pixel in
      let target = scratch + position * paddedChannels
      patch[position] = UnsafePointer(target)
      guard let pixel else { return target.update(repeating: 0, count: channels) }
      let first = pixel * channels
      for channel in 0..<channels {
        let element = first + channel
        let isActive = bits.map { $0[element >> 3] >> (element & 7) & 1 == 1 } ?? true
        target[channel] = isActive ? pixels[element] : 0
      }
    }
  }
}

/// Where a pass writes, and what it does to a value before it does.
struct WinogradTarget {
  let pixels: UnsafeMutablePointer<Float>
  let channels: Int
  let bias: UnsafePointer<Float>?
  let relu: Bool
  let bits: UnsafeMutablePointer<UInt8>?
  /// Whether the output goes past the caches: it is too large to be there still when it is read, and a line that
  /// is written whole need not be read before.
  let streams: Bool

  /// From this size on outputs are streamed.
  private static let streamedBytes = 12 << 20

  init(
    pixels: UnsafeMutablePointer<Float>, pixelCount: Int, channels: Int, bias: UnsafePointer<Float>?,
    relu: Bool, bits: UnsafeMutablePointer<UInt8>?
  ) {
    (self.pixels, self.channels, self.bias, self.relu, self.bits) = (pixels, channels, bias, relu, bits)
    streams =
      pixelCount * channels * MemoryLayout<Float>.stride >= Self.streamedBytes
      && channels % WinogradPanels.group == 0 && UInt(bitPattern: pixels) % 64 == 0
  }

  /// The floats of scratch that `write` needs.
  static let scratchSize = (WinogradBasis.outputs * WinogradBasis.outputs + 1) * WinogradPanels.width

  /// Writes the channels `range`, one panel, of `tiles` from the rows of the planes at `source`.
  func write(
    _ tiles: Range<Int>, of grid: WinogradGrid, channels range: Range<Int>, from source: UnsafePointer<Float>,
    _ planes: WinogradPlanes, scratch: UnsafeMutablePointer<Float>, kernels: WinogradKernels
  ) {
    let paddedCount = WinogradPanels.padded(range.count)
    let isInGroups = channels % WinogradPanels.group == 0
    let pixelCount = WinogradBasis.outputs * WinogradBasis.outputs
    var bias = self.bias.map { $0 + range.lowerBound }
    if let given = bias, !isInGroups {
      let padded = scratch + pixelCount * WinogradPanels.width
      padded.update(repeating: 0, count: paddedCount)
      padded.update(from: given, count: range.count)
      bias = UnsafePointer(padded)
    }
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>?.self, capacity: pixelCount) { tilePixels in
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<UInt8>?.self, capacity: pixelCount) { tileBits in
        for tile in tiles {
          locate(tile, of: grid, channel: range.lowerBound, scratch: scratch, tilePixels, tileBits)
          kernels.pointee.transform_output(
            source + (tile - tiles.lowerBound) * planes.rowStride, planes.planeStride, paddedCount, bias,
            relu,
            streams, UnsafePointer(tilePixels.baseAddress!),
            bits == nil ? nil : UnsafePointer(tileBits.baseAddress!))
          if !isInGroups { copyOut(tile, of: grid, channels: range, from: tilePixels) }
        }
      }
    }
  }

  /// Points at the tile's pixels in the picture. What lies outside goes to scratch, and all does where the channels
  /// are no whole groups.
  @inline(__always)
  private func locate(
    _ tile: Int, of grid: WinogradGrid, channel: Int, scratch: UnsafeMutablePointer<Float>,
    _ tilePixels: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>,
    _ tileBits: UnsafeMutableBufferPointer<UnsafeMutablePointer<UInt8>?>
  ) {
    let isInGroups = channels % WinogradPanels.group == 0
    grid.forEachOutputPixel(ofTile: tile) { position, pixel in
      let aside = scratch + position * WinogradPanels.width
      guard let pixel, isInGroups else {
        tilePixels[position] = aside
        tileBits[position] = UnsafeMutableRawPointer(aside).assumingMemoryBound(to: UInt8.self)
        return
      }
      tilePixels[position] = pixels + pixel * channels + channel
      if let bits { tileBits[position] = bits + (pixel * channels + channel) / 8 }
    }
  }

  private func copyOut(
    _ tile: Int, of grid: WinogradGrid, channels range: Range<Int>,
    from tilePixels: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>
  ) {
    grid.forEachOutputPixel(ofTile: tile) { position, pixel in
      guard let pixel else { return }
      (pixels + pixel * channels + range.lowerBound).update(from: tilePixels[position]!, count: range.count)
    }
  }
}
