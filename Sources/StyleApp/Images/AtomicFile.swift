import Foundation

/// Files that appear whole or not at all.
///
/// Bytes go to a temporary file in the same folder, reach the disk, and take the name by a rename: whoever
/// looks sees the old file or the new one, and a failure leaves the old one as it was and nothing beside it.
/// A new file gets the permissions that the umask leaves; a replaced one keeps its own. A symbolic link stays,
/// and what it points to is replaced.
enum AtomicFile {
  /// - Throws: ``PictureError`` if `path` cannot be written.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try replace(path) { descriptor in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw failure(path) }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Replaces the file at `path` by what `body` writes to the descriptor it is given.
  ///
  /// - Throws: ``PictureError`` if `path` cannot be written, and whatever `body` throws.
  static func replace(_ path: String, body: (_ descriptor: Int32) throws -> Void) throws {
    let target = try Target(path)
    let temporary = target.folder + "/.impasto-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    do {
      defer { close(descriptor) }
      if let mode = target.mode, fchmod(descriptor, mode) != 0 { throw failure(path) }
      try body(descriptor)
      guard fsync(descriptor) == 0 else { throw failure(path) }
      guard rename(temporary, target.path) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Says early, before a long run, whether ``write(_:to:)`` has a chance; changes nothing.
  ///
  /// - Throws: ``PictureError`` if the folder is missing or not writable, or if `path` is a folder, a device
  ///   or a write-protected file.
  static func checkWritable(_ path: String) throws {
    _ = try Target(path)
  }

  private static func failure(_ path: String) -> PictureError {
    .notWritable(path: path, reason: String(cString: strerror(errno)))
  }

  /// The file that a path means, links followed, and the permissions that it has if it exists.
  private struct Target {
    let path: String
    let folder: String
    let mode: mode_t?

    init(_ path: String) throws {
      let resolved = try Self.followingLinks(path)
      let slash = resolved.lastIndex(of: "/")
      let folder = slash.map { $0 == resolved.startIndex ? "/" : String(resolved[..<$0]) } ?? "."
      var status = stat()
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw PictureError.missingOutputFolder(path: path, folder: folder)
      }
      if stat(resolved, &status) == 0 {
        guard status.st_mode & S_IFMT == S_IFREG else { throw PictureError.outputIsNotAFile(path: path) }
        guard access(resolved, W_OK) == 0 else { throw failure(path) }
        self.mode = status.st_mode & 0o777
      } else {
        guard errno == ENOENT else { throw failure(path) }
        self.mode = nil
      }
      guard access(folder, W_OK | X_OK) == 0 else { throw failure(path) }
      self.path = resolved
      self.folder = folder
    }

    /// Unlike realpath, keeps a path whose last part does not exist yet.
    private static func followingLinks(_ path: String) throws -> String {
      var path = path
      let linkLimit = 40
      for _ in 0..<linkLimit {
        guard let destination = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
          return path
        }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        path = destination.hasPrefix("/") ? destination : folder + destination
      }
      throw PictureError.notWritable(path: path, reason: String(cString: strerror(ELOOP)))
    }
  }
}
