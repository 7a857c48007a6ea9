import ImpastoPlatform

/// A cursor over a part of a file that cannot leave it: every read is checked against the end first, and a short
/// file is an error that says where.
struct ByteReader {
  let file: MappedFile
  /// The offset in the file of the next byte.
  private(set) var position: Int
  /// The offset behind the last byte that may be read.
  let end: Int

  /// - Precondition: `range` lies within the file.
  init(_ file: MappedFile, _ range: Range<Int>? = nil) {
    let range = range ?? 0..<file.bytes.count
    precondition(range.lowerBound >= 0 && range.upperBound <= file.bytes.count)
    self.file = file
    position = range.lowerBound
    end = range.upperBound
  }

  var remaining: Int { end - position }

  /// The next byte without moving on.
  var next: UInt8? { position < end ? file.bytes[position] : nil }

  mutating func byte(_ what: @autoclosure () -> String) throws -> UInt8 {
    guard position < end else { throw endsEarly(1, what()) }
    defer { position += 1 }
    return file.bytes[position]
  }

  /// The next bytes as a little-endian integer.
  mutating func integer<Number: FixedWidthInteger>(
    _: Number.Type, _ what: @autoclosure () -> String
  ) throws -> Number {
    let range = try skip(MemoryLayout<Number>.size, what())
    return Number(littleEndian: file.bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
  }

  /// The next `count` bytes as UTF-8.
  mutating func text(_ count: some BinaryInteger, _ what: @autoclosure () -> String) throws -> String {
    let range = try skip(count, what())
    guard let text = String(validating: file.bytes[range], as: UTF8.self) else {
      throw file.malformed(at: range.lowerBound, "\(what()) is not valid UTF-8")
    }
    return text
  }

  /// Moves over `count` bytes and returns their offsets.
  @discardableResult
  mutating func skip(_ count: some BinaryInteger, _ what: @autoclosure () -> String) throws -> Range<Int> {
    guard count >= 0, count <= remaining else { throw endsEarly(count, what()) }
    defer { position += Int(count) }
    return position..<position + Int(count)
  }

  /// Whether nothing is left but the end of a line, which an editor or a transfer may have added.
  var isAtLineEnd: Bool {
    remaining <= 2 && file.bytes[position..<end].allSatisfy { $0 == 10 || $0 == 13 }
  }

  private func endsEarly(_ count: some BinaryInteger, _ what: String) -> SerializationError {
    file.malformed(
      at: position, "\(what) needs \(count) bytes where \(remaining) are left",
      remedy: "the file is damaged or was not copied whole; get it again")
  }
}
