import Testing

@testable import StyleApp

@Suite("Picture: settings")
struct PictureSettingsTests {
  static let picture = Picture.random(width: 6, height: 5, maximum: 255, hasAlpha: true, seed: 5)

  static let settings = [
    #"{"iterations":300,"layers":["conv_2","conv_4"]}"#,
    #"{"content":"Café at night.jpg"}"#,
    "{\"content\":\"星月夜 🌌.jpg\",\n \"style\": \"é\"}",
    "{\"long\":\"\(String(repeating: "0123456789abcdef", count: 9000))\"}",
    "{\"segment\":\"\(String(repeating: "x", count: 65_533 - 14))\"}",
  ]

  @Test("the settings come back from both kinds of file", arguments: PictureFormat.allCases, settings)
  func roundTrip(format: PictureFormat, settings: String) throws {
    let file = try Self.picture.encoded(as: format, PictureEncoding(settings: settings))
    #expect(try Picture.settings(in: file, path: "made") == settings)
    let plain = try Self.picture.encoded(as: format)
    #expect(try Picture(decoding: file, path: "made") == Picture(decoding: plain, path: "plain"))
    #expect(try Picture.settings(in: plain, path: "plain") == nil)
  }

  @Test("Latin-1 settings are a tEXt chunk, others an iTXt chunk")
  func kindsOfChunk() throws {
    for (settings, kind) in zip(Self.settings, ["tEXt", "tEXt", "iTXt"]) {
      let file = try Self.picture.encoded(as: .png, PictureEncoding(settings: settings))
      let kinds = PNGAssembly.chunkStarts(file).map { PNGAssembly.kind(of: file, at: $0) }
      #expect(kinds == ["IHDR", kind, "IDAT", "IEND"])
    }
  }

  @Test("other programs' text and comments are passed over")
  func othersText() throws {
    let settings = Self.settings[0]
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
    var file = try Self.picture.encoded(as: .png, PictureEncoding(settings: Self.settings[0]))
    file[PNGAssembly.chunkStarts(file)[1] + 30] ^= 1
    let error = pictureError { _ = try Picture.settings(in: file, path: "damaged.png") }
    #expect(error?.exitStatus == 65)
  }

  @Test("the settings of a file that is no picture, or missing, are an error")
  func notAPicture() {
    #expect(pictureError { _ = try Picture.settings(in: [1, 2, 3], path: "x") } == .unknownKind(path: "x"))
    #expect(pictureError { _ = try Picture.settings(in: [], path: "x") } == .empty(path: "x"))
    let path = PictureFixtures.folder + "/none.png"
    #expect(pictureError { _ = try Picture.settings(ofFileAt: path) } == .missing(path: path))
  }
}
