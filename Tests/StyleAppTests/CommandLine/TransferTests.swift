import Foundation
import ImpastoPlatform
import NN
import StyleTransfer
import Tensor
import TestSupport
import Testing

@testable import StyleApp

/// Whole runs on the real network, at small sizes.
@Suite("Transfer", .serialized)
struct TransferTests {
  private static func arguments(
    _ output: String, preset: String? = "study", _ more: [String] = []
  ) -> [String] {
    [
      "transfer", "--content", Impasto.example("castle.jpg"), "--style", Impasto.example("starry_night.jpg"),
      "-o", output, "--size", "48", "--iterations", "6", "--quiet",
    ] + (preset.map { ["--preset", $0] } ?? []) + more
  }

  @Test(
    "the same seed and settings give the same bytes on any number of threads",
    arguments: ["content", "noise"])
  func reproducible(_ start: String) throws {
    try withTemporaryFolder { folder in
      for (name, threads) in [("a.png", "1"), ("b.png", "2"), ("c.png", "3")] {
        let result = try Impasto.run(
          Self.arguments(name, ["--init", start, "--seed", "4", "--threads", threads]), in: folder)
        #expect(result.status == 0, "\(result.errors)")
      }
      let bytes = try ["a.png", "b.png", "c.png"].map { try Data(contentsOf: folder.appending(path: $0)) }
      #expect(bytes[0] == bytes[1])
      #expect(bytes[0] == bytes[2])
    }
  }

