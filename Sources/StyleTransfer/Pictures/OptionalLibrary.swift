import CImageCodecs

/// A library for one kind of file, which is looked for when a file first needs it: the program builds and runs
/// without it.
enum OptionalLibrary: CaseIterable, Sendable {
  case littleCMS, webP, tiff, heif, jpegXL

  /// Those that tests take for missing.
  @TaskLocal static var hidden: Set<OptionalLibrary> = []

  private var library: codec_library {
    switch self {
    case .littleCMS: CODEC_LCMS
    case .webP: CODEC_WEBP
    case .tiff: CODEC_TIFF
    case .heif: CODEC_HEIF
    case .jpegXL: CODEC_JXL
    }
  }

  var isThere: Bool { !Self.hidden.contains(self) && codec_library_is_there(library) }

  /// The version that was found.
  var version: String? {
    guard isThere else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      buffer.initialize(repeating: 0)
      codec_library_version(library, buffer.baseAddress)
      return String(cString: buffer.baseAddress!)
    }
  }

  /// What the library is called, and the command that installs it.
  var name: String {
    switch self {
    case .littleCMS: "LittleCMS 2"
    case .webP: "libwebp"
    case .tiff: "libtiff"
    case .heif: "libheif"
    case .jpegXL: "libjxl"
    }
  }

  var installation: String {
    #if os(macOS)
      switch self {
      case .littleCMS: "brew install little-cms2"
      case .webP: "brew install webp"
      case .tiff: "brew install libtiff"
      case .heif: "brew install libheif"
      case .jpegXL: "brew install jpeg-xl"
      }
    #else
      // The number in a package's name differs from one release to the next, and the headers' package needs it.
      switch self {
      case .littleCMS: "apt-get install liblcms2-2"
      case .webP: "apt-get install libwebp7"
      case .tiff: "apt-get install libtiff6"
      case .heif: "apt-get install libheif1"
      case .jpegXL: "apt-get install libjxl0.7 (or libjxl-dev, where the number is another)"
      }
    #endif
  }

  /// - Throws: ``MissingLibrary``.
  func require(for what: String) throws {
    guard isThere else { throw MissingLibrary(library: self, what: what) }
  }
}

/// A library that is needed and not there.
struct MissingLibrary: Error {
  let library: OptionalLibrary
  /// What it is needed for.
  let what: String

  var reason: String {
    "\(library.name) is needed for \(what) and is not installed; install it: \(library.installation)"
  }
}
