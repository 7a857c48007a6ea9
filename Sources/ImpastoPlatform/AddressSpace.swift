/// The addresses that a process may still map: batch systems limit them (`ulimit -v` and `-d`, setrlimit's RLIMIT_AS and
/// RLIMIT_DATA), and whoever hits such a limit finds no memory however much of it is free.
package enum AddressSpace {
  /// The bytes that may still be mapped; `nil` where there is no limit.
  package static func left() -> Double? {
    guard let limits = InputFile.text(of: "/proc/self/limits"),
      let status = InputFile.text(of: "/proc/self/status")
    else { return nil }
    return left(limits: limits, status: status)
  }

  /// Whether there is a limit.
  package static var isLimited: Bool { left() != nil }

  /// What is mapped sooner or later besides the arrays of a program that computes with so many threads, at the most: files
  /// of weights, and what the libraries reserve for each thread, little of which is ever touched.
  ///
  /// A thread has its stack, a heap of its own of the C library (64 MiB) and, once it multiplies matrices, a buffer of
  /// OpenBLAS (128 MiB), which would be asked for again and again, for ever, if it could not be had. Two threads more wait
  /// for signals.
  package static func aside(threads: Int) -> Double {
    let (files, heap, buffer) = (128.0, 64.0, 128.0)
    let mebibytes = files + Double(threads) * buffer + Double(threads + 1) * (heap + stack) + stack
    return mebibytes * 0x1p20
  }

  /// What small things take beside an array.
  static let margin = 16 * 0x1p20

  /// The most mebibytes of a thread's stack.
  private static let stack = 8.0

  /// - Parameters:
  ///   - limits: The text of `/proc/self/limits`.
  ///   - status: The text of `/proc/self/status`.
  static func left(limits: String, status: String) -> Double? {
    let budgets = [("Max address space", "VmSize:"), ("Max data size", "VmData:")]
    return budgets.compactMap { limit, use -> Double? in
      guard let bytes = field(limit, of: limits).flatMap({ Double($0) }),
        let used = field(use, of: status).flatMap({ Double($0) })
      else { return nil }
      return max(bytes - 1024 * used, 0)
    }.min()
  }

  /// The first word after `name` in the line that begins so.
  private static func field(_ name: String, of text: String) -> Substring? {
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(name) {
      return line.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first
    }
    return nil
  }
}
