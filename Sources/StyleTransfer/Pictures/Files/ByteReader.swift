/// Fields of a file one after the other, none beyond its end.
struct ByteReader {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var remaining: Int { bytes.count - position }

  /// - Throws: ``DecodingFault`` where the file ends.
  mutating func byte() throws -> UInt8 {
    guard position < bytes.count else { throw DecodingFault.cut }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next byte, which stays the next.
  func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func little(_ size: Int) throws -> Int {
    var value = 0
    for index in 0..<size { value |= Int(try byte()) << (8 * index) }
    return value
  }

  mutating func skip(_ count: Int) throws {
    guard count >= 0, count <= remaining else { throw DecodingFault.cut }
    position += count
  }

  mutating func move(to position: Int) throws {
    guard position >= 0, position <= bytes.count else { throw DecodingFault.cut }
    self.position = position
  }
}

extension DecodingFault {
  static var cut: DecodingFault { DecodingFault("the file ends too early") }
}