  @Test("a picture without a preset is painterly, and says so")
  func standard() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(Self.arguments("out.png", preset: nil), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let json = try #require(try Picture.settings(ofFileAt: folder.appending(path: "out.png").path))
      let recipe = try JSONDecoder().decode(Recipe.self, from: Data(json.utf8))
      #expect(recipe.preset == .painterly)
      #expect(recipe.style?.statistic == .wasserstein)
      #expect(recipe.transfer?.shapeKeeping == 0.4)
    }
  }

  @Test("another seed of noise gives another picture")
  func seedsDiffer() throws {
    try withTemporaryFolder { folder in
      for seed in ["1", "2"] {
        _ = try Impasto.run(Self.arguments("\(seed).png", ["--init", "noise", "--seed", seed]), in: folder)
      }
      let pictures = try ["1.png", "2.png"].map { try Picture(contentsOf: folder.appending(path: $0).path) }
      #expect(pictures[0].colour != pictures[1].colour)
    }
  }

  @Test("the log has the start and every iteration, and the loss falls", arguments: ["lbfgs", "adam"])
  func log(_ optimizer: String) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        Self.arguments("out.png", ["--log", "log.jsonl", "--optimizer", optimizer, "--tv-weight", "0.1"]),
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = try String(contentsOf: folder.appending(path: "log.jsonl"), encoding: .utf8).split(
        separator: "\n")
      let records = try lines.map { try JSONDecoder().decode(Iteration.self, from: Data($0.utf8)) }
      #expect(records.map(\.number) == Array(0...6))
      #expect(records.last!.total < 0.9 * records.first!.total)
      for record in records {
        let sum = record.content + 0.5 * record.style + 0.1 * record.totalVariation
        #expect(abs(sum - record.total) <= 1e-5 * record.total)
      }
      #expect(zip(records, records.dropFirst()).allSatisfy { $0.evaluations < $1.evaluations })
    }
  }

  @Test(
    "the picture has the size of the content and says how it was made", arguments: ["out.png", "out.jpg"])
  func settings(_ output: String) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        Self.arguments(output, ["--style-layers", "conv_2:0.5,conv4_1", "--pooling", "average"]), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let path = folder.appending(path: output).path
      let picture = try Picture(contentsOf: path)
      let content = try Picture(contentsOf: Impasto.example("castle.jpg"))
      #expect(max(picture.width, picture.height) == 48)
      #expect(picture.width * content.height / content.width - picture.height <= 1)
      let json = try #require(try Picture.settings(ofFileAt: path))
      let recipe = try JSONDecoder().decode(Recipe.self, from: Data(json.utf8))
      #expect(recipe.style?.layers.description == "conv_2:0.5,conv_9")
      #expect(recipe.pooling == .average)
      #expect(recipe.scales == .list(ScaleList([.init(side: 48, iterations: 6)])))
      #expect(recipe.stoppedAtIteration == nil)
      let weights = try WeightsLocator.path(explicit: nil)
      #expect(try recipe.weightsSHA256 == SHA256.digest(ofFile: weights))
    }
  }

  @Test("transparency is kept, and colours change under it")
  func alpha() throws {
    try withTemporaryFolder { folder in
      let side = 48
      let alpha = (0..<side * side).map { Float($0 % side) / Float(side - 1) }
      let colour = (0..<3 * side * side).map { Float($0 % 31) / 30 }
      let path = folder.appending(path: "in.png").path
      try Picture(width: side, height: side, colour: colour, alpha: alpha).write(to: path)
      let result = try Impasto.run(Self.arguments("out.png", ["--content", path, "--size", "0"]), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let (input, output) = (
        try Picture(contentsOf: path), try Picture(contentsOf: folder.appending(path: "out.png").path)
      )
      #expect(output.alpha == input.alpha)
      #expect(output.colour != input.colour)
    }
  }

  @Test("--save-every keeps pictures on the way")
  func saveEvery() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(Self.arguments("out.png", ["--save-every", "2"]), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["out-0002.png", "out-0004.png", "out.png"])
      let json = try #require(try Picture.settings(ofFileAt: folder.appending(path: "out-0004.png").path))
      #expect(json.contains("\"stopped-at-iteration\":4"))
    }
  }

  @Test("a pyramid counts iterations over its sizes, and its picture has the last one's")
  func pyramid() throws {
    try withTemporaryFolder { folder in
      let scales = ["--scales", "32:3,48:2,64:4", "--log", "log.jsonl", "--no-stop-when-settled"]
      let arguments = Self.arguments("out.png").filter {
        !["--size", "48", "--iterations", "6"].contains($0)
      }
      let result = try Impasto.run(arguments + scales, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = try String(contentsOf: folder.appending(path: "log.jsonl"), encoding: .utf8)
        .split(separator: "\n")
      let records = try lines.map { try JSONDecoder().decode(Iteration.self, from: Data($0.utf8)) }
      #expect(records.map(\.number) == [0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9])
      #expect(records.map(\.side) == [32, 32, 32, 32, 48, 48, 48, 64, 64, 64, 64, 64])
      #expect(zip(records, records.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
      let picture = try Picture(contentsOf: folder.appending(path: "out.png").path)
      #expect(max(picture.width, picture.height) == 64)
    }
  }

  @Test("a balance of 0 is the photograph, and more of it leads further from it")
  func balance() throws {
    try withTemporaryFolder { folder in
      let content = try Picture(contentsOf: Impasto.example("castle.jpg")).resized(longestSide: 48)
      var distances: [Double] = []
      for balance in ["0", "0.3", "0.5", "0.9"] {
        let result = try Impasto.run(
          Self.arguments("out.png", ["--balance", balance, "--init", "content"]), in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let picture = try Picture(contentsOf: folder.appending(path: "out.png").path)
        distances.append(
          zip(picture.colour, content.colour).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) })
      }
      // Half a level of an 8-bit file for each sample.
      #expect(distances[0] <= Double(content.colour.count) * pow(0.5 / 255, 2))
      #expect(distances == distances.sorted())
      #expect(distances[1] < 0.9 * distances[2])
    }
  }

  @Test("--keep-colors luminance paints lightness and keeps the content's hues")
  func luminance() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        Self.arguments("out.png", ["--keep-colors", "luminance", "--init", "content", "--bit-depth", "16"]),
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let picture = try Picture(contentsOf: folder.appending(path: "out.png").path).tensor
      let content = try Picture(contentsOf: Impasto.example("castle.jpg")).resized(longestSide: 48).tensor
      // Red minus green carries no lightness; where nothing was cut to 0…1 it is the content's.
      let (hue, wanted) = (picture[0, 0] - picture[0, 1], content[0, 0] - content[0, 1])
      let close = zip(hue.scalars, wanted.scalars).filter { abs($0 - $1) < 2e-3 }.count
      #expect(Double(close) > 0.9 * Double(hue.count))
      #expect(picture.scalars != content.scalars)
    }
  }

  @Test("a timelapse is a folder of numbered pictures or an animation")
  func timelapse() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(Self.arguments("out.png", ["--timelapse", "frames"]), in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "frames").path)
      // The start, six iterations, and the result.
      #expect(names.sorted() == (1...8).map { String(format: "%04d.png", $0) })
      let animated = try Impasto.run(Self.arguments("out.png", ["--timelapse", "film.png"]), in: folder)
      #expect(animated.status == 0, "\(animated.errors)")
      let film = try Data(contentsOf: folder.appending(path: "film.png"))
      #expect(film.range(of: Data("acTL".utf8)) != nil)
    }
  }

  @Test("Ctrl-C saves what there is and exits 130; the picture says where it stopped")
  func interruption() throws {
    try withTemporaryFolder { folder in
      let process = Impasto.process(
        Self.arguments("out.png", ["--iterations", "100000", "--log", "log.jsonl"]), in: folder)
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let log = folder.appending(path: "log.jsonl")
      // The log shows when there is something to save; the limit only ends a run that hangs.
      for _ in 0..<3000 where ((try? Data(contentsOf: log))?.count ?? 0) < 200 { usleep(20_000) }
      process.interrupt()
      process.waitUntilExit()
      let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      #expect(message.contains("interrupted"))
      let picture = try Picture(contentsOf: folder.appending(path: "out.png").path)
      #expect(max(picture.width, picture.height) == 48)
      let json = try #require(try Picture.settings(ofFileAt: folder.appending(path: "out.png").path))
      #expect(json.contains("stopped-at-iteration"))
    }
  }
}
