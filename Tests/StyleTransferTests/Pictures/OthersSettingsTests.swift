import TestSupport
import Testing

@testable import StyleTransfer

/// Settings that another program has saved again in its own way.
@Suite("Picture: settings that others saved")
struct OthersSettingsTests {
  static let settings = #"{"command":"transfer","seed":1}"#
  /// The settings as zlib packs them (RFC 1950), in one stored block.
  static let packed: [UInt8] = stored(Array(settings.utf8))

  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    let lengths = [count, ~count].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    var (a, b) = (1, 0)
    for byte in bytes { (a, b) = ((a + Int(byte)) % 65521, (b + a + Int(byte)) % 65521) }
    return [0x78, 0x01, 1] + lengths + bytes + PNGAssembly.bigEndian(UInt32(b << 16 | a))
  }

  static let texts: [(name: String, chunk: [UInt8])] = [
    ("tEXt", PNGAssembly.chunk("tEXt", Array("impasto\0".utf8) + settings.utf8)),
    ("zTXt", PNGAssembly.chunk("zTXt", Array("impasto\0\0".utf8) + packed)),
    ("iTXt", PNGAssembly.chunk("iTXt", Array("impasto\0\0\0en\0Impasto\0".utf8) + settings.utf8)),
    ("packed iTXt", PNGAssembly.chunk("iTXt", Array("impasto\0\u{1}\0\0\0".utf8) + packed)),
    ("comment of a JPEG", PNGAssembly.chunk("tEXt", Array("Comment\0".utf8) + settings.utf8)),
    ("packed comment", PNGAssembly.chunk("zTXt", Array("comment\0\0".utf8) + packed)),
    ("EXIF", PNGAssembly.chunk("eXIf", ExifText.block(description: settings))),
  ]

  @Test("they are found in a PNG before and behind the pixels", arguments: texts.indices, ["IDAT", "IEND"])
  func inPNG(index: Int, place: String) throws {
    let file = try PictureFixtures.bytes("rgb8.png")
    let changed = PNGAssembly.inserting(Self.texts[index].chunk, before: place, in: file)
    #expect(try Picture.settings(in: changed, path: "z.png") == Self.settings, "\(Self.texts[index].name)")
  }

  @Test("a packed text that is damaged, or grows without end, is no text")
  func damagedText() throws {
    let file = try PictureFixtures.bytes("rgb8.png")
    let damaged: [[UInt8]] = [Array(Self.packed.dropLast(20)), [0x78, 1, 7, 7, 7, 7, 7, 7, 7]]
    for data in damaged {
      let chunk = PNGAssembly.chunk("zTXt", Array("impasto\0\0".utf8) + data)
      #expect(
        try Picture.settings(in: PNGAssembly.inserting(chunk, before: "IDAT", in: file), path: "z.png") == nil
      )
    }
  }

  @Test("comments of a JPEG may be cut anywhere and end with a zero", arguments: [1, 7, 30])
  func cutComments(length: Int) throws {
    let file = try PictureFixtures.bytes("jpeg_444.jpg")
    let bytes = Array(Self.settings.utf8) + [0]
    let pieces = stride(from: 0, to: bytes.count, by: length).flatMap {
      JPEGAssembly.segment(0xFE, Array(bytes[$0..<min($0 + length, bytes.count)]))
    }
    let others = JPEGAssembly.segment(0xFE, Array("CREATOR: someone".utf8))
    #expect(
      try Picture.settings(in: JPEGAssembly.inserting(others + pieces + others, in: file), path: "c.jpg")
        == Self.settings)
  }

  @Test("they are found as the description in a JPEG's EXIF")
  func inExif() throws {
    let file = try PictureFixtures.bytes("jpeg_444.jpg")
    let block = Array("Exif\0\0".utf8) + ExifText.block(description: Self.settings)
    #expect(
      try Picture.settings(
        in: JPEGAssembly.inserting(JPEGAssembly.segment(0xE1, block), in: file), path: "e.jpg")
        == Self.settings)
  }

  @Test("another program's text is not taken for settings")
  func others() throws {
    let file = try PictureFixtures.bytes("rgb8.png")
    let chunk = PNGAssembly.chunk("tEXt", Array("parameters\0{\"steps\": 20}".utf8))
    #expect(
      try Picture.settings(in: PNGAssembly.inserting(chunk, before: "IDAT", in: file), path: "o.png") == nil)
  }
}
