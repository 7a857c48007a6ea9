#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An open file of the system, closed with its owner; its calls go on where a signal interrupts them.
struct FileDescriptor: ~Copyable {
  let number: Int32

  /// `nil` where the system refuses; `errno` says why.
  init?(opening path: String, _ flags: Int32) {
    let number = open(path, flags | O_CLOEXEC, 0o666)
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit { close(number) }

  /// Keeps others from locking the file until this one is closed; false where one of them was sooner, or where the file is
  /// no longer the one at `path`.
  func lock(at path: String) -> Bool {
    var (own, there) = (stat(), stat())
    return flock(number, LOCK_EX | LOCK_NB) == 0 && fstat(number, &own) == 0 && lstat(path, &there) == 0
      && own.st_dev == there.st_dev && own.st_ino == there.st_ino
  }

  /// Reads what there is, at most as much as fits: how many bytes, 0 at the end, -1 for a failure that `errno` names.
  func readSome(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = read(number, buffer.baseAddress, buffer.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Writes all of `bytes`, where the last ones ended or at `offset`; false for a failure that `errno` names.
  func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: Int? = nil) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      // One call takes at most 2 GiB on some systems.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      let count =
        offset.map { pwrite(number, part.baseAddress, part.count, off_t($0 + rest.startIndex)) }
        ?? write(number, part.baseAddress, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
