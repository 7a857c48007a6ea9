#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that is written and read in pieces while something grows that is too large for memory.
package enum Spool {
  /// Writes `bytes` from `offset` on, into a new file where there is none, and cuts off what is after them.
  ///
  /// - Throws: ``AtomicFileError``.
  package static func write(_ bytes: [UInt8], to path: String, at offset: Int) throws {
    guard let descriptor = FileDescriptor(opening: path, O_WRONLY | O_CREAT),
      ftruncate(descriptor.number, off_t(offset)) == 0,
      bytes.withUnsafeBytes({ descriptor.writeAll($0, at: offset) })
    else { throw AtomicFileError(path) }
  }

  /// The bytes at a place.
  ///
  /// - Throws: ``InputFileError`` where the file is missing or too short.
  package static func read(_ place: Range<Int>, of path: String) throws(InputFileError) -> [UInt8] {
    guard let descriptor = FileDescriptor(opening: path, O_RDONLY) else { throw InputFileError(path, errno) }
    let bytes = [UInt8](unsafeUninitializedCapacity: place.count) { buffer, count in
      while count < place.count {
        let got = pread(
          descriptor.number, buffer.baseAddress! + count, place.count - count,
          off_t(place.lowerBound + count))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { return }
        count += got
      }
    }
    guard bytes.count == place.count else { throw InputFileError(path, .empty) }
    return bytes
  }

  package static func delete(_ path: String) { unlink(path) }
}
