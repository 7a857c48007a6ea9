import ArgumentParser
import Foundation

/// The words of the command line, before the parser sees them.
enum Arguments {
  /// The arguments with each value that begins with a minus joined to its option: `--size=-5`, `--content=-1.png`.
  ///
  /// The parser takes what begins with a minus for an option and says that the value is missing, where it should be said
  /// what is wrong with it, or nothing is: none of our options begins with a minus and a digit, or has a dot.
  static func joined(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    for argument in arguments {
      if let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("="),
        argument.prefixMatch(of: /-(\.?\d|inf|nan|[^-=][^=]*\.\w+$)/) != nil
      {
        joined[joined.count - 1] = "\(option)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
    return joined
  }

  /// Refuses words that are no UTF-8: as texts they would be the names of other files.
  ///
  /// - Throws: `ValidationError` with the word.
  static func checkNames() throws {
    for argument in 0..<Int(CommandLine.argc) {
      guard let word = CommandLine.unsafeArgv[argument] else { break }
      guard String(validatingCString: word) == nil else { continue }
      throw ValidationError(
        "'\(String(cString: word))' is not UTF-8, so that another file would be meant; rename it, or give its picture "
          + "through standard input, as with --content - < FILE")
    }
  }
}
