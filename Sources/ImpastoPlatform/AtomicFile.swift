#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that appear whole or not at all.
///
/// Bytes go to a temporary file in the same folder, reach the disk, and take the name by a rename: whoever looks
/// sees the old file or the new one, and a failure leaves the old one as it was and nothing beside it. A new file
/// gets the permissions that the umask leaves; a replaced one keeps its own. A symbolic link stays, and what it
/// points to is replaced.
package enum AtomicFile {
  /// - Throws: ``AtomicFileError`` if `path` cannot be written.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try replace(path) { file in try bytes.withUnsafeBytes { try file.append($0) } }
  }

  /// Replaces the file at `path` by what `body` appends to the one it is given.
  ///
  /// - Parameter suffix: What the temporary file's name has after `path`; `nil` for a name of its own. A file that is
  ///   replaced again and again by a program that may be killed meanwhile leaves one of that name behind at most.
  /// - Throws: ``AtomicFileError`` if `path` cannot be written, and whatever `body` throws.
  package static func replace(
    _ path: String, temporarySuffix suffix: String? = nil, body: (borrowing OpenFile) throws -> Void
  ) throws {
    let target = try Target(path)
    let temporary =
      suffix.map { target.path + $0 }
      ?? target.folder + "/.impasto-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    if suffix != nil { unlink(temporary) }
    guard let descriptor = FileDescriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL) else {
      throw AtomicFileError(path)
    }
    let file = OpenFile(path: path, descriptor: descriptor)
    do {
      if let mode = target.mode, fchmod(file.descriptor.number, mode) != 0 { throw AtomicFileError(path) }
      try body(file)
      guard fsync(file.descriptor.number) == 0, rename(temporary, target.path) == 0 else {
        throw AtomicFileError(path)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    flush(folder: target.folder)
  }

  /// Says early, before a long run, whether ``write(_:to:)`` has a chance; changes nothing.
  ///
  /// - Throws: ``AtomicFileError`` if the folder is missing or not writable, or if `path` is a folder, a device
  ///   or a write-protected file.
  package static func checkWritable(_ path: String) throws { _ = try Target(path) }

  /// Makes the new name last through a loss of power; a file system that cannot do so is no reason to fail.
  private static func flush(folder: String) {
    if let descriptor = FileDescriptor(opening: folder, O_RDONLY) { fsync(descriptor.number) }
  }

  /// A file that is being written.
  package struct OpenFile: ~Copyable {
    fileprivate let path: String
    fileprivate let descriptor: FileDescriptor

    package func append(_ bytes: UnsafeRawBufferPointer) throws {
      guard descriptor.writeAll(bytes) else { throw AtomicFileError(path) }
    }

    package func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

    /// Writes at a place of its own, in any order; where nothing is written there are zeros.
    ///
    /// - Parameter offset: In bytes from the file's beginning.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
      guard descriptor.writeAll(bytes, at: offset) else { throw AtomicFileError(path) }
    }
  }
}

/// Why a file cannot be written.
package struct AtomicFileError: Error, Equatable {
  package enum Cause: Equatable {
    case missingFolder(String)
    /// A folder or a device.
    case notAFile
    /// What the system said, as in errno.h.
    case system(Int32)
  }

  /// The file as it was named.
  package let path: String
  package let cause: Cause

  package init(_ path: String, _ cause: Cause = .system(errno)) {
    self.path = path
    self.cause = cause
  }
}

/// The file that a path means, links followed, and the permissions that it has if it exists.
private struct Target {
  let path: String
  let folder: String
  let mode: mode_t?

  init(_ path: String) throws {
    guard !path.isEmpty else { throw AtomicFileError(path, .system(ENOENT)) }
    let resolved = try Self.followingLinks(path)
    let slash = resolved.lastIndex(of: "/")
    let folder = slash.map { $0 == resolved.startIndex ? "/" : String(resolved[..<$0]) } ?? "."
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw AtomicFileError(path, .missingFolder(folder))
    }
    if stat(resolved, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw AtomicFileError(path, .notAFile) }
      guard access(resolved, W_OK) == 0 else { throw AtomicFileError(path) }
      mode = status.st_mode & 0o777
    } else {
      guard errno == ENOENT else { throw AtomicFileError(path) }
      mode = nil
    }
    guard access(folder, W_OK | X_OK) == 0 else { throw AtomicFileError(path) }
    self.path = resolved
    self.folder = folder
  }

  /// Unlike realpath, keeps a path whose last part does not exist yet.
  private static func followingLinks(_ path: String) throws -> String {
    var path = path
    let linkLimit = 40
    for _ in 0..<linkLimit {
      guard let destination = linkDestination(path) else { return path }
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      path = destination.hasPrefix("/") ? destination : folder + destination
    }
    throw AtomicFileError(path, .system(ELOOP))
  }

  private static func linkDestination(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      let count = readlink(path, buffer.baseAddress!, buffer.count)
      if count < 0 { return nil }
      return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
