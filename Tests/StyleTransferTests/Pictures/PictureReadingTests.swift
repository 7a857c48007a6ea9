import ImpastoPlatform
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture: reading")
struct PictureReadingTests {
  @Test(
    "every kind of PNG reads as its exact levels", arguments: PictureFixtures.pngNames, ["", "_interlaced"])
  func readsPNG(name: String, suffix: String) throws {
    let expected = PictureFixtures.expected(name)
    let picture = try Picture(contentsOf: "\(PictureFixtures.folder)/\(name)\(suffix).png")
    let scale = Float(expected.maximum)
    #expect([picture.width, picture.height] == [expected.width, expected.height])
    #expect(picture.colour == expected.colour.map { Float($0) / scale })
    #expect(picture.alpha == expected.alpha.map { $0.map { Float($0) / scale } })
  }

  /// Decoders agree to the bit where they use the same integer transform; one level is left to another one's
  /// rounding, and one to that of the product of ink and black.
  static let jpegTolerance: Float = 2.01 / 255

  @Test("every kind of JPEG reads as an independent decoder has it", arguments: PictureFixtures.jpegNames)
  func readsJPEG(name: String) throws {
    let expected = PictureFixtures.expected(name)
    let picture = try Picture(contentsOf: "\(PictureFixtures.folder)/\(name).jpg")
    #expect([picture.width, picture.height] == [expected.width, expected.height])
    #expect(picture.alpha == nil)
    let differences = zip(picture.colour, expected.colour).map { abs($0 - Float($1) / 255) }
    #expect(differences.count == expected.colour.count)
    #expect(differences.max()! <= Self.jpegTolerance)
  }

  @Test("inks are inverted without Adobe's marker as they are with it", arguments: ["jpeg_cmyk.jpg"])
  func readsPlainCMYK(name: String) throws {
    let file = try PictureFixtures.bytes(name)
    let marker = JPEGAssembly.segments(file).first { $0.marker == 0xEE }!
    let plain = Array(file[..<marker.range.lowerBound]) + Array(file[marker.range.upperBound...])
    let inverted = try Picture(decoding: file, path: "inverted")
    let picture = try Picture(decoding: plain, path: "plain")
    // In the right column of the fixture black leaves 90/255 and red is 1; read the other way it would be nothing.
    let right = picture.width - 1
    #expect(abs(inverted.colour[right] - 90 / 255) < 0.05)
    #expect(picture == inverted)
  }

  @Test("an alpha channel that is opaque everywhere is dropped")
  func dropsOpaqueAlpha() throws {
    var picture = Picture.random(width: 5, height: 4, maximum: 255, hasAlpha: false, seed: 3)
    picture = Picture(width: 5, height: 4, colour: picture.colour, alpha: [Float](repeating: 1, count: 20))
    let back = try Picture(decoding: picture.encoded(as: .png), path: "opaque.png")
    #expect(back.alpha == nil)
    #expect(back.colour == picture.colour)
  }

  @Test("the kind is read from the bytes, not the name")
  func ignoresTheName() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      let path = folder + "/really_a_jpeg.png"
      try AtomicFile.write(PictureFixtures.bytes("jpeg_444.jpg"), to: path)
      let original = try Picture(contentsOf: PictureFixtures.folder + "/jpeg_444.jpg")
      #expect(try Picture(contentsOf: path) == original)
    }
  }

  @Test(
    "bytes after the end of a whole picture are ignored", arguments: ["rgb8_interlaced.png", "jpeg_420.jpg"])
  func ignoresTrailingBytes(file: String) throws {
    let bytes = try PictureFixtures.bytes(file)
    let garbage = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let whole = try Picture(decoding: bytes, path: file)
    #expect(try Picture(decoding: bytes + garbage, path: file) == whole)
  }

  @Test("a damaged colour profile does not stop a picture, and text is skipped")
  func skipsOtherChunks() throws {
    let file = try PictureFixtures.bytes("rgb8.png")
    let profile = PNGAssembly.chunk("iCCP", Array("broken\0\0not deflated".utf8))
    let gamma = PNGAssembly.chunk("gAMA", [0, 0, 0, 0])
    let withBoth = PNGAssembly.inserting(profile + gamma, before: "IDAT", in: file)
    #expect(try Picture(decoding: withBoth, path: "a") == Picture(decoding: file, path: "b"))
  }
}
