import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleApp

/// Everything that a user can get wrong: one sentence on standard error, the exit status that says what kind of
/// mistake it was, and no output file.
@Suite("Bad input")
struct BadInputTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    let name: String
    let arguments: [String]
    let status: Int32
    /// What the message must say.
    let says: [String]

    init(_ name: String, _ arguments: [String], _ status: Int32, _ says: String...) {
      (self.name, self.arguments, self.status, self.says) = (name, arguments, status, says)
    }

    var testDescription: String { name }
  }

  /// A good command line, to which a mistake adds or in which it replaces something.
  private static func transfer(
    content: String = "good.png", style: String = "good.png", output: String = "out.png", _ more: String...
  ) -> [String] {
    ["transfer", "--content", content, "--style", style, "-o", output, "--size", "32", "--iterations", "1"]
      + more
  }

  static let mistakes: [Mistake] = [
    Mistake("missing file", transfer(content: "nowhere.png"), 66, "nowhere.png", "does not exist"),
    Mistake("missing style", transfer(style: "nowhere.jpg"), 66, "nowhere.jpg", "does not exist"),
    Mistake("missing starting picture", transfer("--init", "nowhere.png"), 66, "nowhere.png"),
    Mistake("folder", transfer(content: "."), 66, "'.'", "folder"),
    Mistake("empty file", transfer(content: "empty.png"), 65, "empty.png", "empty"),
    Mistake("text renamed", transfer(content: "text.png"), 65, "text.png", "no picture that can be read"),
    Mistake("wrong CRC", transfer(content: "crc.png"), 65, "crc.png", "CRC"),
    Mistake("giant declared size", transfer(content: "giant.png"), 65, "100000×100000"),
    Mistake("1×1", transfer(content: "one.png"), 65, "one.png", "too small", "16"),
    Mistake(
      "too little to be seen of a style", transfer(style: "speck.png"), 65, "speck.png",
      "can be seen in no more than 1×1",
      "16"),
    Mistake("style scaled to nothing", transfer("--style-scale", "0.1"), 65, "3×3", "a larger --style-scale"),
    Mistake("clear content", transfer(content: "clear.png"), 65, "clear.png", "nothing to be painted"),
    Mistake(
      "clear content of a reconstruction",
      ["reconstruct", "--content", "clear.png", "-o", "out.png", "--size", "32"], 65, "nothing to be painted"),
    Mistake("clear style", transfer(style: "clear.png"), 65, "clear.png", "no style"),
    Mistake("too small for the deepest layer", transfer("--size", "8"), 65, "8×8", "relu_13", "16"),
    Mistake("unknown layer", transfer("--style-layers", "conv_17"), 64, "conv_17", "did you mean 'conv_1"),
    Mistake("misspelt layer", transfer("--content-layers", "cnv_9"), 64, "did you mean 'conv_9'"),
    Mistake("empty layer list", transfer("--style-layers", ""), 64, "no list of layers"),
    Mistake("layer twice", transfer("--style-layers", "conv_1,conv1_1"), 64, "conv1_1", "twice"),
    Mistake("layers that weigh nothing", transfer("--style-layers", "conv_1:0"), 64, "weigh 0"),
    Mistake("negative layer weight", transfer("--style-layers", "conv_1:-1"), 64, "'-1'", "conv_1"),
    Mistake("negative weight", transfer("--style-weight=-1"), 64, "--style-weight -1"),
    Mistake("NaN weight", transfer("--content-weight", "nan"), 64, "--content-weight nan"),
    Mistake("infinite weight", transfer("--tv-weight", "inf"), 64, "--tv-weight inf"),
    Mistake("all weights 0", transfer("--content-weight", "0", "--style-weight", "0"), 64, "nothing to do"),
    Mistake("negative size", transfer("--size=-1"), 64, "--size -1"),
    Mistake("no iterations", transfer("--iterations", "0"), 64, "--iterations 0"),
    Mistake("no threads", transfer("--threads", "0"), 64, "--threads 0"),
    Mistake("learning rate for L-BFGS", transfer("--learning-rate", "1"), 64, "adam or pyramid only"),
    Mistake("history for Adam", transfer("--optimizer", "adam", "--history", "5"), 64, "lbfgs only"),
    Mistake("unknown normalisation", transfer("--normalization", "none"), 64, "none", "relative"),
    Mistake("depth of a JPEG", transfer(output: "out.jpg", "--bit-depth", "16"), 64, "--bit-depth", "JPEG"),
    Mistake("quality of a PNG", transfer("--quality", "50"), 64, "--quality", "PNG"),
    Mistake("quality beyond 100", transfer(output: "out.jpg", "--quality", "101"), 64, "101"),
    Mistake("quality of a TIFF", transfer(output: "out.tif", "--quality", "50"), 64, "--quality", "TIFF"),
    Mistake("no pixels", transfer("--pixel-limit", "0"), 64, "--pixel-limit 0", "1 to 1000000"),
    Mistake(
      "profile of a texture", ["texture", "--style", "good.png", "--keep-profile", "-o", "out.png"], 64,
      "--keep-profile", "texture"),
    Mistake("odd depth", transfer("--bit-depth", "12"), 64, "12", "8 or 16"),
    Mistake("output folder missing", transfer(output: "no/where/out.png"), 73, "no/where", "does not exist"),
    Mistake("output is a folder", transfer(output: "folder.png"), 73, "folder.png"),
    Mistake("ending that is not written", transfer(output: "out.gif"), 64, "out.gif", ".png"),
    Mistake("log that cannot be written", transfer("--log", "no/where.jsonl"), 73, "no/where.jsonl"),
    Mistake("no content", ["transfer", "--style", "good.png", "-o", "out.png"], 64, "--content is missing"),
    Mistake("no style", ["texture", "-o", "out.png"], 64, "--style is missing"),
    Mistake("no output", ["texture", "--style", "good.png"], 64, "-o is missing"),
    Mistake("balance beyond 1", transfer("--balance", "1.5"), 64, "--balance 1.5"),
    Mistake(
      "balance and weight", transfer("--balance", "0.5", "--style-weight", "1"), 64, "--balance",
      "--style-weight", "contradict"),
    Mistake("scales and size", transfer("--scales", "32:1"), 64, "--scales", "contradict"),
    Mistake(
      "scales that shrink",
      ["transfer", "--content", "good.png", "--style", "good.png", "-o", "out.png", "--scales", "64:1,32:1"],
      64, "32 does not grow from 64"),
    Mistake(
      "scales without iterations",
      ["texture", "--style", "good.png", "-o", "out.png", "--scales", "64"], 64, "'64' is no scale"),
    Mistake("amplitude without noise", transfer("--noise-amplitude", "0.2"), 64, "--init noise only"),
    Mistake(
      "too much noise", transfer("--init", "noise", "--noise-amplitude", "2"), 64, "--noise-amplitude 2.0"),
    Mistake("blend for one style", transfer("--style-blend", "1,2"), 64, "2 numbers for 1 styles"),
    Mistake("blend that is no number", transfer("--style-blend", "x"), 64, "'x' is no number"),
    Mistake("blend of nothing", transfer("--style-blend", "0"), 64, "above 0"),
    Mistake(
      "blend whose sum is no number", transfer("--style", "b.png", "--style-blend", "1e308,1e308"), 64,
      "1e+308,1e+308: the sum is no number"),
    Mistake(
      "state in a thousand years", transfer("--checkpoint-every", "1e22"), 64, "1e+22: a number from 0"),
    Mistake("style scale 0", transfer("--style-scale", "0"), 64, "--style-scale 0.0"),
    Mistake("matching without keeping", transfer("--color-matching", "pca"), 64, "--keep-colors linear only"),
    Mistake(
      "filter for Adam", transfer("--optimizer", "adam", "--frequency-filter"), 64, "--frequency-filter",
      "lbfgs only"),
    Mistake("unknown preset", transfer("--preset", "none"), 64, "'none'", "painterly"),
    Mistake("preset of another command", transfer("--preset", "texture"), 64, "texture", "transfer"),
    Mistake("unknown padding", transfer("--padding", "none"), 64, "none", "replicate"),
    Mistake("unknown statistic", transfer("--style-loss", "none"), 64, "none", "wasserstein"),
    Mistake("timelapse of another kind", transfer("--timelapse", "film.gif"), 64, "film.gif", "animated"),
    Mistake("settings that are missing", transfer("--settings", "nowhere.json"), 66, "nowhere.json"),
    Mistake("settings that are no JSON", transfer("--settings", "text.png"), 65, "text.png", "JSON object"),
    Mistake("unknown setting", transfer("--settings", "unknown.json"), 65, "'sise'", "did you mean 'size'"),
    Mistake(
      "setting of another command",
      ["texture", "--style", "good.png", "-o", "out.png", "--settings", "other.json"],
      64, "--content-weight", "texture"),
    Mistake("setting of the wrong kind", transfer("--settings", "kind.json"), 64, "--seed", "whole number"),
    Mistake(
      "texture from content", ["texture", "--style", "good.png", "-o", "out.png", "--init", "content"], 64,
      "has no content"),
    Mistake(
      "reconstruction from the answer",
      ["reconstruct", "--content", "good.png", "-o", "out.png", "--init", "content"], 64, "the answer"),
    Mistake(
      "tileable without circular padding",
      ["texture", "--style", "good.png", "-o", "out.png", "--tileable", "--padding", "zero"], 64,
      "--padding circular", "leave --padding out"),
    Mistake("compare: standard input twice", ["compare", "-", "-"], 64, "standard input holds one picture"),
    Mistake(
      "texture too small", ["texture", "--style", "good.png", "-o", "out.png", "--width", "8"], 65, "8×8"),
    Mistake(
      "no width", ["texture", "--style", "good.png", "-o", "out.png", "--width", "0"], 64, "--width 0"),
    Mistake("rerun of a foreign picture", ["rerun", "good.png"], 65, "good.png", "no settings"),
    Mistake("rerun of nothing", ["rerun", "nowhere.png"], 66, "nowhere.png"),
    Mistake("missing weights", transfer("--weights", "nowhere.pth"), 66, "nowhere.pth"),
    Mistake("wrong weights", transfer("--weights", "text.png"), 65, "text.png"),
    Mistake("truncated weights", transfer("--weights", "short.pth"), 65, "short.pth"),
    Mistake("unknown option", transfer("--sise", "3"), 64, "--sise"),
    Mistake(
      "features: unknown layer",
      ["features", "--image", "good.png", "--layers", "conv_0", "-o", "f.safetensors"],
      64, "conv_0", "did you mean"),
    Mistake(
      "features: another ending", ["features", "--image", "good.png", "--layers", "conv_1", "-o", "f.npy"],
      64,
      "f.npy", ".safetensors"),
    Mistake(
      "features: output folder missing",
      ["features", "--image", "good.png", "--layers", "conv_1", "-o", "no/f.safetensors"], 73,
      "no/f.safetensors"),
    Mistake("weights: two actions", ["weights", "--path", "--verify"], 64, "choose one"),
    Mistake("weights: unpublished file", ["weights", "--verify", "--weights", "short.pth"], 65, "short.pth"),
  ]

  @Test("each mistake is told in one sentence with its exit status, and leaves no file", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      let result = try Impasto.run(mistake.arguments, in: folder)
      #expect(result.status == mistake.status, "\(result.errors)")
      for phrase in mistake.says { #expect(result.errors.contains(phrase), "\(result.errors)") }
      #expect(result.output.isEmpty)
      let after = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(after == before)
    }
  }

  @Test("pictures that were cut off anywhere are refused", arguments: ["kitten.jpg", "good.png"])
  func truncatedPictures(_ name: String) throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let isJPEG = name.hasSuffix(".jpg")
      let whole = try Data(
        contentsOf: isJPEG ? URL(filePath: Impasto.example(name)) : folder.appending(path: name))
      for cut in 1...10 {
        try whole.prefix(whole.count * cut / 11).write(to: folder.appending(path: "cut"))
        let result = try Impasto.run(Self.transfer(content: "cut"), in: folder)
        #expect(result.status == 65, "cut at \(cut)/11: \(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out.png").path))
      }
    }
  }

  @Test("an existing picture stays as it was when a run fails")
  func existingOutputIsKept() throws {
    try withTemporaryFolder { folder in
      try Self.furnish(folder)
      let old = Data("old".utf8)
      try old.write(to: folder.appending(path: "out.png"))
      let result = try Impasto.run(Self.transfer(style: "crc.png"), in: folder)
      #expect(result.status == 65)
      #expect(try Data(contentsOf: folder.appending(path: "out.png")) == old)
    }
  }

  /// The files that the command lines name.
  private static func furnish(_ folder: URL) throws {
    func file(_ name: String) -> String { folder.appending(path: name).path }
    try gradient(width: 40, height: 40).write(to: file("good.png"))
    try gradient(width: 1, height: 1).write(to: file("one.png"))
    for (name, seen) in [("clear.png", -1), ("speck.png", 820)] {
      let alpha = (0..<1600).map { $0 == seen ? 1 : 0 as Float }
      try Picture(width: 40, height: 40, colour: [Float](repeating: 0.5, count: 4800), alpha: alpha)
        .write(to: file(name))
    }
    var png = try [UInt8](Data(contentsOf: URL(filePath: file("good.png"))))
    let pixels = PNGAssembly.chunkStarts(png).first { PNGAssembly.kind(of: png, at: $0) == "IDAT" }!
    let next = PNGAssembly.chunkStarts(png).first { $0 > pixels }!
    png[next - 1] ^= 0xFF
    try Data(png).write(to: URL(filePath: file("crc.png")))
    // The header's width and height, each 100,000, with the checksum made to fit.
    png = try [UInt8](Data(contentsOf: URL(filePath: file("good.png"))))
    png.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    let checksum = PNGAssembly.checksum(Array(png[12..<29]))
    png.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) })
    try Data(png).write(to: URL(filePath: file("giant.png")))
    try Data().write(to: URL(filePath: file("empty.png")))
    try Data("this is no picture".utf8).write(to: URL(filePath: file("text.png")))
    try Data(#"{"sise": 32}"#.utf8).write(to: URL(filePath: file("unknown.json")))
    try Data(#"{"content-weight": 1}"#.utf8).write(to: URL(filePath: file("other.json")))
    try Data(#"{"seed": "many"}"#.utf8).write(to: URL(filePath: file("kind.json")))
    let weights = try FileHandle(forReadingFrom: URL(filePath: try WeightsLocator.path(explicit: nil)))
    try #require(try weights.read(upToCount: 500_000)).write(to: URL(filePath: file("short.pth")))
    try FileManager.default.createDirectory(atPath: file("folder.png"), withIntermediateDirectories: false)
  }

  private static func gradient(width: Int, height: Int) -> Picture {
    let colour = (0..<3 * width * height).map { Float($0 % 97) / 96 }
    return Picture(width: width, height: height, colour: colour)
  }
}
