import CImageCodecs
import Foundation

extension Picture {
  /// The keyword of the PNG text chunk that holds the settings.
  package static let settingsKeyword = "impasto"

  /// The settings that ``write(to:as:)`` put into the file at `path`; nil if it has none.
  ///
  /// - Throws: ``PictureError`` if the file cannot be read, is no picture, or its text fails its checksum.
  package static func settings(ofFileAt path: String) throws -> String? {
    try settings(in: FileBytes.read(path), path: path)
  }

  /// The settings in a file's bytes, however another program has saved them again: as any kind of text in a PNG,
  /// packed or not; as comments in a JPEG, cut anywhere; as the description in EXIF. `path` is what errors call the file.
  ///
  /// - Throws: ``PictureError``.
  package static func settings(in bytes: [UInt8], path: String) throws -> String? {
    guard !bytes.isEmpty else { throw PictureError.empty(path: path) }
    guard let format = PictureFormat(magicOf: bytes) else {
      throw PictureError(unreadableKindOf: bytes, path: path)
    }
    switch format {
    case .png:
      if let text = try SettingsText.ofPNG(bytes, path: path) { return text }
    case .jpeg:
      if let text = SettingsText.ofJPEG(bytes) { return text }
    case .tiff: return ExifText.description(in: bytes[...])
    case .avif, .heic, .jpegXL: return SettingsText.amongBytes(of: bytes)
    case .webP, .gif, .bmp, .netpbm: break
    }
    return (try? PictureFile(bytes, format: format))?.exif.flatMap { ExifText.description(in: $0) }
  }
}

/// Where settings are in the texts of a file.
private enum SettingsText {
  private struct Text {
    let keyword: String
    /// `nil` where it is broken.
    let text: String?
  }

  /// More makes no sense, and a packed text could be of any length.
  private static let limit = 16 << 20

  static func ofPNG(_ bytes: [UInt8], path: String) throws -> String? {
    var other: String?
    for chunk in PNGChunks(bytes) {
      guard let text = text(of: chunk) else { continue }
      guard text.keyword == Picture.settingsKeyword else {
        // A program that makes a PNG of a JPEG keeps its comment under a name of its own.
        if other == nil, chunk.isIntact, let text = text.text, isSettings(text) { other = text }
        continue
      }
      guard chunk.isIntact else {
        throw PictureError.damaged(path: path, format: .png, reason: "\(chunk.kind): CRC error")
      }
      if let text = text.text { return text }
    }
    return other
  }

  /// Whether a text is a JSON object that says which command made the picture.
  static func isSettings(_ text: some StringProtocol) -> Bool {
    text.first { !$0.isWhitespace } == "{" && text.contains("\"\(RecipeKey.command.rawValue)\"")
  }

