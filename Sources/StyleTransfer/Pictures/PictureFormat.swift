/// The kinds of picture files that are read, and those of them that are written.
public enum PictureFormat: String, CaseIterable, CustomStringConvertible, Sendable {
  /// Portable Network Graphics, without loss.
  case png = "PNG"
  /// JPEG in its usual wrapping, JFIF or Exif.
  case jpeg = "JPEG"
  /// WebP, written without loss.
  case webP = "WebP"
  /// TIFF, written without loss.
  case tiff = "TIFF"
  /// The format AVIF: a picture of the video codec AV1 in ISO's container.
  case avif = "AVIF"
  /// The format HEIC: a picture of the video codec HEVC in ISO's container, as telephones write it; read only.
  case heic = "HEIC"
  /// JPEG XL, written without loss.
  case jpegXL = "JPEG XL"
  /// GIF; read only.
  case gif = "GIF"
  /// Windows' bitmaps; read only.
  case bmp = "BMP"
  /// PBM, PGM, PPM, PAM and PFM; read only.
  case netpbm = "Netpbm"

  /// The kind's name, such as `PNG`.
  public var description: String { rawValue }

  /// The kind of a file by its first bytes; nil for any other.
  public init?(magicOf bytes: [UInt8]) {
    func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }

    if bytes.starts(with: Self.png.magic) {
      self = .png
    } else if bytes.starts(with: Self.jpeg.magic) {
      self = .jpeg
    } else if has("RIFF"), has("WEBP", at: 8) {
      self = .webP
    } else if ["II*\0", "MM\0*", "II+\0", "MM\0+"].contains(where: { has($0) }), !has("CR", at: 8) {
      self = .tiff
    } else if has("ftyp", at: 4), let format = Self.ofContainer(bytes) {
      self = format
    } else if bytes.starts(with: [0xFF, 0x0A]) || has("\0\0\0\u{C}JXL ") {
      self = .jpegXL
    } else if has("GIF87a") || has("GIF89a") {
      self = .gif
    } else if has("BM"), bytes.count > 17, bytes[15...17].allSatisfy({ $0 == 0 }),
      [12, 108, 124].contains(bytes[14]) || (16...64).contains(bytes[14])
    {
      self = .bmp
    } else if bytes.count > 2, bytes[0] == UInt8(ascii: "P"), "1234567Ff".utf8.contains(bytes[1]),
      [0x20, 0x0A, 0x0D, 0x09, 0x23].contains(bytes[2])
    {
      self = .netpbm
    } else {
      return nil
    }
  }

  /// What ISO's container of boxes holds, by its brands, the main one first.
  private static func ofContainer(_ bytes: [UInt8]) -> PictureFormat? {
    let length = min(Int(bytes[2]) << 8 | Int(bytes[3]), bytes.count, 256)
    let brands = ([8] + stride(from: 16, to: length - 3, by: 4)).map {
      String(decoding: bytes.dropFirst($0).prefix(4), as: UTF8.self)
    }
    for brand in brands {
      switch brand {
      case "avif", "avis": return .avif
      case "heic", "heix", "heim", "heis", "hevc", "hevx": return .heic
      // Pictures of any coding; another brand says of which.
      case "mif1", "msf1", "miaf", "mif2", "heif": continue
      default: if brand == brands.first { return nil }
      }
    }
    return ["mif1", "msf1", "mif2", "heif"].contains(brands[0]) ? .heic : nil
  }

  /// The kind to write, by the name's ending in any case; nil for an ending that is not written.
  public init?(endingOf path: String) {
    let ending = Self.ending(of: path)
    guard let format = Self.allCases.first(where: { $0.isWritten && $0.endings.contains(ending) }) else {
      return nil
    }
    self = format
  }

  /// Whether the name has the ending of a kind that is read.
  package static func mayBeRead(_ path: String) -> Bool {
    let ending = ending(of: path)
    return allCases.contains { $0.endings.contains(ending) }
  }

  private static func ending(of path: String) -> String {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    return name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? ""
  }

  /// Whether pictures of the kind are written, and not only read.
  public var isWritten: Bool {
    switch self {
    case .png, .jpeg, .webP, .tiff, .avif, .jpegXL: true
    case .heic, .gif, .bmp, .netpbm: false
    }
  }

  /// Whether 16 bits a sample can be written.
  public var holdsSixteenBits: Bool { self == .png || self == .tiff || self == .jpegXL }

  /// Whether transparency can be written; elsewhere what is clear becomes white.
  public var holdsAlpha: Bool { isWritten && self != .jpeg }

  /// Whether a quality is asked for, since writing loses something.
  public var hasQuality: Bool { self == .jpeg || self == .avif }

  /// The endings that are written, as a sentence lists them.
  package static var listOfEndings: String {
    let endings = allCases.filter(\.isWritten).flatMap(\.endings)
    return endings.dropLast().joined(separator: ", ") + " or " + (endings.last ?? "")
  }

  /// The kinds that are read, as a sentence lists them.
  package static var listOfKinds: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// What PNG and JPEG files begin with.
  package var magic: [UInt8] {
    switch self {
    case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    case .jpeg: [0xFF, 0xD8, 0xFF]
    default: []
    }
  }

  /// The library that reads and writes the kind, where it is one that may be missing.
  var library: OptionalLibrary? {
    switch self {
    case .webP: .webP
    case .tiff: .tiff
    case .avif, .heic: .heif
    case .jpegXL: .jpegXL
    case .png, .jpeg, .gif, .bmp, .netpbm: nil
    }
  }

  private var endings: [String] {
    switch self {
    case .png: [".png"]
    case .jpeg: [".jpg", ".jpeg"]
    case .webP: [".webp"]
    case .tiff: [".tif", ".tiff"]
    case .avif: [".avif"]
    case .heic: [".heic", ".heif"]
    case .jpegXL: [".jxl"]
    case .gif: [".gif"]
    case .bmp: [".bmp"]
    case .netpbm: [".ppm", ".pgm", ".pbm", ".pnm", ".pam", ".pfm"]
    }
  }
}
