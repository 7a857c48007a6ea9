import Foundation
import NN
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp

/// Settings that come from files and pictures, on the real network.
@Suite("Rerun", .serialized)
struct RerunTests {
  static let runs: [[String]] = [
    [
      "transfer", "--content", Impasto.example("castle.jpg"), "--style", Impasto.example("cafe_terrace.jpg"),
      "--style", Impasto.example("starry_night.jpg"), "--style-blend", "3,1", "--scales", "32:2,48:3",
      "--keep-colors", "linear", "--init", "content", "--balance", "0.7",
    ],
    [
      "texture", "--style", Impasto.example("starry_night.jpg"), "--width", "40", "--height", "32",
      "--iterations", "3", "--tileable", "--style-loss", "wasserstein", "--style-layers", "conv_1...conv_3",
    ],
    [
      "reconstruct", "--content", Impasto.example("kitten.jpg"), "--size", "40", "--iterations", "3",
      "--optimizer", "adam", "--noise-amplitude", "0.3", "--seed", "18446744073709551615",
    ],
  ]

  @Test("a picture holds what makes it again, to the same bytes", arguments: runs)
  func sameBytes(_ arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let first = try Impasto.run(arguments + ["-o", "a.png", "--quiet"], in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let second = try Impasto.run(["rerun", "a.png", "--quiet", "--threads", "1"], in: folder)
      #expect(second.status == 0, "\(second.errors)")
      let bytes = try ["a.png", "a-rerun.png"].map { try Data(contentsOf: folder.appending(path: $0)) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test("a picture on the way is made again as well, also one from a smaller size", arguments: [2, 3, 4])
  func intermediate(_ iteration: Int) throws {
    try withTemporaryFolder { folder in
      let first = try Impasto.run(
        Self.runs[0] + ["-o", "a.png", "--quiet", "--save-every", "1"], in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let name = "a-000\(iteration)"
      let second = try Impasto.run(["rerun", "\(name).png", "--quiet"], in: folder)
      #expect(second.status == 0, "\(second.errors)")
      let bytes = try ["\(name).png", "\(name)-rerun.png"].map {
        try Data(contentsOf: folder.appending(path: $0))
      }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test("a picture whose sources have changed is not made again")
  func changedSource() throws {
    try withTemporaryFolder { folder in
      let content = folder.appending(path: "in.png").path
      let source = try Picture(contentsOf: Impasto.example("castle.jpg")).resized(longestSide: 40)
      try source.write(to: content)
      let arguments = ["reconstruct", "--content", "in.png", "--iterations", "1", "--size", "0"]
      let first = try Impasto.run(arguments + ["-o", "a.png", "--quiet"], in: folder)
      #expect(first.status == 0, "\(first.errors)")
      try source.resized(longestSide: 41).write(to: content)
      let second = try Impasto.run(["rerun", "a.png"], in: folder)
      #expect(second.status == 65)
      #expect(second.errors.contains("in.png' is no longer the picture"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a-rerun.png").path))
    }
  }

  @Test("--settings runs what a file says, and flags override it")
  func settingsFile() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "run.json")
      let json = """
        {"content": "\(Impasto.example("castle.jpg"))", "style": ["\(Impasto.example("starry_night.jpg"))"],
         "size": 40, "iterations": 2, "content-layers": "conv_4", "balance": 0.4, "preset": "painterly"}
        """
      try Data(json.utf8).write(to: file)
      let result = try Impasto.run(
        [
          "transfer", "--settings", "run.json", "-o", "a.png", "--quiet", "--seed", "5", "--content-weight",
          "2",
        ],
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let path = folder.appending(path: "a.png").path
      let text = try #require(try Picture.settings(ofFileAt: path))
      let settings = try JSONDecoder().decode(Settings.self, from: Data(text.utf8))
      #expect(settings.preset == .painterly)
      #expect(settings.contentLayers?.description == "conv_4")
      #expect(settings.seed == 5)
      // The weight of the flag took the place of the file's balance.
      #expect(settings.contentWeight == 2 && settings.balance == nil)
    }
  }
}
