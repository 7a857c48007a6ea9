import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp

/// Streams that are closed, full or that nobody reads, and signals in quick succession: the picture is what counts.
@Suite("Streams and signals")
struct StreamTests {
  private static func arguments(_ more: [String] = []) -> [String] {
    [
      "transfer", "--preset", "study", "--content", Impasto.example("castle.jpg"), "--style",
      Impasto.example("starry_night.jpg"),
      "-o", "out.png", "--size", "48", "--no-pyramid", "--no-stop-when-settled",
    ] + more
  }

  /// Runs the program as `"$@"` of a shell's script.
  private static func run(_ script: String, _ arguments: [String], in folder: URL) throws -> Int32 {
    let shell = shell(script, arguments, in: folder)
    try shell.run()
    shell.waitUntilExit()
    return shell.terminationStatus
  }

  private static func shell(_ script: String, _ arguments: [String], in folder: URL) -> Process {
    let program = Impasto.process(arguments, in: folder)
    let shell = Impasto.process([], in: folder)
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", script, "sh", program.executableURL!.path] + arguments
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle.nullDevice
    return shell
  }

  @Test(
    "a closed stream is no reason to lose the picture, nor does a message get into a file",
    arguments: ["2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"])
  func closedStreams(_ redirection: String) throws {
    try withTemporaryFolder { folder in
      let status = try Self.run(
        "exec \"$@\" \(redirection)", Self.arguments(["--iterations", "2", "--log", "log.jsonl"]), in: folder)
      #expect(status == 0)
      #expect(try Picture(contentsOf: folder.appending(path: "out.png").path).width == 48)
      let lines = try String(contentsOf: folder.appending(path: "log.jsonl"), encoding: .utf8).split(
        separator: "\n")
      #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    }
  }

  @Test(
    "an error is told by its status where nobody can read the sentence", arguments: ["2>&-", "2>/dev/full"])
  func closedStreamOfAnError(_ redirection: String) throws {
    try withTemporaryFolder { folder in
      let status = try Self.run("exec \"$@\" \(redirection)", ["rerun", "none.png"], in: folder)
      #expect(status == 66)
    }
  }

  @Test("what is printed to a full disk is no success, and what nobody reads to its end is")
  func fullOutput() throws {
    try withTemporaryFolder { folder in
      let compare = [
        "compare", Impasto.example("castle.jpg"), Impasto.example("castle.jpg"), "--layers", "conv_1",
      ]
      let full = try Self.run("exec \"$@\" >/dev/full", compare, in: folder)
      #expect(full == 73)
      let closed = try Self.run("exec \"$@\" >&-", compare, in: folder)
      #expect(closed == 0)
      _ = try Self.run("{ \"$@\"; echo $? >status; } | true", compare, in: folder)
      let unread = try String(contentsOf: folder.appending(path: "status"), encoding: .utf8)
      #expect(unread == "0\n")
    }
  }

  @Test("a name that is no UTF-8 is refused, where another file would be read or written")
  func foreignNames() throws {
    try withTemporaryFolder { folder in
      for place in ["--content \"$name\" -o out.png", "--content a.png -o \"$name\""] {
        let script = "name=$(printf '\\377.png'); exec \"$1\" transfer --style b.png \(place)"
        let status = try Self.run(script, [], in: folder)
        #expect(status == 64)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.isEmpty)
    }
  }

  @Test("a reader that goes away does not end a run")
  func reader() throws {
    try withTemporaryFolder { folder in
      _ = try Self.run(
        "{ \"$@\" 2>&1; echo $? >status; } | head -n 1", Self.arguments(["--iterations", "3"]), in: folder)
      #expect(try String(contentsOf: folder.appending(path: "status"), encoding: .utf8) == "0\n")
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: "out.png").path))
    }
  }

  @Test(
    "signals in quick succession are one request: the picture is saved",
    arguments: [
      [SIGINT, SIGINT], [SIGTERM, SIGTERM], [SIGINT, SIGTERM], [SIGTERM, SIGINT, SIGTERM, SIGHUP],
    ], [50, 150])
  func quickSignals(_ signals: [Int32], milliseconds: UInt32) throws {
    try withTemporaryFolder { folder in
      let process = try Self.started(in: folder)
      for number in signals {
        kill(process.processIdentifier, number)
        // All of them within the patience.
        usleep(milliseconds * 1000 / UInt32(signals.count - 1))
      }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signals[0])
      let json = try #require(try Picture.settings(ofFileAt: folder.appending(path: "out.png").path))
      #expect(json.contains("stopped-at-iteration"))
    }
  }

  @Test("a second request leaves at once, also while the picture is written to somebody who does not read")
  func blockedWriting() throws {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log.jsonl")
      let process = Impasto.process(
        [
          "transfer", "--preset", "study", "--content", Impasto.example("castle.jpg"), "--style",
          Impasto.example("starry_night.jpg"), "-o", "-", "--size", "256", "--no-pyramid", "--init", "noise",
          "--log", log.path, "--quiet",
        ], in: folder)
      // More than a pipe holds, and nobody empties it.
      process.standardOutput = Pipe()
      try process.run()
      Self.awaitLines(of: log)
      kill(process.processIdentifier, SIGTERM)
      usleep(4_000_000)
      #expect(process.isRunning)
      kill(process.processIdentifier, SIGTERM)
      let deadline = ContinuousClock.now + .seconds(10)
      while process.isRunning, ContinuousClock.now < deadline { usleep(50_000) }
      #expect(!process.isRunning)
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 143)
    }
  }

  @Test("a terminal that goes away saves the picture, unless nohup said not to mind")
  func hangUp() throws {
    try withTemporaryFolder { folder in
      let process = try Self.started(in: folder)
      kill(process.processIdentifier, SIGHUP)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 129)
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: "out.png").path))

      // The program takes the shell's place: a shell that was started with its signals blocked, as threads of the
      // tests' pool have them, never hears that its child has ended.
      let log = folder.appending(path: "second.jsonl")
      let survivor = Self.shell(
        "trap '' HUP; exec \"$@\"", Self.arguments(["--iterations", "12", "--log", log.path]), in: folder)
      try survivor.run()
      Self.awaitLines(of: log)
      kill(survivor.processIdentifier, SIGHUP)
      survivor.waitUntilExit()
      #expect(survivor.terminationReason == .exit && survivor.terminationStatus == 0)
    }
  }

  @Test("a second request leaves at once when it comes after the first was understood")
  func patience() {
    #expect(!Interruption.leavesAtOnce(after: .milliseconds(900)))
    #expect(Interruption.leavesAtOnce(after: .milliseconds(1100)))
  }

  @Test("a live line is drawn over all the rows that a narrower window made of it")
  func narrowing() {
    #expect(Terminal.drawing("new", over: 70, width: 80) == "\rnew\u{1B}[K")
    #expect(Terminal.drawing("new", over: 70, width: 70) == "\rnew\u{1B}[K")
    #expect(Terminal.drawing("new", over: 70, width: 40) == "\r\u{1B}[1A\u{1B}[Jnew")
    #expect(Terminal.drawing("new", over: 70, width: 20) == "\r\u{1B}[3A\u{1B}[Jnew")
    #expect(Terminal.drawing("new", over: 0, width: 20) == "\rnew\u{1B}[K")
  }

  /// A run that goes on for long, when it has something to save.
  private static func started(in folder: URL) throws -> Process {
    let process = Impasto.process(
      arguments(["--iterations", "100000", "--log", "log.jsonl", "--quiet"]), in: folder)
    process.standardError = FileHandle.nullDevice
    try process.run()
    awaitLines(of: folder.appending(path: "log.jsonl"))
    return process
  }

  /// Waits, a minute at most, until a run has something to save.
  private static func awaitLines(of log: URL) {
    for _ in 0..<3000 where ((try? Data(contentsOf: log))?.count ?? 0) < 200 { usleep(20_000) }
  }
}
