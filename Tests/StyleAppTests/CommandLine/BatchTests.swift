import Foundation
import StyleTransfer
import TestSupport
import Testing

/// Many pictures by one command.
@Suite("Batch command", .serialized)
struct BatchCommandTests {
  private func withPhotographs(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: false)
      for (name, place) in [("castle.jpg", "photos"), ("kitten.jpg", "photos"), ("starry_night.jpg", ".")] {
        try FileManager.default.copyItem(
          at: URL(filePath: Impasto.example(name)), to: folder.appending(path: "\(place)/\(name)"))
      }
      try body(folder)
    }
  }

  private static let settings = ["--style", "starry_night.jpg", "--size", "40", "--iterations", "2"]

  @Test("a folder of photographs becomes pictures with the bytes of single runs, a page and a summary")
  func folder() throws {
    try withPhotographs { folder in
      let result = try Impasto.run(
        ["batch", "--content", "photos", "--out-dir", "out", "--sweep", "balance=0.3,0.7"] + Self.settings,
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "")
      let made = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").sorted()
      #expect(
        made == [
          "castle-balance-0.3.png", "castle-balance-0.7.png", "index.html", "kitten-balance-0.3.png",
          "kitten-balance-0.7.png", "summary.json",
        ])
      let single = try Impasto.run(
        ["transfer", "--content", "photos/kitten.jpg", "--balance", "0.7", "-o", "single.png"]
          + Self.settings, in: folder)
      #expect(single.status == 0, "\(single.errors)")
      #expect(
        try Data(contentsOf: folder.appending(path: "single.png"))
          == Data(contentsOf: folder.appending(path: "out/kitten-balance-0.7.png")))
    }
  }

  @Test(
    "a frame of a film is made again by its settings, to the same bytes, and without its start that is told")
  func rerunOfFrames() throws {
    try withPhotographs { folder in
      let film = try Picture(contentsOf: folder.path + "/photos/castle.jpg").resized(width: 70, height: 40)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "frames"), withIntermediateDirectories: false)
      for number in 1...3 {
        var colour: [Float] = []
        for row in 0..<120 {
          let start = row * 70 + 2 * number
          colour += film.colour[start..<start + 60]
        }
        try Picture(width: 60, height: 40, colour: colour).write(to: "\(folder.path)/frames/\(number).png")
      }
      let made = try Impasto.run(
        ["batch", "--frames", "frames/%d.png", "--out-dir", "film", "--no-stop-when-settled", "--quiet"]
          + Self.settings,
        in: folder)
      #expect(made.status == 0, "\(made.errors)")
      for name in ["0001", "0002", "0003"] {
        let again = try Impasto.run(["rerun", "film/\(name).png", "-o", "again.png", "--quiet"], in: folder)
        #expect(again.status == 0, "\(again.errors)")
        #expect(
          try Data(contentsOf: folder.appending(path: "again.png"))
            == Data(contentsOf: folder.appending(path: "film/\(name).png")), "\(name)")
      }
      try FileManager.default.removeItem(at: folder.appending(path: "film/starts"))
      let lost = try Impasto.run(["rerun", "film/0003.png", "-o", "lost.png", "--quiet"], in: folder)
      #expect(lost.status != 0 && lost.errors.contains("0003.png"), "\(lost.errors)")
    }
  }

  @Test(
    "a file of jobs is written, cut into shares, and gone on with; a failure is told and ends in its status")
  func jobs() throws {
    try withPhotographs { folder in
      let written = try Impasto.run(
        ["batch", "--content", "photos/*.jpg", "--out-dir", "out", "--write-jobs", "jobs.jsonl"]
          + Self.settings,
        in: folder)
      #expect(written.status == 0, "\(written.errors)")
      let file = folder.appending(path: "jobs.jsonl")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.split(separator: "\n").count == 2)
      try Data(
        (text
          + "{\"content\": \"gone.jpg\", \"styles\": [\"starry_night.jpg\"], \"output\": \"out/gone.png\"}\n")
          .utf8
      )
      .write(to: file)

      func run(_ share: String) throws -> BuiltProgram.Result {
        try Impasto.run(["batch", "jobs.jsonl", "--shard", share, "--report", "out"], in: folder)
      }
      let second = try run("2/2")
      #expect(second.status == 0, "\(second.errors)")
      let all = try run("1/1")
      #expect(all.status == 66)
      #expect(
        all.errors.contains(
          "impasto: out/gone.png (jobs.jsonl:3): 'gone.jpg' does not exist; check the path\n"))
      #expect(all.errors.contains("out/kitten.png is there"))
      #expect(all.errors.contains("1 made, 1 there already, 1 failed"))
      #expect(all.errors.hasSuffix("impasto: 1 of 3 jobs failed; the messages are above\n"))
      #expect(FileManager.default.fileExists(atPath: folder.path + "/out/summary-2-of-2.json"))
    }
  }

  @Test(
    "flags that contradict each other or say nothing are refused with usage",
    arguments: [
      ["batch"], ["batch", "--content", "a.jpg"], ["batch", "j.jsonl", "--size", "64"],
      ["batch", "j.jsonl", "--shard", "3/2"],
      ["batch", "--out-dir", "o", "--frames", "f%d.png", "--shard", "1/2"],
      ["batch", "--out-dir", "o", "--frames", "f%d.png", "--content", "a.jpg"],
      ["batch", "j.jsonl", "--at-once", "0"],
    ])
  func usage(_ arguments: [String]) throws {
    try withPhotographs { folder in
      let result = try Impasto.run(arguments, in: folder)
      #expect(result.status == 64, "\(result.errors)")
      #expect(result.errors.contains("Usage: impasto batch"))
    }
  }

  @Test("a signal ends a batch without a half picture, and the same command goes on")
  func interruption() throws {
    try withPhotographs { folder in
      let arguments =
        [
          "batch", "--content", "photos", "--out-dir", "out", "--at-once", "1", "--style", "starry_night.jpg",
          "--size", "64",
          "--iterations", "5000", "--no-stop-when-settled", "--quiet",
        ]
      let process = Impasto.process(arguments, in: folder)
      process.standardError = FileHandle.nullDevice
      try process.run()
      Thread.sleep(forTimeInterval: 3)
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 128 + SIGTERM)
      let there = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/out")
      #expect((there ?? []).allSatisfy { !$0.hasSuffix(".png") && !$0.hasSuffix(".tmp") })
    }
  }
}
