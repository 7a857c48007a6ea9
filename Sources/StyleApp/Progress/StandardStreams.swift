import Foundation
import StyleTransfer

/// The three streams that every program is started with, where whoever started this one closed some, or stops reading.
enum StandardStreams {
  /// Called once, before any file is opened.
  ///
  /// A closed stream becomes one to nowhere: the next file that is opened would take its number, and messages for
  /// people would be written into a picture. And a reader that goes away, or a file that may not grow, becomes an error
  /// of the write in place of a signal that ends the program, and with it the picture.
  static func prepare() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(stream, F_GETFD) < 0 && errno == EBADF {
      // Takes the lowest free number, which is this one.
      _ = open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Writes a file's bytes to standard output; false for a failure that `errno` names.
  static func writeOutput(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Ends what was printed, so that a full disk is not taken for success.
  ///
  /// - Throws: ``StyleTransferError`` where it could not be written; a reader that went away has seen enough.
  static func endOutput() throws {
    guard fflush(nil) != 0, errno != EPIPE else { return }
    throw StyleTransferError(
      .cannotWrite,
      "what was to be said cannot be written to standard output (\(String(cString: strerror(errno))))")
  }

  /// Writes to standard error as much as is taken; what nobody reads is no reason to stop.
  static func writeError(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
