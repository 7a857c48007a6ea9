import Foundation
import TestSupport
import Testing

/// `make install` and `make uninstall`, by the script that they run.
@Suite("Installation")
struct InstallTests {
  private func run(_ action: String, _ prefix: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [FixtureFile.packageRoot.appending(path: "Scripts/install.sh").path, action]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "IMPASTO": BuiltProgram("impasto").executable.path, "PREFIX": prefix,
    ]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test("program, manual and completions come where they belong, and go again, with nothing left of them")
  func installation() throws {
    try withTemporaryFolder { folder in
      let prefix = folder.path + "/a b"
      let installed = try run("install", prefix)
      #expect(installed.status == 0, "\(installed.output)")
      func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(prefix)/\(path)", encoding: .utf8)
      }
      let manual = try text("share/man/man1/impasto.1")
      #expect(manual.hasPrefix(".TH IMPASTO 1"))
      for command in HelpTests.commands { #expect(manual.contains(".SS impasto \(command)\n"), "\(command)") }
      #expect(manual.contains(".TP\n.B \\-\\-content <picture>\n"))
      #expect(try text("share/bash-completion/completions/impasto").contains("complete"))
      #expect(try text("share/zsh/site-functions/_impasto").hasPrefix("#compdef impasto"))
      #expect(try text("share/fish/vendor_completions.d/impasto.fish").contains("impasto"))
      #expect(FileManager.default.isExecutableFile(atPath: "\(prefix)/bin/impasto"))
      #expect(try run("uninstall", prefix).status == 0)
      let walk = try #require(FileManager.default.enumerator(atPath: prefix))
      let files = walk.compactMap { $0 as? String }.filter { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(prefix)/\(path)", isDirectory: &isFolder)
          && !isFolder.boolValue
      }
      #expect(files.isEmpty)
    }
  }
}
