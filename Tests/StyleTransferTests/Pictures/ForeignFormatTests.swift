import Testing

@testable import StyleTransfer

@Suite("Foreign formats")
struct ForeignFormatTests {
  private static func isoFile(_ brand: String) -> [UInt8] {
    [0, 0, 0, 24] + "ftyp\(brand)".utf8 + [0, 0, 0, 0]
  }

  static let files: [(bytes: [UInt8], name: String, command: String)] = [
    (isoFile("qt  "), "a video", "ffmpeg -i 'a.x' -frames:v 1 'a.png'"),
    (isoFile("crx "), "a camera's raw picture", "magick 'a.x' 'a.png'"),
    (Array("II*\0\u{10}\0\0\0CR\u{2}".utf8), "a camera's raw picture", "magick 'a.x' 'a.png'"),
    ([0, 0, 0, 12] + "jP  ".utf8, "a JPEG 2000 picture", "magick 'a.x' 'a.png'"),
    (Array("8BPS".utf8), "a Photoshop picture", "magick 'a.x[0]' 'a.png'"),
    (Array("%PDF-1.7".utf8), "a PDF", "magick -density 150 'a.x[0]' 'a.png'"),
    (Array("<svg xmlns".utf8), "an SVG or another text in XML", "rsvg-convert 'a.x' -o 'a.png'"),
  ]

  @Test("a file of another kind is told by its bytes, with the command that converts it", arguments: files)
  func formats(bytes: [UInt8], name: String, command: String) {
    let error = pictureError { _ = try Picture(decoding: bytes, path: "a.x") }
    #expect(error == .foreignKind(path: "a.x", name: name, command: command))
    #expect(error?.kind == .badData)
    #expect(
      error?.description == "'a.x' is \(name), which is not read; convert it, as with: \(command)")
  }

  @Test("what is no picture at all has no command")
  func noPicture() {
    let error = pictureError { _ = try Picture(decoding: Array("<!DOCTYPE html>".utf8), path: "a.png") }
    #expect(error == .foreignKind(path: "a.png", name: "a web page", command: nil))
    #expect(error?.description == "'a.png' is a web page, which is not read; get the picture itself")
  }

  @Test(
    "bytes that only look like one are of no kind that is known",
    arguments: ["BM and other words", "P6", "Pear", "RIFF....WAVE", "ftyp", "II", "text"])
  func unknown(text: String) {
    #expect(ForeignFormat(magicOf: Array(text.utf8)) == nil)
  }

  @Test("names with spaces and quotes are quoted, and a PNG by name alone is not written over")
  func quoting() {
    let format = ForeignFormat(magicOf: Array("qoif".utf8))
    #expect(format?.command(for: "/p/it's 1.QOI") == #"magick '/p/it'\''s 1.QOI' 'it'\''s 1.png'"#)
    #expect(format?.command(for: "a.png") == "magick 'a.png' 'a-1.png'")
    #expect(format?.command(for: "IN OUT") == "magick 'IN OUT' 'IN OUT.png'")
  }
}
