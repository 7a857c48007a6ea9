import Foundation
import TestSupport

/// The application as a user runs it.
enum Impasto {
  private static let program = BuiltProgram("impasto")

  static func process(_ arguments: [String], in folder: URL) -> Process {
    program.process(arguments, in: folder)
  }

  static func run(_ arguments: [String], in folder: URL) throws -> BuiltProgram.Result {
    try program.run(arguments, in: folder)
  }

  /// One of the pictures that come with the package.
  static func example(_ name: String) -> String {
    FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path
  }
}
