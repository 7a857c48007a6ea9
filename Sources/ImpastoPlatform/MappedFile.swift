#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The bytes of a whole file, mapped read-only into memory: opening costs nothing, and only what is looked at
/// is read from the disk.
///
/// Whoever borrows the bytes keeps the mapping alive. The file must not be changed in place meanwhile: the bytes
/// would change with it, and if it were cut short the system would end the process at the next look beyond the new
/// end. Replacing it by renaming another file over it, as ``AtomicFile`` does, is safe.
package final class MappedFile: @unchecked Sendable {
  /// What messages call the file.
  package let name: String
  package let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// - Throws: ``InputFileError`` when the file is missing, empty, a folder, no regular file, or cannot be read.
  package init(path: String) throws(InputFileError) {
    // A pipe without a writer would block; it is refused as not being a regular file.
    let file = try InputFile(path, waits: false)
    guard file.status.st_mode & S_IFMT == S_IFREG else { throw InputFileError(path, .notRegular) }
    let count = file.byteCount
    guard count > 0 else { throw InputFileError(path, .empty) }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor.number, 0), start != MAP_FAILED
    else { throw InputFileError(path, errno) }
    name = path
    bytes = UnsafeRawBufferPointer(start: start, count: count)
    isMapped = true
  }

  /// The same surface over bytes in memory, which are copied once to an aligned block.
  package init(copying source: some Collection<UInt8>, name: String) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    block.copyBytes(from: source)
    self.name = name
    bytes = UnsafeRawBufferPointer(block)
    isMapped = false
  }

  /// The same surface over `byteCount` new bytes, which `fill` writes.
  package init(
    byteCount: Int, name: String, filling fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    do {
      try fill(block)
    } catch {
      block.deallocate()
      throw error
    }
    self.name = name
    bytes = UnsafeRawBufferPointer(block)
    isMapped = false
  }

  /// Lets go of the memory behind a part that will not be looked at again soon. A later look reads the file anew.
  package func forget(_ part: UnsafeRawBufferPointer) {
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
}
