import ImpastoPlatform
import Tensor

extension Picture {
  /// The picture in a file of any kind of ``PictureFormat``; which of them is read from its bytes, never from its name.
  ///
  /// Sixteen bits and floating point keep their precision, alpha and orientation are applied, colours are converted to
  /// sRGB, and grey becomes three equal planes. Of an animation the first picture is read; of a PNG the one that
  /// programs show which know of no animations. docs/formats.md says what is read of each kind.
  ///
  /// A file of which pixels are missing or damaged is an error, even where a decoder could patch it. What is around
  /// them (an end mark, a text) may be damaged, and what follows the end is ignored.
  ///
  /// - Throws: ``PictureError``.
  public init(contentsOf path: String) throws { try self.init(contentsOf: path, limits: .init()) }

  /// The picture in a file, of as many pixels as `limits` allow.
  ///
  /// - Throws: ``PictureError``.
  package init(contentsOf path: String, limits: ReadingLimits) throws {
    let bytes = try FileBytes.read(path, limit: limits.bytes)
    try self.init(decoding: bytes, path: path, limits: limits)
    var digest = SHA256()
    digest.update(bytes)
    origin = Origin(path: path, sha256: digest.finish())
  }

  /// The picture in a file's bytes; `path` is what errors call it.
  ///
  /// - Throws: ``PictureError``.
  public init(decoding bytes: [UInt8], path: String) throws {
    try self.init(decoding: bytes, path: path, limits: .init())
  }

  package init(decoding bytes: [UInt8], path: String, limits: ReadingLimits) throws {
    guard !bytes.isEmpty else { throw PictureError.empty(path: path) }
    guard let format = PictureFormat(magicOf: bytes) else {
      throw PictureError(unreadableKindOf: bytes, path: path)
    }
    do {
      let file = try PictureFile(bytes, format: format)
      self = try file.bytes.withUnsafeBufferPointer { buffer in
        try PictureDecoder(buffer, file, path: path, limits: limits).read()
      }
    } catch let fault as DecodingFault {
      throw PictureError.damaged(path: path, format: format, reason: fault.reason)
    } catch let missing as MissingLibrary {
      throw PictureError.missingLibrary(path: path, reason: missing.reason)
    }
  }
}
