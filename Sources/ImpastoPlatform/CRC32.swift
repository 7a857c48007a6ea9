/// The CRC-32 of a stream of bytes, as zip archives and PNG pictures define it.
package struct CRC32 {
  private var remainder: UInt32 = .max

  package init() {}

  /// Takes in more bytes.
  ///
  /// Eight at a time, whose effects are looked up independently of each other (Kounavis and Berry's "slicing-by-8",
  /// 2005): one by one, each look-up would wait for the last.
  ///
  /// - Complexity: O(n) for n bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var remainder = remainder
    Self.tables.withUnsafeBufferPointer { tables in
      let whole = bytes.count & ~7
      for start in stride(from: 0, to: whole, by: 8) {
        let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        let changed = eight ^ UInt64(remainder)
        remainder = 0
        for place in 0..<8 {
          let byte = Int(truncatingIfNeeded: changed >> UInt64(8 * place) & 0xff)
          remainder ^= tables[(7 - place) << 8 | byte]
        }
      }
      for byte in bytes[whole...] {
        remainder = remainder >> 8 ^ tables[Int(truncatingIfNeeded: remainder & 0xff ^ UInt32(byte))]
      }
    }
    self.remainder = remainder
  }

  /// The checksum of all bytes taken in.
  package var value: UInt32 { ~remainder }

  /// What a byte does to the remainder when 0 to 7 zeros follow it: 256 numbers for each.
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xedb8_8320) }
    }
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      tables.append(before >> 8 ^ tables[Int(before & 0xff)])
    }
    return tables
  }()
}
