import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp
@testable import StyleStudy

/// Outputs that are inputs, or one another: refused before anything is read or written.
@Suite("Named files")
struct NamedFilesTests {
  /// The words of a command line; the files `c.png`, `s.png`, `w.safetensors`, `set.json` and `old.png` are there, and
  /// `hard.png`, `soft.png` and `dangling.png` are links to `c.png`, `s.png` and `new.png`.
  static let collisions: [(String, says: [String])] = [
    ("transfer --content c.png --style s.png -o c.png", ["'c.png' of -o is an input", "--content"]),
    ("transfer --content c.png --style s.png -o ./c.png", ["'./c.png' of -o is an input, the file 'c.png'"]),
    ("transfer --content c.png --style s.png -o folder/../s.png", ["--style"]),
    ("transfer --content c.png --style c.png --style s.png -o s.png", ["--style"]),
    (
      "transfer --content c.png --style s.png -o hard.png", ["'hard.png' of -o is an input, the file 'c.png'"]
    ),
    (
      "transfer --content hard.png --style s.png -o c.png", ["'c.png' of -o is an input, the file 'hard.png'"]
    ),
    (
      "transfer --content c.png --style s.png -o soft.png", ["'soft.png' of -o is an input, the file 's.png'"]
    ),
    ("transfer --content c.png --style soft.png -o s.png", ["'s.png' of -o", "'soft.png' of --style"]),
    ("transfer --content c.png --style s.png --init old.png -o old.png", ["--init"]),
    (
      "transfer --content c.png --style s.png -o o.png --timelapse c.png",
      ["'c.png' of --timelapse is an input"]
    ),
    ("transfer --content c.png --style s.png -o o.png --log s.png", ["'s.png' of --log is an input"]),
    (
      "transfer --content c.png --style s.png -o o.png --log w.safetensors --weights w.safetensors",
      ["--weights"]
    ),
    ("transfer --content c.png --style s.png -o o.png --settings set.json --log set.json", ["--settings"]),
    ("transfer --settings set.json -o c.png", ["--content"]),
    (
      "transfer --content foo-0004.png --style s.png -o foo.png --save-every 2",
      ["'foo-0004.png'", "--save-every"]
    ),
    (
      "transfer --content c.png --style foo-0002.png -o ./foo.png --save-every 2",
      ["--style", "--save-every"]
    ),
    (
      "transfer --content c.png --style s.png -o foo.png --save-every 2 --log foo-0010.png",
      ["--log is an output"]
    ),
    (
      "transfer --content bar-0002.png --style s.png -o hop.png --save-every 2",
      ["'bar-0002.png' of --content"]
    ),
    (
      "transfer --content frames/0003.png --style s.png -o o.png --timelapse frames",
      ["frames/0003.png", "--timelapse"]
    ),
    (
      "transfer --content c.png --style s.png -o frames/0009.png --timelapse frames",
      ["-o is an output", "--timelapse"]
    ),
    (
      "transfer --content c.png --style s.png -o new/0009.png --timelapse new",
      ["-o is an output", "--timelapse"]
    ),
    (
      "transfer --content c.png --style s.png -o t.png --timelapse t.png",
      ["'t.png' of --timelapse is the file of -o"]
    ),
    (
      "transfer --content c.png --style s.png -o t.png --log ./t.png",
      ["'./t.png' of --log is the file 't.png' of -o"]
    ),
    (
      "transfer --content c.png --style s.png -o T.png --timelapse t.png",
      ["'t.png' of --timelapse is the file 'T.png'"]
    ),
    (
      "transfer --content c.png --style s.png -o new.png --timelapse dangling.png",
      ["'dangling.png' of --timelapse"]
    ),
    ("transfer --content c.png --style s.png -o old.png --log folder/../old.png", ["of -o too"]),
    ("texture --style s.png -o s.png", ["--style"]),
    ("reconstruct --content c.png -o c.png", ["--content"]),
    ("compare c.png s.png --difference c.png", ["'c.png' of --difference", "the original"]),
    ("compare c.png s.png --difference soft.png", ["'soft.png' of --difference"]),
    (
      "features --image x.safetensors --layers conv_1 -o x.safetensors", ["'x.safetensors' of -o", "--image"]
    ),
    ("features --image c.png --layers conv_1 -o w.safetensors --weights w.safetensors", ["--weights"]),
    ("weights --weights w.safetensors --convert ./w.safetensors", ["--convert", "--weights"]),
    (
      "study --content folder/content.png --style s.png --out-dir folder",
      ["'folder/content.png' of --out-dir"]
    ),
    ("study --content c.png --style folder/noise.png --out-dir folder/", ["noise.png", "--style"]),
    (
      "study --content c.png --style s.png --out-dir mine",
      ["'mine/index.html' is there already", "--out-dir"]
    ),
  ]

