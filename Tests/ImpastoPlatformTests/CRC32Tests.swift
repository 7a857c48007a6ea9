import Testing

@testable import ImpastoPlatform

@Suite("CRC32")
struct CRC32Tests {
  private static func checksum(_ pieces: [[UInt8]]) -> UInt32 {
    var checksum = CRC32()
    for piece in pieces { piece.withUnsafeBytes { checksum.update($0) } }
    return checksum.value
  }

  @Test(
    "the published check value, and those of the PNG chunk IEND and of nothing",
    arguments: [("123456789", 0xcbf4_3926), ("IEND", 0xae42_6082), ("", 0)] as [(String, UInt32)])
  func vectors(text: String, expected: UInt32) {
    #expect(Self.checksum([Array(text.utf8)]) == expected)
  }

  @Test("the checksum does not depend on how the bytes are cut")
  func pieces() {
    let bytes = (0..<50).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let whole = Self.checksum([bytes])
    for first in 0...50 {
      #expect(Self.checksum([Array(bytes[..<first]), [], Array(bytes[first...])]) == whole)
    }
  }
}
