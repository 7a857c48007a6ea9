import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp

/// Runs that are killed or stopped, and go on to the bytes that they would have come to.
@Suite("Resume", .serialized)
struct ResumeTests {
  private static func arguments(_ more: [String] = []) -> [String] {
    [
      "transfer", "--preset", "study", "--content", Impasto.example("castle.jpg"), "--style",
      Impasto.example("starry_night.jpg"),
      "-o", "out.png", "--scales", "48:12,64:12", "--no-stop-when-settled", "--quiet",
    ] + more
  }

  private static let side = ["--log", "log.jsonl", "--timelapse", "film.png", "--save-every", "5"]

  private static func bytes(_ name: String, in folder: URL) -> Data? {
    try? Data(contentsOf: folder.appending(path: name))
  }

  /// Starts the program, and waits until `condition` holds or it has ended.
  private static func start(_ arguments: [String], in folder: URL, until condition: () -> Bool) throws
    -> Process
  {
    let process = Impasto.process(arguments, in: folder)
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<6000 where process.isRunning && !condition() { usleep(10_000) }
    return process
  }

  private static func exists(_ name: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  @Test(
    "killed again and again at random moments, a run ends in the same picture, film, pictures on the way and log",
    arguments: ["lbfgs", "adam"])
  func kills(_ optimizer: String) throws {
    try withTemporaryFolder { whole in
      let more = Self.side + ["--optimizer", optimizer]
      let result = try Impasto.run(Self.arguments(more), in: whole)
      #expect(result.status == 0, "\(result.errors)")
      #expect(!Self.exists("out.png.checkpoint", in: whole) && !Self.exists("film.png.frames", in: whole))
      try withTemporaryFolder { folder in
        let state = "state.checkpoint"
        let pauses = DeterministicValues(seed: optimizer.count).uniform(7, in: 1_000...400_000)
        var kills = 0
        var command = Self.arguments(more + ["--checkpoint", state, "--checkpoint-every", "0"])
        while true {
          let process = try Self.start(command, in: folder) { Self.exists(state, in: folder) }
          // Also while a state is being written, which goes on nearly all the time.
          usleep(UInt32(pauses[kills]))
          guard kills < 6, process.isRunning else {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            break
          }
          kill(process.processIdentifier, SIGKILL)
          process.waitUntilExit()
          #expect(process.terminationReason == .uncaughtSignal)
          kills += 1
          command = ["resume", state, "--quiet"]
        }
        #expect(kills > 0)
        for name in ["out.png", "film.png", "out-0005.png", "out-0010.png", "out-0015.png", "out-0020.png"] {
          let (found, expected) = (Self.bytes(name, in: folder), Self.bytes(name, in: whole))
          #expect(found != nil && found == expected, "\(name)")
        }
        let logs = [whole, folder].map { IterationLog.iterations(at: $0.appending(path: "log.jsonl").path) }
        let expected = try #require(logs[0])
        let found = try #require(logs[1])
        #expect(found.map(\.total) == expected.map(\.total) && found.map(\.number) == expected.map(\.number))
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(left) == Set(try FileManager.default.contentsOfDirectory(atPath: whole.path)))
      }
    }
  }

