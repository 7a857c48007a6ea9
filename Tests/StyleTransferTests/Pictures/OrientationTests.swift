import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Orientation")
struct OrientationTests {
  /// An EXIF block with two other entries before and after the orientation.
  static func exif(_ value: Int, isLittle: Bool, isLong: Bool = false) -> [UInt8] {
    func integer(_ value: Int, _ size: Int) -> [UInt8] {
      let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isLittle ? little : little.reversed()
    }
    func entry(_ tag: Int, _ type: Int, _ field: [UInt8]) -> [UInt8] {
      integer(tag, 2) + integer(type, 2) + integer(1, 4) + field
    }
    let field = isLong ? integer(value, 4) : integer(value, 2) + [0, 0]
    let header = Array((isLittle ? "II" : "MM").utf8) + integer(42, 2) + integer(10, 4) + [0, 0]
    return header + integer(3, 2) + entry(0x0100, 4, integer(640, 4)) + entry(0x0112, isLong ? 4 : 3, field)
      + entry(0x0128, 3, integer(2, 2) + [0, 0]) + integer(0, 4)
  }

  @Test("the placement shows the stored pixel that the EXIF standard names", arguments: Orientation.allCases)
  func placement(orientation: Orientation) {
    let upright = PictureFixtures.upright(orientation)
    let at = orientation.placement(width: 3, height: 2)
    var shown = [Int](repeating: -1, count: 6)
    for y in 0..<2 {
      for x in 0..<3 { shown[at.origin + x * at.step_x + y * at.step_y] = 3 * y + x }
    }
    #expect(shown == upright.source)
    #expect(orientation.isTransposed == (upright.width == 2))
  }

  @Test("a JPEG is turned upright, in both byte orders", arguments: Orientation.allCases, [true, false])
  func turnsJPEG(orientation: Orientation, isLittle: Bool) throws {
    let file = try PictureFixtures.bytes("jpeg_444.jpg")
    let stored = try Picture(decoding: file, path: "stored")
    let block = Array("Exif\0\0".utf8) + Self.exif(orientation.rawValue, isLittle: isLittle)
    let comment = JPEGAssembly.segment(0xFE, Array("before".utf8))
    let turned = JPEGAssembly.inserting(comment + JPEGAssembly.segment(0xE1, block), in: file)
    #expect(try Picture(decoding: turned, path: "turned") == Self.turned(stored, orientation))
  }

  @Test("a PNG with an eXIf chunk is turned upright, its alpha too", arguments: Orientation.allCases)
  func turnsPNG(orientation: Orientation) throws {
    for name in ["rgb16_alpha.png", "rgb16_alpha_interlaced.png"] {
      let file = try PictureFixtures.bytes(name)
      let stored = try Picture(decoding: file, path: "stored")
      let chunk = PNGAssembly.chunk("eXIf", Self.exif(orientation.rawValue, isLittle: false, isLong: true))
      let turned = PNGAssembly.inserting(chunk, before: "IEND", in: file)
      #expect(try Picture(decoding: turned, path: "turned") == Self.turned(stored, orientation))
    }
  }

  @Test("a malformed EXIF block leaves the picture as stored")
  func ignoresMalformedBlocks() throws {
    let whole = Self.exif(6, isLittle: true)
    #expect(Orientation(exif: whole) == .rightTop)
    for length in 0..<34 { #expect(Orientation(exif: Array(whole[..<length])) == nil) }
    for count in [0, 2] {
      var several = whole
      // The number of values of the second entry.
      several.replaceSubrange(28..<32, with: [UInt8(count), 0, 0, 0])
      #expect(Orientation(exif: several) == nil)
    }
    for value in [0, 9, 65535] { #expect(Orientation(exif: Self.exif(value, isLittle: true)) == nil) }
    var farAway = whole
    farAway.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(Orientation(exif: farAway) == nil)

    // A chunk with a wrong checksum counts as missing.
    let png = try PictureFixtures.bytes("rgb8.png")
    var chunk = PNGAssembly.chunk("eXIf", whole)
    chunk[chunk.count - 1] ^= 1
    let untouched = try Picture(
      decoding: PNGAssembly.inserting(chunk, before: "IDAT", in: png), path: "checksum")
    #expect(untouched == (try Picture(decoding: png, path: "plain")))

    let file = try PictureFixtures.bytes("jpeg_444.jpg")
    let block = JPEGAssembly.segment(0xE1, Array("Exif\0\0".utf8) + farAway)
    let picture = try Picture(decoding: JPEGAssembly.inserting(block, in: file), path: "far")
    #expect(picture == (try Picture(decoding: file, path: "plain")))
  }

  /// The 3 × 2 table of the fixtures, stretched to any size: its corner and steps tell the whole mapping.
  static func turned(_ picture: Picture, _ orientation: Orientation) -> Picture {
    let upright = PictureFixtures.upright(orientation)
    let isTransposed = upright.width == 2
    // Which ends of the stored axes the shown top left corner has.
    let corner = upright.source[0]
    let (isFlippedX, isFlippedY) = (corner % 3 == 2, corner / 3 == 1)
    let width = isTransposed ? picture.height : picture.width
    let height = isTransposed ? picture.width : picture.height
    func turned(_ plane: ArraySlice<Float>) -> [Float] {
      (0..<height).flatMap { row in
        (0..<width).map { column in
          let (x, y) = isTransposed ? (row, column) : (column, row)
          let storedX = isFlippedX ? picture.width - 1 - x : x
          let storedY = isFlippedY ? picture.height - 1 - y : y
          return plane[plane.startIndex + storedY * picture.width + storedX]
        }
      }
    }
    let count = width * height
    return Picture(
      width: width, height: height,
      colour: (0..<3).flatMap { turned(picture.colour[$0 * count..<($0 + 1) * count]) },
      alpha: picture.alpha.map { turned($0[...]) })
  }
}
