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

  @Test("a pipe in the folder is not waited for while the picture's files are looked for")
  func pipeInTheFolder() throws {
    try withPictures { folder in
      let first = try Impasto.run(Self.runs[2] + ["-o", "a.png", "--quiet"], in: folder)
      #expect(first.status == 0, "\(first.errors)")
      try FileManager.default.moveItem(
        at: folder.appending(path: "kitten.jpg"), to: folder.appending(path: "renamed.jpg"))
      #expect(mkfifo(folder.appending(path: "before.jpg").path, 0o600) == 0)
      #expect(mkfifo(folder.appending(path: "kitten.jpg").path, 0o600) == 0)
      let second = try Impasto.run(["rerun", "a.png", "--quiet"], in: folder)
      #expect(second.status == 0, "\(second.errors)")
      // The settings beside the pixels name the photograph as it is called now.
      let pictures = try ["a.png", "a-rerun.png"].map {
        try Picture(contentsOf: folder.appending(path: $0).path)
      }
      #expect(pictures[0] == pictures[1])
    }
  }

  @Test("a picture whose settings were changed on the way is painted by the last of them, and that is told")
  func changedOnTheWay() throws {
    try withPictures { folder in
      try Data(#"{"content": "castle.jpg", "style": ["starry_night.jpg"], "changed-in-flight": true}"#.utf8)
        .write(to: folder.appending(path: "run.json"))
      let first = try Impasto.run(
        [
          "transfer", "--settings", "run.json", "--size", "32", "--iterations", "1", "-o", "a.png", "--quiet",
        ],
        in: folder)
      #expect(first.status == 0 && first.errors.isEmpty, "\(first.errors)")
      let again = try Impasto.run(["rerun", "a.png", "-o", "b.png", "--quiet"], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.errors.contains("'a.png' were changed while it was painted"), "\(again.errors)")
      // By these settings alone, so that the next one is the same.
      let third = try Impasto.run(["rerun", "b.png", "-o", "c.png", "--quiet"], in: folder)
      #expect(third.status == 0 && third.errors.isEmpty, "\(third.errors)")
      let bytes = try ["b.png", "c.png"].map { try Data(contentsOf: folder.appending(path: $0)) }
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

  /// The recipe in a picture.
  private func recipe(_ name: String, in folder: URL) throws -> Recipe {
    let text = try #require(try Picture.settings(ofFileAt: folder.appending(path: name).path))
    return try JSONDecoder().decode(Recipe.self, from: Data(text.utf8))
  }

  @Test(
    "a small try is made again, larger: its iterations, blend and weights stay, and its scales grow with it")
  func larger() throws {
    try withPictures { folder in
      let small = [
        "transfer", "--content", "castle.jpg", "--style", "cafe_terrace.jpg", "--style", "starry_night.jpg",
        "--style-blend", "3,1", "--size", "40", "--iterations", "2", "--balance", "0.7", "--save-every", "1",
        "-o", "a.png", "--quiet",
      ]
      #expect(try Impasto.run(small, in: folder).status == 0)
      let asked = small.map { $0 == "40" ? "150" : $0 == "a.png" ? "b.png" : $0 }
      #expect(try Impasto.run(asked, in: folder).status == 0)
      // Also a picture on the way is made to its end.
      for name in ["a.png", "a-0001.png"] {
        let result = try Impasto.run(["rerun", name, "--size", "150", "-o", "c.png", "--quiet"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
          try Data(contentsOf: folder.appending(path: "b.png"))
            == Data(contentsOf: folder.appending(path: "c.png")))
      }
      // A list that somebody wrote goes on by its own last step.
      let listed = ["rerun", "a.png", "--set", "scales=24:3,40:1", "-o", "d.png", "--quiet"]
      #expect(try Impasto.run(listed, in: folder).status == 0)
      #expect(try Impasto.run(["rerun", "d.png", "--size", "90", "--quiet"], in: folder).status == 0)
      #expect(try recipe("d-rerun.png", in: folder).scales == .list(.init(parsing: "24:3,40:1,60:1,90:1")))
    }
  }

  @Test("--set changes any setting, and says what is none")
  func set() throws {
    try withPictures { folder in
      let arguments = Self.runs[2] + ["-o", "a.png", "--quiet"]
      #expect(try Impasto.run(arguments, in: folder).status == 0)
      let changed = try Impasto.run(
        [
          "rerun", "a.png", "-o", "b.png", "--quiet", "--set", "iterations=2", "--set", "optimizer=lbfgs",
          "--set",
          "content-layers=conv_3", "--set", "tv-weight=0.25", "--set", "seed=7",
        ], in: folder)
      #expect(changed.status == 0, "\(changed.errors)")
      let recipe = try recipe("b.png", in: folder)
      #expect(recipe.scales == .list(.init([.init(side: 40, iterations: 2)])))
      #expect(recipe.method == .lbfgs(history: 10) && recipe.content?.layers.description == "conv_3")
      #expect(recipe.totalVariationWeight == 0.25 && recipe.seed == 7)
      for (assignment, sentence) in [
        ("balanc=0.5", "did you mean 'balance'"), ("size", "a setting and its value are needed"),
        ("version=2", "is noted by the program"),
        ("size=large", #"--size "large": a whole number is needed"#),
      ] {
        let result = try Impasto.run(["rerun", "a.png", "--set", assignment], in: folder)
        #expect(result.status == 64 && result.errors.contains(sentence), "\(result.errors)")
        #expect(result.errors.contains("Usage: impasto rerun"))
      }
    }
  }

  @Test("--content and --style tell where the pictures are now, or take others")
  func elsewhere() throws {
    try withPictures { folder in
      #expect(try Impasto.run(Self.runs[0] + ["-o", "a.png", "--quiet"], in: folder).status == 0)
      try withTemporaryFolder { other in
        for (name, new) in [
          ("castle.jpg", "x.jpg"), ("cafe_terrace.jpg", "y.jpg"), ("starry_night.jpg", "z.jpg"),
        ] {
          try FileManager.default.moveItem(
            at: folder.appending(path: name), to: other.appending(path: new))
        }
        func named(_ name: String) -> String { other.appending(path: name).path }
        let lost = try Impasto.run(["rerun", "a.png"], in: folder)
        #expect(lost.status == 66 && lost.errors.contains("name it with --content or --style"))
        let result = try Impasto.run(
          [
            "rerun", "a.png", "-o", "b.png", "--quiet", "--content", named("x.jpg"), "--style",
            named("y.jpg"),
            "--style", named("z.jpg"),
          ], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let pictures = try ["a.png", "b.png"].map { try Picture(contentsOf: folder.appending(path: $0).path) }
        #expect(pictures[0] == pictures[1])
        let another = try Impasto.run(
          [
            "rerun", "a.png", "-o", "c.png", "--quiet", "--content", named("y.jpg"), "--style",
            named("z.jpg"),
          ], in: folder)
        #expect(another.status == 0, "\(another.errors)")
        // Once, and nothing else.
        #expect(
          another.errors
            == "impasto: 'a.png' was made from 2 styles; this is made from the 1 that is given\n")
        #expect(try recipe("c.png", in: folder).content?.picture.path == "y.jpg")
        #expect(try recipe("c.png", in: folder).style?.blend == nil)
      }
    }
  }

  @Test("- is standard input and standard output")
  func streams() throws {
    try withPictures { folder in
      let options = ["--style", "starry_night.jpg", "--size", "32", "--iterations", "1", "--quiet"]
      let named = ["transfer", "--content", "castle.jpg", "-o", "a.png"] + options
      #expect(try Impasto.run(named, in: folder).status == 0)
      let process = Impasto.process(["transfer", "--content", "-", "-o", "-"] + options, in: folder)
      process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "castle.jpg"))
      try Data().write(to: folder.appending(path: "b.png"))
      process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "b.png"))
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let pictures = try ["a.png", "b.png"].map { try Picture(contentsOf: folder.appending(path: $0).path) }
      #expect(pictures[0] == pictures[1])
      // The picture from standard input is known by its digest.
      let again = try Impasto.run(["rerun", "b.png", "--quiet"], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try Picture(contentsOf: folder.appending(path: "b-rerun.png").path) == pictures[0])
      let jpeg = try Impasto.run(
        ["texture", "-o", "-", "--quality", "90"] + options + ["--style", "cafe_terrace.jpg"], in: folder)
      #expect(jpeg.status == 0 && !jpeg.output.isEmpty)
      for (arguments, sentence) in [
        (["transfer", "--content", "-", "-o", "x.png", "--style", "-"], "standard input holds one picture"),
        (["texture", "-o", "-", "--save-every", "1"] + options, "--save-every needs a name"),
      ] {
        let result = try Impasto.run(arguments, in: folder)
        #expect(result.status == 64 && result.errors.contains(sentence), "\(result.errors)")
      }
      let nothing = try Impasto.run(["transfer", "--content", "-", "-o", "x.png"] + options, in: folder)
      #expect(
        nothing.status == 65 && nothing.errors.contains("'standard input' is empty"), "\(nothing.errors)")
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
