import Foundation
import Synchronization

/// What progress and messages are written to: standard error, so that standard output stays for results.
///
/// One line may be *live*: written over again and again, with the cursor left in it. Whatever else is written ends it
/// first, from whichever thread.
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

  /// The columns of the live line that stands; `nil` when there is none.
  private static let live = Mutex<Int?>(nil)

  /// Writes the live line in place of the one before.
  static func show(_ line: String) {
    live.withLock { columns in
      StandardStreams.writeError(drawing(line, over: columns ?? 0, width: width))
      columns = line.count
    }
  }

  /// Ends the live line, if there is one, so that what follows starts on a line of its own.
  ///
  /// - Parameter erasing: Whether it is taken away rather than left above.
  static func endLine(erasing: Bool = false) {
    live.withLock { columns in
      guard let standing = columns else { return }
      StandardStreams.writeError(erasing ? drawing("", over: standing, width: width) : "\n")
      columns = nil
    }
  }

  /// Writes whole lines.
  static func write(_ text: String) { StandardStreams.writeError(text) }

  /// What draws a live line over one of so many columns.
  ///
  /// A window that was made narrower since has broken the old line into several rows, of which the cursor is in the last.
  static func drawing(_ line: String, over columns: Int, width: Int) -> String {
    let rowsAbove = max(0, columns - 1) / max(1, width)
    return rowsAbove > 0 ? "\r\u{1B}[\(rowsAbove)A\u{1B}[J\(line)" : "\r\(line)\u{1B}[K"
  }
}
