import Foundation

/// All bytes of a file or pipe, or a typed error that says why not.
package enum FileBytes {
  /// No picture within ``Picture/pixelLimit`` needs more, and an endless pipe must stop somewhere.
  package static let limit = 1 << 30

  /// - Throws: ``PictureError`` for what is missing, a folder, not readable, or longer than `limit`.
  package static func read(_ path: String, limit: Int = limit) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw PictureError.folder(path: path) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(Int(status.st_size), limit))
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Foundation.read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw PictureError.fileTooLong(path: path, limit: limit) }
      bytes.append(contentsOf: block[..<count])
    }
  }

  private static func failure(_ path: String) -> PictureError {
    switch errno {
    case ENOENT, ENOTDIR: .missing(path: path)
    case EISDIR: .folder(path: path)
    default: .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
