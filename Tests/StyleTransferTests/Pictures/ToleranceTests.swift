import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture: tolerance where pixels are whole")
struct ToleranceTests {
  static let jpegs = [
    "jpeg_444.jpg", "jpeg_420.jpg", "jpeg_progressive.jpg", "jpeg_restarts.jpg", "jpeg_cmyk.jpg",
  ]

  @Test(
    "a JPEG without its end mark, or with something else in its place, is decoded as with it",
    arguments: jpegs,
    [
      [], [0xFF], [0, 0], Array("telemetry".utf8), [0xFF, 0x12, 0, 0], [0xFF, 0xC0, 0, 2, 9],
      [0xFF, 0xFF, 0xFF],
    ] as [[UInt8]])
  func endOfJPEG(name: String, tail: [UInt8]) throws {
    let bytes = try PictureFixtures.bytes(name)
    #expect(bytes.suffix(2) == [0xFF, 0xD9])
    let changed = Array(bytes.dropLast(2)) + tail
    #expect(try Picture(decoding: changed, path: name) == Picture(decoding: bytes, path: name))
  }

  @Test("a progressive JPEG that ends between two scans is an error that says so")
  func missingScans() throws {
    let bytes = try PictureFixtures.bytes("jpeg_progressive.jpg")
    let scans = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
    #expect(scans.count > 5)
    for scan in scans.dropFirst() {
      // The tables of a scan stand before it.
      let table = bytes[..<scan].indices.last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4 } ?? scan
      for end in [table, scan] {
        let error = pictureError { _ = try Picture(decoding: Array(bytes[..<end]), path: "cut.jpg") }
        #expect(error?.kind == .badData, "cut at \(end)")
      }
    }
  }

  @Test("a JPEG whose coded data is changed to a marker in the middle is an error")
  func markerInside() throws {
    var bytes = try PictureFixtures.bytes("jpeg_444.jpg")
    let middle = bytes.count - 200
    bytes.replaceSubrange(middle..<middle + 2, with: [0xFF, 0x12])
    #expect(pictureError { _ = try Picture(decoding: bytes, path: "broken.jpg") }?.kind == .badData)
  }

  @Test(
    "a PNG's chunk that no pixel comes from may be damaged",
    arguments: ["tEXt", "zTXt", "iTXt", "tIME", "pHYs", "gAMA", "iCCP", "eXIf", "caNv"])
  func damagedChunk(kind: String) throws {
    let bytes = try PictureFixtures.bytes("rgb8.png")
    var chunk = PNGAssembly.chunk(kind, Array("impasto\0\0{}".utf8))
    chunk[chunk.count - 2] ^= 0x40
    let changed = PNGAssembly.inserting(chunk, before: "IDAT", in: bytes)
    #expect(try Picture(decoding: changed, path: kind) == Picture(decoding: bytes, path: "whole"))
  }

  @Test("a PNG that breaks off behind its pixels is whole", arguments: ["", "tEXt"])
  func endOfPNG(kind: String) throws {
    let bytes = try PictureFixtures.bytes("rgb8_interlaced.png")
    let tail = kind.isEmpty ? [] : PNGAssembly.chunk(kind, [UInt8](repeating: 65, count: 40))
    let changed = Array(bytes.dropLast(12)) + tail
    for end in bytes.count - 12...changed.count {
      #expect(
        try Picture(decoding: Array(changed[..<end]), path: "cut") == Picture(decoding: bytes, path: "whole"))
    }
  }

  @Test("a damaged tRNS, which pixels come from, is an error")
  func damagedTransparency() throws {
    var bytes = try PictureFixtures.bytes("palette4_alpha.png")
    let start = PNGAssembly.chunkStarts(bytes).first { PNGAssembly.kind(of: bytes, at: $0) == "tRNS" }!
    bytes[start + 9] ^= 1
    let error = pictureError { _ = try Picture(decoding: bytes, path: "key.png") }
    #expect(error?.description.contains("tRNS: CRC error") == true)
  }
}
