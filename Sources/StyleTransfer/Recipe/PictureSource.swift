import Foundation

/// A picture that a recipe uses: one in memory, or a file that is read when a painting begins.
///
/// Where a mask is wanted, a picture with transparency stands for its opacity, and another one for its brightness (Rec.
/// 601): white, or opaque, is 1.
public enum PictureSource: Equatable, Sendable {
  /// The file at a path; `sha256` is the digest, in hexadecimal, that it must have, or `nil` for any.
  case file(String, sha256: String? = nil)
  /// A picture in memory.
  case picture(Picture)

  /// The path of the file that the picture is in or was read from; `nil` for a picture that was made.
  public var path: String? {
    switch self {
    case .file(let path, _): path
    case .picture(let picture): picture.origin?.path
    }
  }

  /// The digest of that file, where it is known.
  public var sha256: String? {
    switch self {
    case .file(_, let sha256): sha256
    case .picture(let picture): picture.origin?.sha256
    }
  }
}

extension PictureSource {
  /// What errors call the picture.
  var name: String { path ?? "a picture in memory" }

  /// The picture, read where it is in a file, as a source that knows its digest.
  ///
  /// - Throws: ``PictureError``; ``StyleTransferError`` when the file is no longer the one that the digest is of.
  func read(_ limits: ReadingLimits = .init()) throws -> Picture {
    switch self {
    case .picture(let picture): return picture
    case .file(let path, let expected):
      let picture = try Picture(contentsOf: path, limits: limits)
      if let expected, let hash = picture.origin?.sha256, hash != expected {
        throw StyleTransferError(
          .badData,
          "'\(path)' is no longer the picture that was used (SHA-256 \(expected.prefix(8))…, now "
            + "\(hash.prefix(8))…); put the old one back")
      }
      return picture
    }
  }

  /// The source as a picture keeps it: a file's name without its folder, and its digest.
  var withoutFolder: PictureSource {
    guard let path else { return self }
    return .file((path as NSString).lastPathComponent, sha256: sha256)
  }
}
