#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file or pipe that is read from its start to its end.
package struct InputFile: ~Copyable {
  let path: String
  let descriptor: FileDescriptor
  let status: stat

  /// - Parameter waits: Whether a pipe without a writer is waited for.
  /// - Throws: ``InputFileError`` for what is missing, a folder, or may not be read.
  package init(_ path: String, waits: Bool = true) throws(InputFileError) {
    guard let descriptor = FileDescriptor(opening: path, waits ? O_RDONLY : O_RDONLY | O_NONBLOCK) else {
      throw InputFileError(path, errno)
    }
    var status = stat()
    guard fstat(descriptor.number, &status) == 0 else { throw InputFileError(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw InputFileError(path, .folder) }
    self.path = path
    self.descriptor = descriptor
    self.status = status
  }

  /// The bytes that the file has by its entry in the folder; 0 for a pipe and for what the system makes up.
  package var byteCount: Int { Int(status.st_size) }

  /// Calls `body` with one piece of the file after the other.
  package func forEachPiece(
    _ body: (UnsafeRawBufferPointer) throws(InputFileError) -> Void
  ) throws(InputFileError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = descriptor.readSome(into: buffer)
      guard count >= 0 else { throw InputFileError(path, errno) }
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// All bytes of the file or pipe at `path`.
  ///
  /// - Parameter limit: The most bytes that are taken; an endless pipe must stop somewhere.
  /// - Throws: ``InputFileError`` for what is missing, a folder, not readable, or longer than `limit`.
  package static func bytes(of path: String, limit: Int) throws(InputFileError) -> [UInt8] {
    let file = try InputFile(path)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(file.byteCount, limit))
    try file.forEachPiece { (piece) throws(InputFileError) in
      guard piece.count <= limit - bytes.count else { throw InputFileError(path, .tooLong(limit: limit)) }
      bytes.append(contentsOf: piece)
    }
    return bytes
  }

  /// The text of a short file, such as the system's own under /proc; `nil` where it cannot be read.
  static func text(of path: String) -> String? {
    (try? bytes(of: path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Why a file cannot be read.
package struct InputFileError: Error, Equatable {
  package enum Cause: Equatable, Sendable {
    /// There is no such file.
    case missing
    case folder
    /// A pipe or a device where a file is needed.
    case notRegular
    /// There is not one byte in it.
    case empty
    case tooLong(limit: Int)
    /// What the system said, as in errno.h.
    case system(Int32)
  }

  /// The file as it was named.
  package let path: String
  package let cause: Cause

  init(_ path: String, _ cause: Cause) {
    self.path = path
    self.cause = cause
  }

  init(_ path: String, _ code: Int32) {
    self.path = path
    cause =
      switch code {
      case ENOENT, ENOTDIR: .missing
      case EISDIR: .folder
      default: .system(code)
      }
  }
}

/// The system's sentence for one of its numbers for errors.
package func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
