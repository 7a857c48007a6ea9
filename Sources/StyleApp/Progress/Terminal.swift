import Foundation

/// What progress and messages are written to: standard error, so that standard output stays for results.
enum Terminal {
  /// Whether a person watches, rather than a pipe or a file.
  static let isInteractive =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Columns of the window, 80 where it is not known.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Columns for a line that is written over again and again: at its end the terminal itself writes `^C`, and a line
  /// that this wraps is left standing.
  static var liveWidth: Int { width - 2 }

  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
