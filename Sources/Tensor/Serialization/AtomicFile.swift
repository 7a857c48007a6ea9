#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Replaces a file by a complete new one or leaves everything as it was.
///
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and then take the place of the
/// old file in one step; on any failure the temporary file is removed.
struct AtomicFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Writes the file that `body` appends. An existing file keeps its permissions; a symbolic link is followed.
  ///
  /// - Throws: ``SerializationError`` of kind `unwritable`, or what `body` throws.
  static func write(
    to path: String, _ body: (borrowing AtomicFile) throws -> Void
  ) throws {
    let target = try resolved(path)
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
    let name = ".impasto-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
    let temporary = folder + name
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SerializationError.writing(path, errno) }
    do {
      defer { close(descriptor) }
      var old = stat()
      if stat(target, &old) == 0 { fchmod(descriptor, old.st_mode & 0o7777) }
      try body(AtomicFile(path: path, descriptor: descriptor))
      guard fsync(descriptor) == 0 else { throw SerializationError.writing(path, errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, target) == 0 else {
      let code = errno
      unlink(temporary)
      throw SerializationError.writing(path, code)
    }
    flushFolder(folder)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = systemWrite(descriptor, rest)
      if written < 0 {
        if errno == EINTR { continue }
        throw SerializationError.writing(path, errno)
      }
      rest = rest.dropFirst(written)
    }
  }

  func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

  /// The file that `path` leads to, which need not exist.
  private static func resolved(_ path: String) throws -> String {
    var status = stat()
    if stat(path, &status) != 0 { return path }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let what = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw SerializationError(.unwritable, file: path, "it is \(what)")
    }
    guard let real = realpath(path, nil) else { throw SerializationError.writing(path, errno) }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes the new name last through a loss of power; a file system that cannot do so is no reason to fail.
  private static func flushFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Writes some of `bytes`, or returns −1 and sets `errno`.
private func systemWrite(_ descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
  // One call takes at most 2 GiB on some systems.
  let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(1 << 30))
  return write(descriptor, part.baseAddress, part.count)
}
