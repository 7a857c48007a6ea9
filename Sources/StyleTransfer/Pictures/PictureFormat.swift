/// The kinds of picture files that are read and written.
public enum PictureFormat: String, CaseIterable, CustomStringConvertible, Sendable {
  /// Portable Network Graphics, without loss.
  case png = "PNG"
  /// JPEG in its usual wrapping, JFIF or Exif.
  case jpeg = "JPEG"

  /// The kind's name, `PNG` or `JPEG`.
  public var description: String { rawValue }

  /// The kind of a file by its first bytes; nil for any other.
  public init?(magicOf bytes: [UInt8]) {
    guard let format = Self.allCases.first(where: { bytes.starts(with: $0.magic) }) else { return nil }
    self = format
  }

  /// The kind to write, by the name's ending in any case; nil for an ending that is not written.
  public init?(endingOf path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let ending = name[dot...].lowercased()
    guard let format = Self.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
    self = format
  }

  /// The endings that are written, as a sentence lists them.
  package static var listOfEndings: String {
    let endings = allCases.flatMap(\.endings)
    return endings.dropLast().joined(separator: ", ") + " or " + (endings.last ?? "")
  }

  /// What files of the kind begin with.
  package var magic: [UInt8] {
    switch self {
    case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    case .jpeg: [0xFF, 0xD8, 0xFF]
    }
  }

  private var endings: [String] {
    switch self {
    case .png: [".png"]
    case .jpeg: [".jpg", ".jpeg"]
    }
  }
}
