import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture: settings")
struct PictureSettingsTests {
  static let picture = Picture.random(width: 6, height: 5, maximum: 255, hasAlpha: true, seed: 5)

  /// A text by its name, since some are too long for a test's title.
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let settings: String
  }

  static let ascii = Example(
    testDescription: "ASCII", settings: #"{"layers":["conv_2","conv_4"],"size":512}"#)
  static let latin1 = Example(testDescription: "Latin-1", settings: #"{"content":"Café at night.jpg"}"#)
  static let unicode = Example(
    testDescription: "Unicode", settings: "{\"content\":\"星月夜 🌌.jpg\",\n \"style\": \"é\"}")
  static let long = Example(
    testDescription: "three JPEG segments",
    settings: #"{"long":"\#(String(repeating: "0123456789abcdef", count: 9000))"}"#)
  static let exact = Example(
    testDescription: "exactly one JPEG segment", settings: "{" + String(repeating: "x", count: 65_531) + "}")

  @Test(
    "the settings come back from every kind of file", arguments: PictureFixtures.writable,
    [ascii, latin1, unicode, long, exact])
  func roundTrip(format: PictureFormat, example: Example) throws {
    let file = try Self.picture.encoded(as: format, PictureEncoding(settings: example.settings))
    let isSame = try Picture.settings(in: file, path: "made") == example.settings
    #expect(isSame)
    let plain = try Self.picture.encoded(as: format)
    #expect(try Picture(decoding: file, path: "made") == Picture(decoding: plain, path: "plain"))
    #expect(try Picture.settings(in: plain, path: "plain") == nil)
  }

  @Test("Latin-1 settings are a tEXt chunk, others an iTXt chunk")
  func kindsOfChunk() throws {
    for (example, kind) in [(Self.ascii, "tEXt"), (Self.latin1, "tEXt"), (Self.unicode, "iTXt")] {
      let file = try Self.picture.encoded(as: .png, PictureEncoding(settings: example.settings))
      let kinds = PNGAssembly.chunkStarts(file).map { PNGAssembly.kind(of: file, at: $0) }
      #expect(kinds == ["IHDR", "sRGB", kind, "IDAT", "IEND"])
    }
  }

  @Test("other programs' text and comments are passed over")
  func othersText() throws {
    let settings = Self.ascii.settings
    let png = try Self.picture.encoded(as: .png, PictureEncoding(settings: settings))
    let foreign = PNGAssembly.chunk("tEXt", Array("Comment\0{\"theirs\":1}".utf8))
    let mixed = PNGAssembly.inserting(foreign, before: "tEXt", in: png)
    #expect(try Picture.settings(in: mixed, path: "mixed.png") == settings)

    let jpeg = try Self.picture.encoded(as: .jpeg, PictureEncoding(settings: settings))
    let comment = JPEGAssembly.segment(0xFE, Array("CREATOR: someone".utf8))
    let both = JPEGAssembly.inserting(comment, in: jpeg)
    #expect(try Picture.settings(in: both, path: "mixed.jpg") == settings)
  }

  @Test("settings whose checksum fails are an error")
  func damagedText() throws {
    var file = try Self.picture.encoded(as: .png, PictureEncoding(settings: Self.ascii.settings))
    file[PNGAssembly.chunkStarts(file)[1] + 30] ^= 1
    let error = pictureError { _ = try Picture.settings(in: file, path: "damaged.png") }
    #expect(error?.kind == .badData)
  }

  @Test("the settings of a file that is no picture, or missing, are an error")
  func notAPicture() {
    #expect(pictureError { _ = try Picture.settings(in: [1, 2, 3], path: "x") } == .unknownKind(path: "x"))
    #expect(pictureError { _ = try Picture.settings(in: [], path: "x") } == .empty(path: "x"))
    let path = PictureFixtures.folder + "/none.png"
    #expect(pictureError { _ = try Picture.settings(ofFileAt: path) } == .missing(path: path))
  }
}
