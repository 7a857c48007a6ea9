import Foundation
import NN
import StyleTransfer
import Tensor
import TestSupport
import Testing

@testable import StyleApp

/// Textures and reconstructions on the real network, at small sizes.
@Suite("Texture and reconstruction", .serialized)
struct TextureTests {
  /// By the fastest of losses: what is asked of sizes, seams and seeds holds for all.
  private func texture(_ name: String, in folder: URL, _ more: [String]) throws -> Picture {
    let result = try Impasto.run(
      [
        "texture", "--style", Impasto.example("starry_night.jpg"), "-o", name, "--size", "96", "--iterations",
        "40", "--style-loss", "gram", "--quiet",
      ] + more, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try Picture(contentsOf: folder.appending(path: name).path)
  }

  @Test("a texture has any size, larger or smaller than its source's", arguments: [(130, 50), (48, 100)])
  func size(_ width: Int, _ height: Int) throws {
    try withTemporaryFolder { folder in
      let picture = try texture(
        "t.png", in: folder, ["--width", "\(width)", "--height", "\(height)", "--iterations", "2"])
      #expect((picture.width, picture.height) == (width, height))
    }
  }

  @Test(
    "a tileable texture has no seam, also where it begins with a picture whose edges do not meet; one that is not has",
    arguments: [[], ["--init", Impasto.example("starry_night.jpg")]])
  func seams(start: [String]) throws {
    try withTemporaryFolder { folder in
      let shape = ["--width", "96", "--height", "64"] + start
      let plain = try texture("a.png", in: folder, shape).seams.worst
      let tileable = try texture("b.png", in: folder, shape + ["--tileable"]).seams.worst
      #expect(tileable < 1.2)
      #expect(plain > 1.3)
    }
  }

  @Test("tileable is a setting like any other: in a file and for rerun, with the padding that it needs")
  func tileableByASetting() throws {
    try withTemporaryFolder { folder in
      let short = ["--width", "48", "--height", "32", "--iterations", "2"]
      let flagged = try texture("flag.png", in: folder, short + ["--tileable"])
      try Data(#"{"tileable": true}"#.utf8).write(to: folder.appending(path: "tile.json"))
      #expect(try texture("file.png", in: folder, short + ["--settings", "tile.json"]) == flagged)
      _ = try texture("plain.png", in: folder, short)
      let again = try Impasto.run(
        [
          "rerun", "plain.png", "--style", Impasto.example("starry_night.jpg"), "--set", "tileable=true",
          "-o", "again.png",
          "--quiet",
        ], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try Picture(contentsOf: folder.appending(path: "again.png").path) == flagged)
    }
  }

  @Test("seeds make different textures of the same statistics")
  func seeds() throws {
    try withTemporaryFolder { folder in
      // To their ends: how far 40 iterations come differs with the processor, whose BLAS rounds in its own way.
      let pictures = try ["1", "2"].map {
        try texture("\($0).png", in: folder, ["--seed", $0, "--iterations", "120"])
      }
      let network = try WeightsLocator.loadNetwork(explicit: nil, padding: .reflect)
      let layers = LayerList.studyStyle.layers.map(\.layer)
      let features = try pictures.map { try network($0.tensor, layers: layers) }
      for layer in layers {
        let loss = StyleLoss(target: features[0][layer]!)
        #expect(loss(features[1][layer]!).scalar / Float(StyleStatistic.gram.relativeScale) < 0.05)
      }
      #expect(PictureComparison(pictures[0], pictures[1]).peakSignalToNoiseRatio < 20)
    }
  }

  @Test(
    "a reconstruction from conv_4 comes near its picture, whatever the seed; deeper ones stay further away")
  func reconstruction() throws {
    try withTemporaryFolder { folder in
      func reconstruct(_ layer: String, seed: String) throws -> Picture {
        let result = try Impasto.run(
          [
            "reconstruct", "--content", Impasto.example("castle.jpg"), "--content-layers", layer, "--size",
            "96",
            "--iterations", "60", "--seed", seed, "-o", "out.png", "--quiet",
          ], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        return try Picture(contentsOf: folder.appending(path: "out.png").path)
      }
      let original = try Picture(contentsOf: Impasto.example("castle.jpg")).resized(longestSide: 96)
      let shallow = try ["1", "2"].map { try reconstruct("conv_4", seed: $0) }
      let deep = try reconstruct("conv_12", seed: "1")
      func psnr(_ a: Picture, _ b: Picture) -> Double { PictureComparison(a, b).peakSignalToNoiseRatio }
      #expect(psnr(original, shallow[0]) > 18)
      #expect(psnr(shallow[0], shallow[1]) > 18)
      #expect(psnr(original, deep) < psnr(original, shallow[0]) - 3)
    }
  }
}
