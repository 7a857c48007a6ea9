/// A kind of file that people take for a picture and that is not read: what it is called, and how to convert it.
struct ForeignFormat {
  let name: String
  private let program: String?

  /// The kind by the bytes that its files begin with; `nil` for one that is not known.
  init?(magicOf bytes: [UInt8]) {
    guard let (name, program) = Self.recognize(bytes) else { return nil }
    (self.name, self.program) = (name, program)
  }

  /// A command line that makes a PNG of the file at `path`; `nil` where there is no picture to be had.
  func command(for path: String) -> String? {
    guard let program else { return nil }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    func quoted(_ text: String) -> String { "'\(text.replacing("'", with: #"'\''"#))'" }
    // A name that is taken, such as that of a renamed file, is not written over.
    let png = "\(stem.isEmpty ? "picture" : stem)\(name.lowercased().hasSuffix(".png") ? "-1" : "").png"
    return program.split(separator: " ").map { word in
      switch word {
      case "IN": quoted(path)
      // The first of several pictures.
      case "IN[0]": quoted("\(path)[0]")
      case "OUT": quoted(png)
      default: String(word)
      }
    }.joined(separator: " ")
  }

  private static func recognize(_ bytes: [UInt8]) -> (name: String, program: String?)? {
    func has(_ magic: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: magic) }
    func text(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }

    // ISO's container of boxes: its main brand says what is in it.
    if text("ftyp", at: 4) {
      switch String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self) {
      case "crx ": return ("a camera's raw picture", magick)
      default: return ("a video", "ffmpeg -i IN -frames:v 1 OUT")
      }
    }
    if text("II*\0") && text("CR", at: 8) { return ("a camera's raw picture", magick) }
    if has([0xFF, 0x4F, 0xFF, 0x51]) || text("\0\0\0\u{C}jP  ") { return ("a JPEG 2000 picture", magick) }
    if text("8BPS") { return ("a Photoshop picture", "magick IN[0] OUT") }
    if text("qoif") { return ("a QOI picture", magick) }
    if has([0x76, 0x2F, 0x31, 0x01]) { return ("an OpenEXR picture", magick) }
    if has([0, 0, 1, 0]) { return ("an icon", "magick IN[0] OUT") }
    if text("%PDF") { return ("a PDF", "magick -density 150 IN[0] OUT") }
    if text("<svg") || text("<?xml") { return ("an SVG or another text in XML", "rsvg-convert IN -o OUT") }
    if text("<!DOCTYPE") || text("<!doctype") || text("<html") { return ("a web page", nil) }
    if text("version https://git-lfs") { return ("a pointer of Git LFS", nil) }
    return nil
  }

  private static let magick = "magick IN OUT"
}
