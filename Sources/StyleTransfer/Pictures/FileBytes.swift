import ImpastoPlatform

/// All bytes of a file or pipe, or a typed error that says why not.
enum FileBytes {
  /// No picture within ``Picture/pixelLimit`` needs more, and an endless pipe must stop somewhere.
  static let limit = 1 << 30

  /// - Throws: ``PictureError`` for what is missing, a folder, not readable, or longer than `limit`.
  static func read(_ path: String, limit: Int = limit) throws -> [UInt8] {
    do { return try InputFile.bytes(of: path, limit: limit) } catch { throw PictureError(error) }
  }
}
