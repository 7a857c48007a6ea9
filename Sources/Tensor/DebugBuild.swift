#if DEBUG
  #if canImport(Darwin)
    import Darwin
  #else
    import Glibc
  #endif
#endif

/// What a build without optimisation says of itself.
enum DebugBuild {
  /// Tells whoever waits in front of a terminal, once, why the program is slow. Files and pipes get nothing: what programs
  /// read is the same in both builds.
  @inline(__always)
  static func mentionOnce() {
    #if DEBUG
      _ = mention
    #endif
  }

  #if DEBUG
    private static let mention: Void = {
      guard isatty(2) == 1 else { return }
      let text =
        "Tensor: this is a debug build, which computes many times more slowly; build with: swift build -c release\n"
      _ = text.withCString { write(2, $0, strlen($0)) }
    }()
  #endif
}
