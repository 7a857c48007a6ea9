#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The bytes of a whole file, mapped read-only into memory: opening costs nothing, and only what is looked at
/// is read from the disk.
///
/// A tensor may borrow its numbers from the mapping (``Storage/init(borrowing:byteCount:owner:)``) and keeps it
/// alive. The file must not be changed in place meanwhile: its tensors would change with it, and if it were cut
/// short the system would end the process at the next look beyond the new end. Replacing it by renaming another
/// file over it, as ``AtomicFile`` does, is safe.
final class MappedFile: @unchecked Sendable {
  /// What messages call the file.
  let name: String
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// - Throws: ``SerializationError`` when the file is missing, empty, a folder, or cannot be read.
  init(path: String) throws {
    // A pipe without a writer would block at `open`; it is refused below as not being a regular file.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SerializationError.reading(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SerializationError.reading(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let what = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw SerializationError(.unreadable, file: path, "it is \(what)")
    }
    guard let count = Int(exactly: status.st_size), count > 0 else {
      throw SerializationError(.malformed, file: path, "the file is empty")
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw SerializationError.reading(path, errno)
    }
    name = path
    bytes = UnsafeRawBufferPointer(start: start, count: count)
    isMapped = true
  }

  /// The same surface over bytes in memory, which are copied once to an aligned block.
  init(copying source: some Collection<UInt8>, name: String) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    block.copyBytes(from: source)
    self.name = name
    bytes = UnsafeRawBufferPointer(block)
    isMapped = false
  }

  /// Lets go of the memory behind a part that will not be looked at again soon. A later look reads the file anew.
  func forget(_ part: UnsafeRawBufferPointer) {
    guard isMapped, let first = part.baseAddress else { return }
    // Whole pages alone: what lies beside the part may be in use.
    let page = Int(sysconf(CInt(_SC_PAGESIZE)))
    let start = (Int(bitPattern: first) + page - 1) / page * page
    let end = (Int(bitPattern: first) + part.count) / page * page
    if end > start { madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, MADV_DONTNEED) }
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    } else {
      bytes.deallocate()
    }
  }

  func malformed(at offset: Int? = nil, _ cause: String, remedy: String? = nil) -> SerializationError {
    SerializationError(.malformed, file: name, offset: offset, cause, remedy: remedy)
  }

  func unsupported(at offset: Int? = nil, _ cause: String, remedy: String? = nil) -> SerializationError {
    SerializationError(.unsupported, file: name, offset: offset, cause, remedy: remedy)
  }
}
