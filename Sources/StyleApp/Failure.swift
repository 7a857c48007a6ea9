import Foundation

/// An error for the user: one sentence that says what was wrong, with the value, and what to do.
struct Failure: Error, CustomStringConvertible {
  /// What the exit status tells a script; the numbers are those of sysexits.h, and 128 + SIGINT.
  enum Kind: Int32 {
    case usage = 64
    case badData = 65
    case missingInput = 66
    case cannotWrite = 73
    case interrupted = 130
  }

  let kind: Kind
  let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  init(_ error: PictureError) {
    self.init(Kind(rawValue: error.exitStatus) ?? .badData, error.description)
  }

  /// Makes the folder at `path`, where there is none.
  static func orMakeFolder(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(.cannotWrite, "cannot make the folder '\(path)': \(error.localizedDescription)")
    }
  }

  /// Prints the sentence to standard error and ends the program.
  func exit() -> Never {
    FileHandle.standardError.write(Data("impasto: \(description)\n".utf8))
    Foundation.exit(kind.rawValue)
  }
}
