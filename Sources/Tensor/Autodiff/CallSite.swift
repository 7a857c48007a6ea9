#if canImport(Runtime)
  import Runtime
#endif

/// A place in the program from which the library was called. Taking it is quick; finding its line reads the program's
/// debug information.
struct CallSite: Sendable {
  private let resolve: @Sendable () -> AnomalyError.Location?

  /// The innermost call that is not the library's own.
  var location: AnomalyError.Location? { resolve() }

  /// What takes the place where the program is when it is called.
  ///
  /// It knows the libraries that are loaded now: to look for them at every call would take a hundred times as long.
  static func recorder() -> @Sendable () -> CallSite {
    #if canImport(Runtime)
      if #available(macOS 26, *) {
        let images = ImageMap.capture()
        return {
          let trace = try? Backtrace.capture(images: images)
          return CallSite { trace.flatMap(location) }
        }
      }
    #endif
    return { CallSite { nil } }
  }

  #if canImport(Runtime)
    @available(macOS 26, *)
    private static func location(in trace: Backtrace) -> AnomalyError.Location? {
      for frame in trace.symbolicated()?.frames ?? [] {
        guard let symbol = frame.symbol, let source = symbol.sourceLocation, source.line > 0,
          !source.path.hasPrefix(library), !source.path.hasPrefix(libraryInPackage)
        else { continue }
        return AnomalyError.Location(file: source.path, line: source.line, function: symbol.name)
      }
      return nil
    }

    /// The folder of this library's sources, as the compiler was given it.
    private static let library =
      #filePath.split(separator: "/", omittingEmptySubsequences: false)
      .dropLast(2).joined(separator: "/") + "/"
    /// The same folder seen from the package's: what the compiler names it for some inlined functions.
    private static let libraryInPackage =
      library.split(separator: "/").suffix(2).joined(separator: "/") + "/"
  #endif
}
