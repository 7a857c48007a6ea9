import Foundation
import TestSupport
import Testing

/// The README's lines, pasted in order into a folder that has the package's examples and nothing else.
@Suite("README", .serialized)
struct ReadmeTests {
  /// The lines of its shell blocks that run the program, without the program's name.
  private static func lines() throws -> [[String]] {
    let text = try String(
      contentsOf: FixtureFile.packageRoot.appending(path: "README.md"), encoding: .utf8)
    var isShell = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if line.hasPrefix("```") {
        isShell = line == "```sh"
        return nil
      }
      guard isShell, line.hasPrefix(".build/release/impasto ") else { return nil }
      return line.split(separator: " ").dropFirst().map(String.init)
    }
  }

  @Test("every line that runs the program runs as it stands, in order, with pictures made small")
  func paste() throws {
    let lines = try Self.lines()
    #expect(lines.count >= 8)
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "out"), withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "Examples"),
        withDestinationURL: FixtureFile.packageRoot.appending(path: "Examples"))
      for line in lines {
        switch line[0] {
        case "transfer", "texture", "reconstruct", "batch":
          try run(line + ["--size", "48", "--iterations", "2"], in: folder)
        // Its pictures would take minutes.
        case "study": try run(line + ["--plan", "--size", "64"], in: folder)
        case "studio": try serve(line, in: folder)
        default: try run(line, in: folder)
        }
      }
    }
  }

  private func run(_ line: [String], in folder: URL) throws {
    let result = try Impasto.run(line, in: folder)
    #expect(result.status == 0, "\(line.joined(separator: " ")): \(result.errors)")
  }

  /// Starts a studio, and ends it when it has told where it is.
  private func serve(_ line: [String], in folder: URL) throws {
    let process = Impasto.process(line + ["--port", "0", "--no-open"], in: folder)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let told = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(told.hasPrefix("The studio is at http://127.0.0.1:"))
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("every picture and page that it links to is there")
  func links() throws {
    let text = try String(
      contentsOf: FixtureFile.packageRoot.appending(path: "README.md"), encoding: .utf8)
    let targets = text.matches(of: /\]\(([^)#]+)\)/).map { String($0.1) }.filter { !$0.contains("://") }
    #expect(targets.count > 10)
    for target in targets {
      let file = FixtureFile.packageRoot.appending(path: target)
      #expect(FileManager.default.fileExists(atPath: file.path), "\(target)")
    }
  }
}