  private static func text(of chunk: PNGChunks.Chunk) -> Text? {
    guard ["tEXt", "zTXt", "iTXt"].contains(chunk.kind), let zero = chunk.data.firstIndex(of: 0) else {
      return nil
    }
    let keyword = String(decoding: chunk.data[..<zero], as: UTF8.self)
    let rest = chunk.data[(zero + 1)...]
    func latin1(_ bytes: some Sequence<UInt8>) -> String {
      String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    switch chunk.kind {
    case "tEXt": return Text(keyword: keyword, text: latin1(rest))
    case "zTXt":
      guard rest.first == 0 else { return nil }
      return Text(keyword: keyword, text: inflated(rest.dropFirst(), limit: limit).map(latin1))
    default:
      // Whether it is packed, how, its language, and its name in that, each of the latter ended by a zero.
      let fields = rest.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, let flag = rest.first else { return nil }
      let text = flag == 0 ? Array(fields[2]) : inflated(fields[2], limit: limit)
      return Text(keyword: keyword, text: text.flatMap { String(validating: $0, as: UTF8.self) })
    }
  }

  /// Any program may leave a comment; ours is the first that opens like JSON, unless another says what made it. It goes
  /// on in the comments behind it until the object is whole; ours are cut where a segment is full.
  static func ofJPEG(_ bytes: [UInt8]) -> String? {
    let comments = JPEGSegments(bytes).filter { $0.marker == JPEGSegments.Marker.comment }.map(\.data)
    var found: [String] = []
    for start in comments.indices where comments[start].first == UInt8(ascii: "{") {
      let rest = comments[start...]
      let full = rest.prefix { $0.count == CODEC_JPEG_COMMENT_SIZE }.count
      let ours = rest.prefix(full + 1).flatMap { $0 }
      if let text = String(validating: trimmed(whole(rest) ?? ours), as: UTF8.self) { found.append(text) }
    }
    return found.first(where: isSettings) ?? found.first
  }

  /// As many comments as make a whole object; `nil` if none do.
  private static func whole(_ comments: ArraySlice<ArraySlice<UInt8>>) -> [UInt8]? {
    var text: [UInt8] = []
    for comment in comments.prefix(64) {
      text += comment
      guard trimmed(text).last == UInt8(ascii: "}") else { continue }
      if (try? JSONSerialization.jsonObject(with: Data(trimmed(text)))) != nil { return text }
    }
    return nil
  }

  /// Without the zeros that some programs end comments with.
  private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1)
  }

  /// The description of an EXIF block that lies somewhere in a container of boxes, unpacked.
  static func amongBytes(of bytes: [UInt8]) -> String? {
    let headers = [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42]] as [[UInt8]]
    let last = bytes.count - 16
    guard last > 0 else { return nil }
    return bytes.withUnsafeBufferPointer { buffer -> String? in
      for start in 0..<last where buffer[start] == buffer[start + 1] {
        guard buffer[start] == 0x49 || buffer[start] == 0x4D,
          headers.contains(where: { bytes[start..<start + 4].elementsEqual($0) }),
          let text = ExifText.description(in: bytes[start...]), text.first == "{"
        else { continue }
        return text
      }
      return nil
    }
  }
}

/// The image description of EXIF and TIFF.
enum ExifText {
  private static let descriptionTag = 0x010E
  private static let ascii = 2

  /// An EXIF block that holds a description alone.
  static func block(description: String) -> [UInt8] {
    let text = Array(description.utf8) + [0]
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * (size - 1 - $0))) }
    }
    let short = text.count <= 4
    let entry =
      number(descriptionTag, 2) + number(ascii, 2) + number(text.count, 4)
      + (short ? text + [UInt8](repeating: 0, count: 4 - text.count) : number(26, 4))
    return Array("MM\0*".utf8) + number(8, 4) + number(1, 2) + entry + number(0, 4) + (short ? [] : text)
  }

  /// The description in the first directory of a block, or of a TIFF; `nil` if there is none.
  static func description(in block: ArraySlice<UInt8>) -> String? {
    let bytes = block
    guard bytes.count > 8 else { return nil }
    let isLittle = bytes.starts(with: "II*\0".utf8)
    guard isLittle || bytes.starts(with: "MM\0*".utf8) else { return nil }
    func integer(at offset: Int, size: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - size else { return nil }
      let field = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + size]
      return (isLittle ? Array(field.reversed()) : Array(field)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = integer(at: 4, size: 4), let count = integer(at: directory, size: 2) else {
      return nil
    }
    for index in 0..<count {
      let entry = directory + 2 + 12 * index
      guard let tag = integer(at: entry, size: 2), let type = integer(at: entry + 2, size: 2) else {
        return nil
      }
      guard tag == descriptionTag, type == ascii, let length = integer(at: entry + 4, size: 4),
        let start = length <= 4 ? entry + 8 : integer(at: entry + 8, size: 4), start <= bytes.count - length
      else { continue }
      let text = bytes[(bytes.startIndex + start)...].prefix(length).prefix { $0 != 0 }
      return String(validating: text, as: UTF8.self)
    }
    return nil
  }
}
