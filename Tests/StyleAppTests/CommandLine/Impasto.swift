import Foundation
import TestSupport
import Testing

/// The application as a user runs it: a process with arguments, two streams and an exit status.
enum Impasto {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The executable, which is built beside the tests' own.
  static let executable: URL = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "impasto")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    fatalError("no impasto beside \(CommandLine.arguments[0]); build the package's executable first")
  }()

  static func process(_ arguments: [String], in folder: URL) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    return process
  }

  static func run(_ arguments: [String], in folder: URL) throws -> Result {
    let process = process(arguments, in: folder)
    // Files rather than pipes, which could fill up while nobody reads.
    let (output, errors) = (folder.appending(path: ".stdout"), folder.appending(path: ".stderr"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
    return Result(
      status: process.terminationReason == .uncaughtSignal
        ? 128 + process.terminationStatus : process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  /// One of the pictures that come with the package.
  static func example(_ name: String) -> String {
    FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path
  }
}

/// An empty folder that disappears after `body`.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
