import Foundation
import StyleTransfer
import TestSupport
import Testing

#if os(Linux)
  /// Runs in a shell that has limited their addresses, as batch systems do.
  @Suite("Limits of addresses", .serialized)
  struct LimitTests {
    /// Runs the program under `ulimit OPTION KILOBYTES`; status 124 where it has not ended after half a minute.
    private func run(_ option: String, _ kilobytes: Int, in folder: URL, _ more: [String] = []) throws
      -> BuiltProgram.Result
    {
      try BuiltProgram(path: "/bin/sh").run(
        [
          "-c", "ulimit \(option) \(kilobytes) && exec timeout -s KILL 30 \"$@\"", "sh",
          BuiltProgram("impasto").executable.path, "transfer", "--preset", "study", "--content",
          "content.png", "--style",
          "style.png",
          "--size", "48", "--iterations", "2", "--threads", "2", "-o", "out.png", "--quiet",
        ] + more, in: folder)
    }

    private func withPictures(_ body: (URL) throws -> Void) throws {
      try withTemporaryFolder { folder in
        for (name, seed) in [("content.png", 1), ("style.png", 2)] {
          try Picture.random(width: 64, height: 48, maximum: 255, hasAlpha: false, seed: seed).write(
            to: folder.appending(path: name).path)
        }
        try body(folder)
      }
    }

    @Test(
      "too little is an error before the run, which says what to raise",
      arguments: [("-v", 300_000), ("-v", 500_000), ("-v", 800_000), ("-d", 300_000), ("-d", 600_000)])
    func tooLittle(option: String, kilobytes: Int) throws {
      try withPictures { folder in
        let result = try run(option, kilobytes, in: folder)
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("limit of addresses"))
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.png").path))
      }
    }

    @Test("enough is enough, and the picture is that of a run without a limit", arguments: ["-v", "-d"])
    func enough(option: String) throws {
      try withPictures { folder in
        let out = folder.appending(path: "out.png")
        #expect(try run("-c", 0, in: folder).status == 0)
        let free = try Data(contentsOf: out)
        try FileManager.default.removeItem(at: out)
        let result = try run(option, 2_600_000, in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try Data(contentsOf: out) == free)
      }
    }
  }
#endif
