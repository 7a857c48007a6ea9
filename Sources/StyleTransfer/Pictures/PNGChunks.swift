import ImpastoPlatform
import Tensor

/// The chunks of a PNG up to IEND, in order.
///
/// Stops without an error where the bytes end or make no sense; whether the file is whole is for the pixel
/// reader to say.
struct PNGChunks: Sequence, IteratorProtocol {
  struct Chunk {
    /// Four letters.
    let kind: String
    let data: ArraySlice<UInt8>
    fileprivate let kindAndData: ArraySlice<UInt8>
    fileprivate let declaredChecksum: UInt32

    /// Whether the chunk's checksum is that of its bytes.
    ///
    /// - Complexity: linear in the chunk's length.
    var isIntact: Bool { checksum(kindAndData) == declaredChecksum }
  }

  private let bytes: [UInt8]
  private var position = 8

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Chunk? {
    guard bytes.count - position >= 12 else { return nil }
    let length = Int(bigEndian(at: position))
    guard length <= bytes.count - position - 12 else { return nil }
    let start = position + 4
    let end = start + 4 + length
    let kind = String(decoding: bytes[start..<start + 4], as: UTF8.self)
    position = kind == "IEND" ? bytes.count : end + 4
    return Chunk(
      kind: kind, data: bytes[start + 4..<end], kindAndData: bytes[start..<end],
      declaredChecksum: bigEndian(at: end))
  }

  private func bigEndian(at index: Int) -> UInt32 {
    bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A chunk as it stands in a file: length, kind, data and checksum.
  ///
  /// - Precondition: `kind` has four bytes, and the data is shorter than 2³¹ bytes.
  static func encoded(_ kind: String, _ data: some Collection<UInt8>) -> [UInt8] {
    precondition(kind.utf8.count == 4, "PNGChunks: '\(kind)' does not have four letters")
    precondition(data.count <= Int32.max, "PNGChunks: \(data.count) bytes do not fit in a chunk")
    var bytes = bigEndian(UInt32(data.count))
    bytes.reserveCapacity(data.count + 12)
    bytes += kind.utf8
    bytes += data
    return bytes + bigEndian(checksum(bytes[4...]))
  }

  /// An integer as PNG stores it, the most significant byte first.
  static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}

private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var checksum = CRC32()
  bytes.withUnsafeBytes { checksum.update($0) }
  return checksum.value
}
