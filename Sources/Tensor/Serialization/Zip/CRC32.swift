/// The CRC-32 of a stream of bytes, as zip archives and PNG pictures define it.
package struct CRC32 {
  private var remainder: UInt32 = .max

  package init() {}

  /// Takes in more bytes.
  ///
  /// - Complexity: O(n) for n bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var remainder = remainder
    Self.table.withUnsafeBufferPointer { table in
      for byte in bytes {
        remainder = remainder >> 8 ^ table[Int(truncatingIfNeeded: remainder & 0xff ^ UInt32(byte))]
      }
    }
    self.remainder = remainder
  }

  /// The checksum of all bytes taken in.
  package var value: UInt32 { ~remainder }

  /// What a byte does to the remainder.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xedb8_8320) }
  }
}
