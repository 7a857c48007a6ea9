/// Which place of its window every maximum came from: all that the backward pass of max-pooling needs.
///
/// A choice is the place's number in the window, row by row. Choices are kept output row by output row, in the
/// order in which the output lies in memory. For a window of at most four places a row is two rows of bits, the
/// lower ones first; for a window of 2×2 they say "right" and "lower". Other windows take a byte or a word for each
/// choice.
struct WindowChoices: @unchecked Sendable {
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
