import Foundation

/// One of the package's executables as a user runs it: a process with arguments, two streams and an exit status.
public struct BuiltProgram: Sendable {
  /// What a run came to.
  public struct Result: Sendable {
    /// The exit status; 128 and the signal's number after a signal, as shells have it.
    public let status: Int32
    public let output: String
    public let errors: String
  }

  public let executable: URL

  /// The executable called `name`, which is built beside the tests' own.
  public init(_ name: String) {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: name)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
        executable = candidate
        return
      }
      folder.deleteLastPathComponent()
    }
    fatalError("no \(name) beside \(CommandLine.arguments[0]); build the package's executables first")
  }

  /// Another program, such as a shell.
  public init(path: String) { executable = URL(filePath: path) }

  /// A process that was not started yet, with nothing to read.
  public func process(_ arguments: [String], in folder: URL) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs the program in `folder` until it ends.
  public func run(_ arguments: [String] = [], in folder: URL) throws -> Result {
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
}

/// An empty folder that disappears after `body`.
public func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
