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
      "transfer", "--content", "castle.jpg", "--style", "cafe_terrace.jpg", "--style", "starry_night.jpg",
      "--style-blend", "3,1", "--scales", "32:2,48:3",
      "--keep-colors", "linear", "--init", "content", "--balance", "0.7",
    ],
    [
      "texture", "--style", "starry_night.jpg", "--width", "40", "--height", "32",
      "--iterations", "3", "--tileable", "--style-loss", "wasserstein", "--style-layers", "conv_1...conv_3",
    ],
    [
      "reconstruct", "--content", "kitten.jpg", "--size", "40", "--iterations", "3",
      "--optimizer", "adam", "--noise-amplitude", "0.3", "--seed", "18446744073709551615",
    ],
  ]

  /// A folder that holds the pictures which ``runs`` name.
  private func withPictures(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in ["castle.jpg", "cafe_terrace.jpg", "starry_night.jpg", "kitten.jpg"] {
        let copy = folder.appending(path: name)
        try FileManager.default.copyItem(at: URL(filePath: Impasto.example(name)), to: copy)
      }
      try body(folder)
    }
  }

  @Test("a picture holds what makes it again, to the same bytes", arguments: runs)
  func sameBytes(_ arguments: [String]) throws {
    try withPictures { folder in
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
    try withPictures { folder in
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

  @Test("a picture names files without their folders, and its sources are found around it and here")
  func folders() throws {
    try withPictures { folder in
      for name in ["photos", "art", "made"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: false)
      }
      for (name, place) in [("castle.jpg", "photos"), ("starry_night.jpg", "art")] {
        try FileManager.default.moveItem(
          at: folder.appending(path: name), to: folder.appending(path: "\(place)/\(name)"))
      }
      let first = try Impasto.run(
        [
          "transfer", "--content", "photos/castle.jpg", "--style", "art/starry_night.jpg", "--size", "32",
          "--iterations", "1", "-o", "made/a.png", "--quiet",
        ], in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let path = folder.appending(path: "made/a.png")
      let text = try #require(try Picture.settings(ofFileAt: path.path))
      #expect(text.contains("\"content\":\"castle.jpg\"") && !text.contains("/"))
      // From where it was made, and from elsewhere with the sources beside the picture.
      let second = try Impasto.run(["rerun", "made/a.png", "-o", "b.png", "--quiet"], in: folder)
      #expect(second.status == 0, "\(second.errors)")
      try withTemporaryFolder { elsewhere in
        let lost = try Impasto.run(["rerun", path.path, "-o", "c.png", "--quiet"], in: elsewhere)
        #expect(
          lost.status == 66 && lost.errors.contains("'castle.jpg', which the picture was made from"),
          "\(lost.errors)")
        for name in ["photos/castle.jpg", "art/starry_night.jpg"] {
          let source = folder.appending(path: name)
          try FileManager.default.moveItem(
            at: source, to: folder.appending(path: "made/\(source.lastPathComponent)"))
        }
        let third = try Impasto.run(["rerun", path.path, "-o", "c.png", "--quiet"], in: elsewhere)
        #expect(third.status == 0, "\(third.errors)")
        let bytes = try [path, folder.appending(path: "b.png"), elsewhere.appending(path: "c.png")]
          .map { try Data(contentsOf: $0) }
        #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
      }
    }
  }

  @Test("a picture of version 0.1.0, which names its sources with their folders, is made again")
  func oldPicture() throws {
    try withTemporaryFolder { folder in
      let old = FixtureFile.folder.appending(path: "recipes/castle-0.1.0.png").path
      let made = folder.appending(path: "made.png").path
      let result = try Impasto.run(["rerun", old, "-o", made, "--quiet"], in: FixtureFile.packageRoot)
      #expect(result.status == 0, "\(result.errors)")
      let comparison = PictureComparison(try Picture(contentsOf: old), try Picture(contentsOf: made))
      // To the same bytes where the processor is the same; another rounds in its own way.
      #expect(comparison.peakSignalToNoiseRatio > 40)
    }
  }

  @Test("--no-metadata leaves the settings out, and nothing else changes")
  func withoutMetadata() throws {
    try withPictures { folder in
      for (name, more) in [("a.png", []), ("b.png", ["--no-metadata"])] {
        let result = try Impasto.run(Self.runs[1] + ["-o", name, "--quiet"] + more, in: folder)
        #expect(result.status == 0, "\(result.errors)")
      }
      let paths = ["a.png", "b.png"].map { folder.appending(path: $0).path }
      #expect(try Picture.settings(ofFileAt: paths[0]) != nil)
      #expect(try Picture.settings(ofFileAt: paths[1]) == nil)
      #expect(try Picture(contentsOf: paths[0]) == Picture(contentsOf: paths[1]))
      let again = try Impasto.run(["rerun", "b.png"], in: folder)
      #expect(again.status == 65 && again.errors.contains("holds no settings"))
    }
  }

  @Test("a painting of the library has the program's bytes", arguments: ["lbfgs", "adam"])
  func library(_ optimizer: String) throws {
    try withPictures { folder in
      let result = try Impasto.run(
        [
          "transfer", "--content", "castle.jpg", "--style", "starry_night.jpg", "--size", "150",
          "--iterations",
          "3", "--optimizer", optimizer, "-o", "a.png", "--quiet",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let pictures = try ["castle.jpg", "starry_night.jpg"].map {
        try Picture(contentsOf: folder.appending(path: $0).path)
      }
      var recipe = Recipe.transfer(content: pictures[0], styles: [pictures[1]])
      recipe.size = 150
      recipe.scales = .pyramid(iterations: 3)
      recipe.method = optimizer == "adam" ? .adam() : .lbfgs()
      var painting = try Painting(recipe, network: VGG19.cached())
      while try painting.next() != nil {}
      try painting.write(to: folder.appending(path: "b.png").path)
      let bytes = try ["a.png", "b.png"].map { try Data(contentsOf: folder.appending(path: $0)) }
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
      let recipe = try JSONDecoder().decode(Recipe.self, from: Data(text.utf8))
      #expect(recipe.preset == .painterly)
      #expect(recipe.content?.layers.description == "conv_4")
      #expect(recipe.seed == 5)
      // The weight of the flag took the place of the file's balance.
      #expect(recipe.contentWeight == 2)
      #expect(recipe.transfer?.weighing == .weights(content: 2, style: 0.5))
    }
  }
}
