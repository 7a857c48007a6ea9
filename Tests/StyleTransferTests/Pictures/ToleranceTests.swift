import Tensor
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
    "a JPEG of another version, or with numbers that a baseline scan has no use for, is decoded as without")
  func idleNumbersOfJPEG() throws {
    let bytes = try PictureFixtures.bytes("jpeg_444.jpg")
    let whole = try Picture(decoding: bytes, path: "whole")
    let version = try #require(bytes.indices.first { bytes[$0...].starts(with: "JFIF\0".utf8) }) + 5
    let scan = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xDA]) })
    // Behind the components: the first and the last coefficient, and how many bits are left out.
    let spectrum = scan + 5 + 2 * Int(bytes[scan + 4])
    #expect(bytes[spectrum..<spectrum + 3] == [0, 63, 0])
    for (place, value) in [(version, UInt8(4)), (spectrum + 1, 0), (spectrum + 2, 0x11)] {
      var changed = bytes
      changed[place] = value
      #expect(try Picture(decoding: changed, path: "\(place)") == whole)
    }
  }

  @Test("a PNG that declares a smaller window than its packing uses is whole")
  func smallWindow() throws {
    // Rows that differ from each other and come again after 600 bytes: within 1,024, beyond 256.
    var generator = RandomGenerator(seed: 4)
    let levels = (0..<600).map { _ in Float(UInt8(truncatingIfNeeded: generator.next())) / 255 }
    var colour: [Float] = []
    for channel in 0..<3 {
      for y in 0..<40 {
        for x in 0..<10 { colour.append(levels[y % 20 * 30 + 3 * x + channel]) }
      }
    }
    let picture = Picture(width: 10, height: 40, colour: colour)
    let bytes = try picture.encoded(as: .png)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: "IDAT".utf8) }) + 4
    let length = bytes[start - 8..<start - 4].reduce(0) { $0 << 8 | Int($1) }
    var data = Array(bytes[start..<start + length])
    // The method 8 with a window of 256 bytes, and what makes both bytes a multiple of 31.
    (data[0], data[1]) = (0x08, 0x1D)
    let changed = bytes[..<(start - 8)] + PNGAssembly.chunk("IDAT", data) + bytes[(start + length + 4)...]
    #expect(
      try Picture(decoding: Array(changed), path: "window.png") == Picture(decoding: bytes, path: "whole"))
  }

  @Test("a bitmap without what fills its last row up is whole, and one with a pixel less is not")
  func fillingOfBitmap() throws {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }
    // Three pixels a row: nine bytes, and three that fill up.
    var bytes = Array("BM".utf8)
    for (value, size) in [(78, 4), (0, 4), (54, 4), (40, 4), (3, 4), (2, 4), (1, 2), (24, 2), (0, 24)] {
      bytes += number(value, size)
    }
    for row in 0..<2 {
      for byte in 0..<9 { bytes.append(UInt8(20 * byte + row)) }
      bytes += [0, 0, 0]
    }
    let whole = try Picture(decoding: bytes, path: "whole.bmp")
    #expect(whole.width == 3 && whole.colour.count == 18)
    #expect(try Picture(decoding: Array(bytes.dropLast(3)), path: "short.bmp") == whole)
    #expect(
      pictureError { _ = try Picture(decoding: Array(bytes.dropLast(4)), path: "cut.bmp") }?.kind == .badData)
  }

  @Test(
    "comments among the pixels of plain Netpbm files, and types of several words, are passed over",
    arguments: [
      ("P1 2 2\n10\n01", "P1 2 2\n1#0\n0 # 1\n01"),
      ("P2 2 1 9\n3 9", "P2 2 1 9\n# 1 2 3\n3#4\n9\n# end"),
      ("P3 1 1 9\n1 2 3", "P3 1 1 9\n1# x\n2 # y\r3"),
      (
        "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\nA",
        "P7\n# one\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE my own type\nTUPLTYPE 2\nENDHDR\nA"
      ),
    ])
  func commentsOfNetpbm(plain: String, commented: String) throws {
    #expect(
      try Picture(decoding: Array(commented.utf8), path: "commented")
        == Picture(decoding: Array(plain.utf8), path: "plain"))
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
