/// Which place of its window every maximum came from: all that the backward pass of max-pooling needs.
///
/// A choice is the place's number in the window, row by row. Choices are kept output row by output row, in the
/// order in which the output lies in memory. For a window of at most four places a row is two rows of bits, the
/// lower ones first; for a window of 2×2 they say "right" and "lower". Other windows take a byte or a word for each
/// choice.
package struct WindowChoices: @unchecked Sendable {
  let geometry: PoolingGeometry
  let storage: Storage
  let width: Width
  private let rowBytes: Int

  enum Width: Int {
    case pair = 2
    case byte = 8
    case word = 32

    init(places: Int) { self = places <= 4 ? .pair : places <= 256 ? .byte : .word }
  }

  init(_ geometry: PoolingGeometry) {
    self.geometry = geometry
    width = Width(places: geometry.taps)
    rowBytes = width == .pair ? (geometry.outputRow + 7) / 8 * 2 : geometry.outputRow * width.rawValue / 8
    storage = Storage(byteCount: geometry.planes * geometry.vertical.outputSize * rowBytes)
  }

  /// The choices of some output rows of one channels-last picture in windows of 2×2, for an input of `height` rows
  /// that begins with the first of these windows.
  package func rows(_ rows: Range<Int>, ofInputRows height: Int) -> WindowChoices {
    precondition(
      geometry.isHalving && geometry.batch == 1 && height / 2 == rows.count, "these are no windows of 2×2")
    let vertical = WindowAxis(size: height, window: 2, stride: 2, padding: 0)
    let part = WindowChoices(
      PoolingGeometry(
        batch: 1, channels: geometry.channels, vertical: vertical, horizontal: geometry.horizontal,
        isChannelsLast: true))
    withExtendedLifetime((storage, part.storage)) {
      part.storage.bytes.copyMemory(
        from: storage.bytes + rows.lowerBound * rowBytes, byteCount: rows.count * rowBytes)
    }
    return part
  }

  /// The choices of bands of rows, one after the other.
  package static func joined(_ bands: [WindowChoices]) -> WindowChoices {
    if bands.count == 1 { return bands[0] }
    let geometry = bands[0].geometry
    let count = bands.reduce(0) { $0 + $1.geometry.vertical.outputSize }
    let whole = WindowChoices(
      PoolingGeometry(
        batch: 1, channels: geometry.channels,
        vertical: WindowAxis(size: 2 * count, window: 2, stride: 2, padding: 0),
        horizontal: geometry.horizontal, isChannelsLast: true))
    var place = 0
    for band in bands {
      let byteCount = band.geometry.vertical.outputSize * band.rowBytes
      withExtendedLifetime((whole.storage, band.storage)) {
        (whole.storage.bytes + place).copyMemory(from: band.storage.bytes, byteCount: byteCount)
      }
      place += byteCount
    }
    return whole
  }

  /// The two rows of bits of output row `row`.
  func bits(row: Int) -> (low: UnsafeMutablePointer<UInt8>, high: UnsafeMutablePointer<UInt8>) {
    let low = (storage.bytes + row * rowBytes).assumingMemoryBound(to: UInt8.self)
    return (low, low + rowBytes / 2)
  }

  /// Calls `body` with memory for the choices of output row `row`, then packs them.
  @inline(__always)
  func write<Code: FixedWidthInteger>(
    row: Int, _: Code.Type, _ body: (UnsafeMutablePointer<Code>) -> Void
  ) {
    guard width == .pair else {
      return body((storage.bytes + row * rowBytes).assumingMemoryBound(to: Code.self))
    }
    let (low, high) = bits(row: row)
    withUnsafeTemporaryAllocation(of: Code.self, capacity: rowBytes * 4) { codes in
      let codes = codes.baseAddress!
      for index in geometry.outputRow..<rowBytes * 4 { codes[index] = 0 }
      body(codes)
      for byte in 0..<rowBytes / 2 {
        var pair: (low: Code, high: Code) = (0, 0)
        for bit in 0..<8 {
          let code = codes[byte &* 8 &+ bit]
          pair.low |= (code & 1) &<< Code(truncatingIfNeeded: bit)
          pair.high |= (code &>> 1) &<< Code(truncatingIfNeeded: bit)
        }
        (low[byte], high[byte]) = (UInt8(truncatingIfNeeded: pair.low), UInt8(truncatingIfNeeded: pair.high))
      }
    }
  }

  /// Calls `body` with the choices of output row `row`, unpacked.
  @inline(__always)
  func read<Code: FixedWidthInteger>(row: Int, _: Code.Type, _ body: (UnsafePointer<Code>) -> Void) {
    guard width == .pair else {
      return body((storage.bytes + row * rowBytes).assumingMemoryBound(to: Code.self))
    }
    let (low, high) = bits(row: row)
    withUnsafeTemporaryAllocation(of: Code.self, capacity: rowBytes * 4) { codes in
      let codes = codes.baseAddress!
      for byte in 0..<rowBytes / 2 {
        let pair = (low: Code(truncatingIfNeeded: low[byte]), high: Code(truncatingIfNeeded: high[byte]))
        for bit in 0..<8 {
          let shift = Code(truncatingIfNeeded: bit)
          codes[byte &* 8 &+ bit] = pair.low &>> shift & 1 | (pair.high &>> shift & 1) &<< 1
        }
      }
      body(codes)
    }
  }
}
