import CImageCodecs

extension Picture {
  /// The keyword of the PNG text chunk that holds the settings.
  package static let settingsKeyword = "impasto"

  /// The settings that ``write(to:as:)`` put into the file at `path`; nil if it has none.
  ///
  /// - Throws: ``PictureError`` if the file cannot be read, is no picture, or its text fails its checksum.
  package static func settings(ofFileAt path: String) throws -> String? {
    try settings(in: FileBytes.read(path), path: path)
  }

  /// The settings in a PNG or JPEG file's bytes; `path` is what errors call it.
  ///
  /// - Throws: ``PictureError``.
  package static func settings(in bytes: [UInt8], path: String) throws -> String? {
    guard !bytes.isEmpty else { throw PictureError.empty(path: path) }
    switch PictureFormat(magicOf: bytes) {
    case .png:
      for chunk in PNGChunks(bytes) {
        guard let text = text(of: chunk) else { continue }
        guard chunk.isIntact else {
          throw PictureError.damaged(path: path, format: .png, reason: "\(chunk.kind): CRC error")
        }
        return text
      }
      return nil
    case .jpeg:
      return comment(of: JPEGSegments(bytes))
    case nil:
      throw PictureError(unreadableKindOf: bytes, path: path)
    }
  }

  private static func text(of chunk: PNGChunks.Chunk) -> String? {
    let keyword = Array(settingsKeyword.utf8) + [0]
    guard chunk.data.starts(with: keyword) else { return nil }
    let rest = chunk.data.dropFirst(keyword.count)
    switch chunk.kind {
    case "tEXt":
      return String(String.UnicodeScalarView(rest.map { Unicode.Scalar($0) }))
    case "iTXt":
      // Compression flag and method, language tag, translated keyword, each of the latter ended by a zero.
      guard rest.first == 0 else { return nil }
      let fields = rest.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      return fields.count == 3 ? String(validating: fields[2], as: UTF8.self) : nil
    default:
      return nil
    }
  }

  /// Any program may leave a comment; ours is the first that opens like JSON. A full segment goes on in the
  /// next one.
  private static func comment(of segments: JPEGSegments) -> String? {
    var settings: [UInt8] = []
    for segment in segments where segment.marker == JPEGSegments.Marker.comment {
      if settings.isEmpty && segment.data.first != UInt8(ascii: "{") { continue }
      settings += segment.data
      if segment.data.count < CODEC_JPEG_COMMENT_SIZE { break }
    }
    return settings.isEmpty ? nil : String(validating: settings, as: UTF8.self)
  }
}
