import Foundation
import ImpastoPlatform
import StyleTransfer

/// A picture that the page brought, kept in memory alone.
package struct StudioPicture: Sendable {
  /// The beginning of its digest, by which the page names it: no path ever comes from the page.
  package let id: String
  /// Its file's name, for people and for the settings of what is made from it.
  package let name: String
  package let picture: Picture
  /// The settings that it carries, where it is one that impasto made.
  package let settings: String?

  /// The most bytes of a file that are taken.
  package static let byteLimit = 64 << 20
  /// The most pixels of a picture that are taken; a telephone's has 12 to 50 million.
  package static let pixelLimit = 64_000_000

  /// Decodes a file's bytes.
  ///
  /// - Throws: ``PictureError``, or ``StyleTransferError`` for one that is too large.
  init(bytes: [UInt8], name: String) throws {
    let name = Self.cleaned(name)
    var sum = SHA256()
    sum.update(bytes)
    let digest = sum.finish()
    var picture: Picture
    do {
      picture = try Picture(decoding: bytes, path: name, limits: ReadingLimits(pixels: Self.pixelLimit))
    } catch PictureError.tooLarge(_, let width, let height, _) {
      throw StyleTransferError(
        .badData,
        "'\(name)' has \(width)×\(height) pixels, more than the \(Self.pixelLimit / 1_000_000) million "
          + "that the studio takes; make it smaller first")
    }
    picture.origin = Picture.Origin(path: name, sha256: digest)
    (id, self.name, self.picture) = (String(digest.prefix(16)), name, picture)
    settings = try? Picture.settings(in: bytes, path: name)
  }

  /// A name without a folder and without what a terminal or a file system would stumble over.
  private static func cleaned(_ name: String) -> String {
    let last = name.split(whereSeparator: { "/\\".contains($0) }).last.map(String.init) ?? ""
    let kept = last.unicodeScalars.filter {
      !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 32 && $0.value != 127
    }
    let text = String(String.UnicodeScalarView(kept)).prefix(120)
    return text.isEmpty || text.allSatisfy({ $0 == "." }) ? "picture" : String(text)
  }
}

/// The pictures that the page has brought, the last few of them.
package struct StudioPictures: Sendable {
  private var pictures: [String: StudioPicture] = [:]
  private var order: [String] = []

  /// More are forgotten from the oldest: each takes 12 bytes a pixel.
  private static let limit = 24
  private static let pixels = 256_000_000

  package subscript(id: String) -> StudioPicture? { pictures[id] }

  /// The picture with a digest.
  package func picture(sha256: String) -> StudioPicture? { pictures[String(sha256.prefix(16))] }

  mutating func add(_ picture: StudioPicture) {
    order.removeAll { $0 == picture.id }
    order.append(picture.id)
    pictures[picture.id] = picture
    while order.count > 1,
      order.count > Self.limit
        || pictures.values.reduce(0, { $0 + $1.picture.width * $1.picture.height }) > Self.pixels
    {
      pictures[order.removeFirst()] = nil
    }
  }
}