  @Test(
    "a signal saves the picture and keeps the state; the status is 128 and its number, and the run goes on",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(_ number: Int32) throws {
    try withTemporaryFolder { folder in
      let whole = try Impasto.run(Self.arguments(), in: folder)
      #expect(whole.status == 0, "\(whole.errors)")
      let expected = Self.bytes("out.png", in: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "out.png"))
      // The first state is written after the first evaluation.
      let process = try Self.start(Self.arguments(["--checkpoint", "state"]), in: folder) {
        Self.exists("state", in: folder)
      }
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 128 + number)
      let json = try #require(try Picture.settings(ofFileAt: folder.appending(path: "out.png").path))
      #expect(json.contains("stopped-at-iteration"))
      #expect(Self.exists("state", in: folder))
      // From another folder, into another file.
      try withTemporaryFolder { elsewhere in
        let state = folder.appending(path: "state").path
        let result = try Impasto.run(["resume", state, "-o", "other.png"], in: elsewhere)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("from iteration "))
        #expect(Self.bytes("other.png", in: elsewhere) == expected)
      }
      #expect(!Self.exists("state", in: folder))
    }
  }

  @Test("a run that is short leaves no state, and one that is told to keep none writes none")
  func none() throws {
    try withTemporaryFolder { folder in
      let process = try Self.start(Self.arguments(["--log", "log.jsonl"]), in: folder) {
        (Self.bytes("log.jsonl", in: folder)?.count ?? 0) > 200
      }
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationStatus == 143)
      #expect(
        try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["out.png", "log.jsonl"])
    }
  }

  @Test("a state that cannot be written is told of, and the run goes on")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(Self.arguments(["--checkpoint", "no/where"]), in: folder)
      #expect(result.status == 0)
      #expect(result.errors.contains("the state of the run cannot be kept"), "\(result.errors)")
      #expect(Self.exists("out.png", in: folder))
    }
  }

  @Test("a state of a run that was stopped is told of when the run is begun anew")
  func begunAnew() throws {
    try withTemporaryFolder { folder in
      let loud = Self.arguments(["--checkpoint", "state"]).filter { $0 != "--quiet" }
      let process = try Self.start(loud, in: folder) { Self.exists("state", in: folder) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let result = try Impasto.run(loud, in: folder)
      #expect(result.status == 0)
      #expect(result.errors.contains("'state' is there from a run that was stopped"), "\(result.errors)")
      #expect(!Self.exists("state", in: folder))
    }
  }

  @Test("what cannot be gone on with is refused")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let missing = try Impasto.run(["resume", "nowhere"], in: folder)
      #expect(missing.status == 66 && missing.errors.contains("nowhere"), "\(missing.errors)")
      let other = try Impasto.run(["resume", Impasto.example("castle.jpg")], in: folder)
      #expect(other.status == 65 && other.errors.contains("is no checkpoint"), "\(other.errors)")
      let process = try Self.start(Self.arguments(["--checkpoint", "state"]), in: folder) {
        Self.exists("state", in: folder)
      }
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      let collision = try Impasto.run(["resume", "state", "-o", Impasto.example("castle.jpg")], in: folder)
      #expect(collision.status == 64 && collision.errors.contains("is an input"), "\(collision.errors)")
    }
  }

  @Test("a disk that is full is noticed before the run")
  func fullBefore() throws {
    try withTemporaryFolder { folder in
      let process = Impasto.process(Self.arguments(), in: folder)
      let program = process.executableURL!.path
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = ["-c", "ulimit -f 1; exec \"$@\" 2>messages", "sh", program] + Self.arguments()
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 73)
      let messages = String(decoding: Self.bytes("messages", in: folder) ?? Data(), as: UTF8.self)
      #expect(messages.contains("and there is room for "), "\(messages)")
    }
  }

  #if os(Linux)
    @Test("a picture that finds no room waits for it, and is written when there is some")
    func fullDisk() throws {
      try withTemporaryFolder { folder in
        try Data("old".utf8).write(to: folder.appending(path: "out.png"))
        // Noise of 56 pixels, of which a PNG has more than 4 kB.
        let arguments = [
          "reconstruct", "--content", Impasto.example("castle.jpg"), "--size", "56", "--iterations", "1",
          "--init", "noise", "--noise-amplitude", "1", "-o", "out.png",
        ]
        let process = Impasto.process(arguments, in: folder)
        let program = process.executableURL!.path
        process.executableURL = URL(filePath: "/bin/bash")
        // Blocks of 1,024 bytes; a limit of the process alone, which another one may lift.
        process.arguments = ["-c", "ulimit -S -f 4; exec \"$@\" 2>messages", "sh", program] + arguments
        try process.run()
        func messages() -> String {
          String(decoding: Self.bytes("messages", in: folder) ?? Data(), as: UTF8.self)
        }
        for _ in 0..<6000 where process.isRunning && !messages().contains("waits in memory") {
          usleep(10_000)
        }
        #expect(messages().contains("waits in memory until there is room"), "\(messages())")
        #expect(process.isRunning)
        #expect(Self.bytes("out.png", in: folder) == Data("old".utf8))
        let lift = Impasto.process(
          ["--pid", "\(process.processIdentifier)", "--fsize=1073741824:"], in: folder)
        lift.executableURL = URL(filePath: "/usr/bin/prlimit")
        try lift.run()
        lift.waitUntilExit()
        #expect(lift.terminationStatus == 0)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(messages())")
        #expect(try Picture(contentsOf: folder.appending(path: "out.png").path).width == 56)
      }
    }
  #endif
}
