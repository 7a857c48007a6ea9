import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture: bad input")
struct DamagedPictureTests {
  static let whole = [
    "rgb8.png", "rgb8_interlaced.png", "grey1.png", "rgb16_alpha.png", "palette4_alpha.png",
    "jpeg_444.jpg", "jpeg_420.jpg", "jpeg_progressive.jpg", "jpeg_restarts.jpg", "jpeg_grey.jpg",
    "jpeg_cmyk.jpg",
  ]

  @Test(
    "a file cut anywhere before the end of its pixels is an error that says it is damaged", arguments: whole)
  func cut(file: String) throws {
    let bytes = try PictureFixtures.bytes(file)
    let picture = try Picture(decoding: bytes, path: file)
    // What comes behind the pixels: an end mark of 12 bytes in a PNG, of two in a JPEG.
    let end = bytes.count - (file.hasSuffix(".png") ? 12 : 2)
    for length in end..<bytes.count {
      #expect(
        try Picture(decoding: Array(bytes[..<length]), path: file) == picture,
        "cut to \(length) of \(bytes.count)")
    }
    for length in 16..<end {
      // The last bits of a JPEG may be none of a pixel's.
      if file.hasSuffix(".jpg"), (try? Picture(decoding: Array(bytes[..<length]), path: file)) == picture {
        #expect(length >= end - 1)
        continue
      }
      let error = pictureError { _ = try Picture(decoding: Array(bytes[..<length]), path: file) }
      guard case .damaged(path: file, format: _, reason: let reason) = error, !reason.isEmpty else {
        Issue.record("cut to \(length) of \(bytes.count): \(String(describing: error))")
        return
      }
    }
  }

  @Test("a large photograph cut at ten places is an error", arguments: ["castle", "kitten"])
  func cutPhotograph(name: String) throws {
    let bytes = try PictureFixtures.bytes("../../../Examples/Images/\(name).jpg")
    for tenth in 0..<10 {
      let part = Array(bytes[..<(bytes.count * (2 * tenth + 1) / 20)])
      let error = pictureError { _ = try Picture(decoding: part, path: name) }
      #expect(error?.kind == .badData, "cut to \(part.count) of \(bytes.count)")
    }
  }

  @Test(
    "a wrong checksum of a chunk that pixels come from is an error",
    arguments: ["palette4_alpha.png", "rgb8.png"])
  func wrongChecksum(file: String) throws {
    let text = PNGAssembly.chunk("tEXt", Array("a\0b".utf8))
    let bytes = PNGAssembly.inserting(text, before: "IDAT", in: try PictureFixtures.bytes(file))
    for start in PNGAssembly.chunkStarts(bytes) {
      var damaged = bytes
      let length = damaged[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      damaged[start + 8 + length] ^= 1
      let kind = PNGAssembly.kind(of: bytes, at: start)
      if ["tEXt", "IEND"].contains(kind) {
        #expect(try Picture(decoding: damaged, path: file) == Picture(decoding: bytes, path: file))
        continue
      }
      let error = pictureError { _ = try Picture(decoding: damaged, path: file) }
      #expect(error?.kind == .badData, "\(kind)")
      #expect(error?.description.contains("CRC") == true)
    }
  }

  @Test("a missing row in a PNG whose chunks are intact is an error")
  func missingRows() throws {
    var bytes = try PictureFixtures.bytes("rgb8.png")
    bytes[23] += 1
    let error = pictureError { _ = try Picture(decoding: PNGAssembly.mended(bytes), path: "tall.png") }
    #expect(error?.kind == .badData)
  }

  @Test("a palette index past the palette is an error")
  func indexPastPalette() throws {
    let bytes = try PictureFixtures.bytes("palette4.png")
    let start = PNGAssembly.chunkStarts(bytes)[1]
    #expect(PNGAssembly.kind(of: bytes, at: start) == "PLTE")
    let short = PNGAssembly.chunk("PLTE", Array(bytes[start + 8..<start + 8 + 9]))
    let file = Array(bytes[..<start]) + short + Array(bytes[(start + 12 + 48)...])
    let error = pictureError { _ = try Picture(decoding: file, path: "index.png") }
    #expect(error?.kind == .badData)
  }

  @Test("a declared size past the limit is an error with the size and the limit")
  func tooLarge() throws {
    let png =
      PNGAssembly.signature + PNGAssembly.header(width: 100_000, height: 100_000)
      + PNGAssembly.chunk("IDAT", [UInt8](repeating: 0, count: 1000)) + PNGAssembly.chunk("IEND", [])
    let error = pictureError { _ = try Picture(decoding: png, path: "huge.png") }
    #expect(error == .tooLarge(path: "huge.png", width: 100_000, height: 100_000))
    #expect(error?.description.contains("100000×100000") == true)
    #expect(error?.description.contains("\(Picture.pixelLimit)") == true)

    for side in [30_000, 65_535] {
      var jpeg = try PictureFixtures.bytes("jpeg_444.jpg")
      let frame = JPEGAssembly.segments(jpeg).first { $0.marker == 0xC0 }!.range.lowerBound
      let high = UInt8(side >> 8)
      jpeg.replaceSubrange(frame + 5..<frame + 9, with: [high, UInt8(side & 255), high, UInt8(side & 255)])
      let error = pictureError { _ = try Picture(decoding: jpeg, path: "huge.jpg") }
      #expect(error == .tooLarge(path: "huge.jpg", width: side, height: side))
    }
  }

  /// Headers without pixels: files of a few dozen bytes.
  static let enormous: [(name: String, bytes: [UInt8], width: Int, height: Int)] = {
    func little(_ value: UInt32) -> [UInt8] { PNGAssembly.bigEndian(value).reversed() }
    let header: [UInt8] = [1, 0, 24, 0] + [UInt8](repeating: 0, count: 24)
    let bitmap =
      Array("BM".utf8) + little(54) + little(0) + little(54) + little(40) + little(UInt32(Int32.max))
      + little(UInt32(bitPattern: -Int32.max)) + header
    func netpbm(_ text: String) -> [UInt8] { Array(text.utf8) }
    return [
      ("a bitmap", bitmap, Int(Int32.max), Int(Int32.max)),
      ("grey", netpbm("P5 4611686018427387904 4 0\n"), 1 << 62, 4),
      ("colours", netpbm("P6 4294967296 4294967296 70000\n"), 1 << 32, 1 << 32),
      (
        "any",
        netpbm("P7\nWIDTH 9223372036854775807\nHEIGHT 2\nDEPTH 3\nMAXVAL 0\nTUPLTYPE RGB\nENDHDR\n"), .max, 2
      ),
    ]
  }()

  @Test("sides whose product no integer holds are an error with the size", arguments: enormous.indices)
  func enormousSides(index: Int) {
    let (name, bytes, width, height) = Self.enormous[index]
    let error = pictureError { _ = try Picture(decoding: bytes, path: name) }
    #expect(error == .tooLarge(path: name, width: width, height: height))
  }

  @Test("a size within the limit that the bytes cannot hold is an error before room is made for it")
  func forgedSize() {
    let png =
      PNGAssembly.signature + PNGAssembly.header(width: 11_000, height: 11_000)
      + PNGAssembly.chunk("IDAT", [UInt8](repeating: 0, count: 1000)) + PNGAssembly.chunk("IEND", [])
    let error = pictureError { _ = try Picture(decoding: png, path: "forged.png") }
    #expect(error?.description.contains("too short for the size that it declares") == true)
  }

  @Test("a progressive JPEG with hundreds of scans is refused")
  func tooManyScans() throws {
    let bytes = try PictureFixtures.bytes("jpeg_progressive.jpg")
    let scan = JPEGAssembly.segments(bytes).last!.range.lowerBound
    let next = (scan + 2..<bytes.count).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4 }!
    let repeated = [[UInt8]](repeating: Array(bytes[scan..<next]), count: 300).flatMap { $0 }
    let file = Array(bytes[..<scan]) + repeated + Array(bytes[scan...])
    #expect(pictureError { _ = try Picture(decoding: file, path: "scans.jpg") }?.kind == .badData)
  }

  @Test("missing, folder, empty and text each have their error and kind")
  func notPictures() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      let (missing, empty, text) = (folder + "/none.png", folder + "/empty.png", folder + "/text.png")
      try Data().write(to: URL(fileURLWithPath: empty))
      try Data("a letter, not a picture\n".utf8).write(to: URL(fileURLWithPath: text))
      let cases: [(PictureError, StyleTransferError.Kind)] = [
        (.missing(path: missing), .missingInput), (.folder(path: folder), .missingInput),
        (.missing(path: text + "/x.png"), .missingInput),
        (.empty(path: empty), .badData), (.unknownKind(path: text), .badData),
      ]
      let paths = [missing, folder, text + "/x.png", empty, text]
      for (path, (expected, kind)) in zip(paths, cases) {
        let error = pictureError { _ = try Picture(contentsOf: path) }
        #expect(error == expected)
        #expect(error?.kind == kind)
        #expect(error?.description.contains(path) == true)
      }
    }
  }

  @Test("a file past the length limit is refused")
  func tooLong() {
    let path = PictureFixtures.folder + "/rgb8.png"
    #expect(pictureError { _ = try FileBytes.read(path, limit: 100) } == .fileTooLong(path: path, limit: 100))
  }
}
