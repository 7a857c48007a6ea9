#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that appear whole or not at all.
///
/// Bytes go to a temporary file in the same folder, reach the disk, and take the name by a rename: whoever looks
/// sees the old file or the new one, and a failure leaves the old one as it was and nothing beside it. What a program
/// that is killed leaves is gone once the file is written again. A new file gets the permissions that the umask leaves;
/// a replaced one keeps its own. A symbolic link stays, and what it points to is replaced.
package enum AtomicFile {
  /// - Throws: ``AtomicFileError`` if `path` cannot be written.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try replace(path) { file in try bytes.withUnsafeBytes { try file.append($0) } }
  }

  /// Replaces the file at `path` by what `body` appends to the one it is given.
  ///
  /// - Throws: ``AtomicFileError`` if `path` cannot be written, and whatever `body` throws.
  package static func replace(_ path: String, body: (borrowing OpenFile) throws -> Void) throws {
    let target = try Target(path)
    guard let temporary = TemporaryFile(for: target) else { throw AtomicFileError(path) }
    let file = OpenFile(path: path, temporary: temporary)
    do {
      if let mode = target.mode, fchmod(file.temporary.descriptor.number, mode) != 0 {
        throw AtomicFileError(path)
      }
      try body(file)
      guard fsync(file.temporary.descriptor.number) == 0, rename(file.temporary.path, target.path) == 0 else {
        throw AtomicFileError(path)
      }
    } catch {
      unlink(file.temporary.path)
      throw error
    }
    flush(folder: target.folder)
  }

  /// Deletes the file at `path`, and what a program that was killed while it wrote that left beside it.
  package static func delete(_ path: String) {
    let target = try? Target(path)
    unlink(path)
    if let target { TemporaryFile.deleteLeftover(of: target) }
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
    fileprivate let temporary: TemporaryFile

    package func append(_ bytes: UnsafeRawBufferPointer) throws {
      guard temporary.descriptor.writeAll(bytes) else { throw AtomicFileError(path) }
    }

    package func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

    /// Writes at a place of its own, in any order; where nothing is written there are zeros.
    ///
    /// - Parameter offset: In bytes from the file's beginning.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
      guard temporary.descriptor.writeAll(bytes, at: offset) else { throw AtomicFileError(path) }
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

/// What is written before it takes a file's name.
///
/// Its own name is made of the file's, so that the next one finds what a killed program left. A lock, which ends with
/// whoever has it, tells whether another one is writing just now: then the name is one that nobody has.
private struct TemporaryFile: ~Copyable {
  let path: String
  let descriptor: FileDescriptor

  /// `nil` where the system refuses; `errno` says why.
  init?(for target: borrowing Target) {
    Self.deleteLeftover(of: target)
    let usual = Self.usualPath(of: target)
    if let descriptor = FileDescriptor(opening: usual, Self.creating), descriptor.lock(at: usual) {
      self.init(path: usual, descriptor: descriptor)
      return
    }
    let own = target.folder + "/.impasto-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    guard let descriptor = FileDescriptor(opening: own, Self.creating) else { return nil }
    self.init(path: own, descriptor: descriptor)
  }

  private init(path: String, descriptor: consuming FileDescriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  static func deleteLeftover(of target: Target) {
    let path = usualPath(of: target)
    if let left = FileDescriptor(opening: path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK), left.lock(at: path) {
      unlink(path)
    }
  }

  private static let creating = O_WRONLY | O_CREAT | O_EXCL

  private static func usualPath(of target: Target) -> String {
    "\(target.folder)/.impasto-\(target.name).tmp"
  }
}

/// The file that a path means, links followed, and the permissions that it has if it exists.
private struct Target {
  let path: String
  let folder: String
  let name: Substring
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
    name = slash.map { resolved[resolved.index(after: $0)...] } ?? resolved[...]
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
