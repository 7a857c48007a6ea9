import Foundation

#if canImport(Runtime)
  import Runtime
#endif

/// A place in the program from which the library was called. Taking it is quick; finding its line reads the program's
/// debug information.
struct CallSite: Sendable {
  private let resolve: @Sendable () -> AnomalyError.Location?

  /// The innermost call that is not the library's own.
  var location: AnomalyError.Location? { resolve() }

  /// The innermost call from outside of the library that the program is in.
  ///
  /// Few frames are looked at first: those further out are in other libraries, whose debug information takes long to read.
  /// It is not looked for where the environment has Swift's `SWIFT_BACKTRACE=enable=no`: a large program takes seconds and
  /// hundreds of megabytes.
  static var here: AnomalyError.Location? {
    #if canImport(Runtime)
      if #available(macOS 26, *), !isOff {
        let images = ImageMap.capture()
        for limit in [12, 64] {
          let trace = try? Backtrace.capture(limit: limit, top: 0, images: images)
          if let location = trace.flatMap(location) { return location }
        }
      }
    #endif
    return nil
  }

  /// The name of the library's function that the program called, as far as it can be told.
  static var operation: String? {
    #if canImport(Runtime)
      if #available(macOS 26, *), !isOff {
        let trace = try? Backtrace.capture(limit: 64, top: 0, images: ImageMap.capture())
        var name: String?
        for frame in trace?.symbolicated()?.frames ?? [] {
          guard let symbol = frame.symbol else { continue }
          let path = symbol.sourceLocation?.path ?? ""
          if libraryFolders.contains(where: path.hasPrefix) {
            name = symbol.name
          } else if name != nil, !path.isEmpty, !path.contains(standardLibrary) {
            break
          }
        }
        return name.map(baseName)
      }
    #endif
    return nil
  }

  /// `conv2D` of "specialized Tensor<>.conv2D(_:bias:)", and `scalar` of "Tensor.scalar.getter : A".
  static func baseName(_ name: String) -> String {
    let function = name.components(separatedBy: " in ").last!.components(separatedBy: " : ")[0]
    let parts = function.prefix { $0 != "(" }.split(separator: ".")
    return String(parts.last { !["getter", "setter", "modify", "read"].contains($0) } ?? "the operation")
  }

  private static var isOff: Bool {
    ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"]?.contains("enable=no") ?? false
  }

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
          !libraryFolders.contains(where: source.path.hasPrefix), !source.path.contains(standardLibrary)
        else { continue }
        return AnomalyError.Location(
          file: source.path, line: source.line, function: completed(symbol.name))
      }
      return nil
    }

    /// Where sources of the standard library lie, whose functions are compiled into those that call them.
    private static let standardLibrary = "/stdlib/public/"

    /// The folders of this library's sources, as the compiler was given them, and as they are seen from the package's
    /// folder, which the compiler names for some inlined functions.
    private static let libraryFolders: [String] = {
      let sources = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      return ["Tensor", "NN"].flatMap { module in
        [sources.joined(separator: "/"), String(sources.last ?? "")].map { "\($0)/\(module)/" }
      }
    }()
  #endif

  /// A function's name as a message shows it. The code of a main file that is in no function has none: its closures end
  /// in nothing, "closure #1 in ", and itself is called as the program, which SwiftPM names "consumer_main".
  static func completed(_ name: String) -> String {
    let isMain = name == "main" || name.hasSuffix("_main")
    return isMain ? "top-level code" : name.hasSuffix(" in ") ? name + "top-level code" : name
  }
}