  @Test(
    "an output that is an input or another output is refused with both names, and nothing is touched",
    arguments: collisions)
  func collision(command: String, says: [String]) throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let before = try Self.contents(of: folder)
      let result = try Impasto.run(command.split(separator: " ").map(String.init), in: folder)
      #expect(result.status == 64, "\(result.errors)")
      for words in says { #expect(result.errors.contains(words), "\(result.errors)") }
      #expect(result.output == "")
      #expect(try Self.contents(of: folder) == before)
    }
  }

  @Test("a picture is not made again over itself, nor over what it was made from")
  func rerun() throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let made = try Impasto.run(
        ["texture", "--style", "s.png", "-o", "a.png", "--size", "32", "--iterations", "1", "--quiet"],
        in: folder)
      #expect(made.status == 0, "\(made.errors)")
      try FileManager.default.linkItem(
        at: folder.appending(path: "a.png"), to: folder.appending(path: "a-rerun.png"))
      for more in [["-o", "a.png"], ["-o", "s.png"], ["-o", "soft.png"], []] {
        let before = try Self.contents(of: folder)
        let result = try Impasto.run(["rerun", "a.png"] + more, in: folder)
        #expect(result.status == 64 && result.errors.contains("is an input"), "\(more) \(result.errors)")
        #expect(try Self.contents(of: folder) == before)
      }
    }
  }

  @Test(
    "files that are not one are let through",
    arguments: [
      "transfer --content c.png --style s.png -o old.png",
      "transfer --content c.png --style c.png -o o.png --log o.jsonl --timelapse film.png",
      "transfer --content foo-0003.png --style s.png -o foo.png --save-every 2",
      "transfer --content foo-0004.png --style s.png -o folder/foo.png --save-every 2",
      "transfer --content foo-0004.png --style s.png -o fo.png --save-every 1",
      "texture --style frames/0003.png -o frames/0002.png",
    ])
  func distinct(command: String) throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let small = ["--size", "20", "--iterations", "1", "--quiet"]
      let result = try Impasto.run(command.split(separator: " ").map(String.init) + small, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test("a plan writes nothing and may name anything")
  func plan() throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let result = try Impasto.run(
        ["transfer", "--content", "c.png", "--style", "s.png", "-o", "c.png", "--size", "20", "--plan"],
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test("a study's folder is told from another by its numbers or by a picture with its log")
  func studyFolders() throws {
    try withTemporaryFolder { folder in
      let path = folder.path
      try StudyFolder.check(path + "/none")
      try StudyFolder.check(path)
      func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      try write("mine", "notes.txt")
      try StudyFolder.check(path)
      try write("page", "index.html")
      #expect(throws: FileCollision.self) { try StudyFolder.check(path) }
      try write(#"{"runs": []}"#, "study.json")
      try StudyFolder.check(path)
      try write("not ours", "study.json")
      #expect(throws: FileCollision.self) { try StudyFolder.check(path) }
      try FileManager.default.removeItem(at: folder.appending(path: "study.json"))
      let run = StudyPlan(content: "c", style: "s", size: 32, effort: .quick).runs([.reconstruction])[0]
      try write("log", run.logName)
      let picture = Picture(width: 1, height: 1, colour: [0, 0, 0])
      try picture.write(to: folder.appending(path: run.pictureName).path)
      #expect(throws: FileCollision.self) { try StudyFolder.check(path) }
      var encoding = PictureEncoding()
      encoding.settings = "{}"
      try picture.write(to: folder.appending(path: run.pictureName).path, as: encoding)
      try StudyFolder.check(path)
    }
  }

  @Test("every file that a study writes beside its runs is known")
  func studyNames() {
    let picture = Picture(width: 16, height: 16, colour: [Float](repeating: 0, count: 768))
    for rearrangement in StudyFiles.rearrangements(picture) {
      #expect(StudyFolder.names.contains("\(rearrangement.name).png"))
    }
    #expect(Set(StudyFolder.names).count == StudyFolder.names.count)
  }

  private static func furnish(_ folder: URL) throws {
    let manager = FileManager.default
    func path(_ name: String) -> String { folder.appending(path: name).path }
    for name in ["folder", "frames", "mine"] {
      try manager.createDirectory(atPath: path(name), withIntermediateDirectories: false)
    }
    let pictures = [
      "c.png", "s.png", "old.png", "foo-0002.png", "foo-0003.png", "foo-0004.png", "bar-0002.png",
      "frames/0003.png",
      "folder/content.png", "folder/noise.png", "x.safetensors.png",
    ]
    for (seed, name) in pictures.enumerated() {
      try Picture.random(width: 20, height: 18, maximum: 255, hasAlpha: false, seed: seed).write(
        to: path(name))
    }
    try manager.moveItem(atPath: path("x.safetensors.png"), toPath: path("x.safetensors"))
    try manager.linkItem(atPath: path("c.png"), toPath: path("hard.png"))
    try manager.createSymbolicLink(atPath: path("soft.png"), withDestinationPath: "s.png")
    try manager.createSymbolicLink(atPath: path("dangling.png"), withDestinationPath: "folder/../new.png")
    // A file of --save-every's numbers that is an input under another name.
    try manager.linkItem(atPath: path("bar-0002.png"), toPath: path("hop-0002.png"))
    try Data("weights".utf8).write(to: folder.appending(path: "w.safetensors"))
    try Data("my page".utf8).write(to: folder.appending(path: "mine/index.html"))
    try Data(#"{"content": "c.png", "style": ["s.png"]}"#.utf8).write(to: folder.appending(path: "set.json"))
  }

  private static func contents(of folder: URL) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      contents[name] = FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data()
    }
    return contents
  }
}
