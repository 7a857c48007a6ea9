import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// SSIM, MS-SSIM, LPIPS and DISTS against the packages that define them; Tests/Fixtures/quality/generate.py ran those.
@Suite("Picture quality")
struct QualityTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let a, b: String
    let width, height: Int
    let psnr, ssim, ssimLuma, ssimOfMSSSIM, msssim, msssimLuma: Double
    let narrowAlexNet, narrowVGG16, narrowDISTS: Double
    let lpipsAlexNet, lpipsVGG16, dists: Double

    var testDescription: String { "\(a) and \(b), \(width)×\(height)" }

    var pictures: [Picture] {
      get throws {
        try [a, b].map { name in
          let whole = try Picture(contentsOf: QualityTests.path("\(name).png"))
          return Picture(whole.tensor[0..., 0..., 0..<height, 0..<width])
        }
      }
    }
  }

  static func path(_ name: String) -> String { FixtureFile.folder.appending(path: "quality/\(name)").path }

  static let cases = try! FixtureFile.json("quality/measures.json", as: [Case].self)

  @Test("PSNR, SSIM and MS-SSIM are those of scikit-image and of pytorch-msssim", arguments: cases)
  func indices(_ example: Case) throws {
    let pictures = try example.pictures
    let comparison = PictureComparison(pictures[0], pictures[1])
    let single = try #require(comparison.structuralSimilarity)
    let multi = try #require(comparison.multiScaleSimilarity)
    #expect(abs(comparison.peakSignalToNoiseRatio - example.psnr) < 1e-9)
    // Both are in Double from the same Floats.
    #expect(abs(single.channelMean - example.ssim) < 1e-11)
    #expect(abs(single.luma - example.ssimLuma) < 1e-11)
    // pytorch-msssim's window is in single precision, and does not add up to 1.
    #expect(abs(single.channelMean - example.ssimOfMSSSIM) < 1e-5)
    #expect(abs(multi.channelMean - example.msssim) < 1e-5)
    #expect(abs(multi.luma - example.msssimLuma) < 1e-5)
  }

  @Test("MS-SSIM is 1 for equal pictures, is symmetric, and needs 161 pixels")
  func multiScale() throws {
    let pictures = try Self.cases[1].pictures
    let same = try #require(PictureComparison(pictures[0], pictures[0]).multiScaleSimilarity)
    #expect(abs(same.channelMean - 1) < 1e-12 && abs(same.luma - 1) < 1e-12)
    let there = PictureComparison(pictures[0], pictures[1]).multiScaleSimilarity
    let back = PictureComparison(pictures[1], pictures[0]).multiScaleSimilarity
    #expect(abs(try #require(there).luma - #require(back).luma) < 1e-12)
    for (size, isThere) in [(160, false), (161, true)] {
      let small = Picture(pictures[0].tensor[0..., 0..., 0..<size, 0..<163])
      #expect((PictureComparison(small, small).multiScaleSimilarity != nil) == isThere)
    }
  }

  /// Networks in single precision against PyTorch's in double.
  static let tolerance = 1e-5

  @Test("LPIPS and DISTS of narrow networks are those of lpips and of dists-pytorch", arguments: cases)
  func narrow(_ example: Case) throws {
    let pictures = try example.pictures.map(\.tensor)
    let measures: [(LPIPS.Network, String, Double)] = [
      (.alexNet, "narrow_alexnet.ckpt", example.narrowAlexNet),
      (.vgg16, "narrow_vgg16.ckpt", example.narrowVGG16),
    ]
    for (network, file, expected) in measures {
      let lpips = try LPIPS(contentsOf: Self.path(file))
      #expect(lpips.network == network)
      #expect(
        abs(Double(lpips(pictures[0], pictures[1])[0].scalar) - expected) < Self.tolerance, "\(network)")
    }
    let dists = try DISTS(network: Self.path("narrow_vgg16.ckpt"), weights: Self.path("narrow_dists.pt"))
    #expect(abs(Double(dists(pictures[0], pictures[1])[0].scalar) - example.narrowDISTS) < Self.tolerance)
  }

  /// The published weights, where `make weights-perceptual` has put them.
  static let weights = PerceptualWeights()

  @Test(
    "LPIPS and DISTS with the published weights are those of lpips and of dists-pytorch",
    .enabled(if: weights.paths.count == 3, "the weights are absent; make weights-perceptual fetches them"),
    arguments: cases)
  func published(_ example: Case) throws {
    let pictures = try example.pictures
    let found = try PictureComparison(pictures[0], pictures[1]).perceptualDistances(Self.weights)
    #expect(abs(try found.lpipsAlexNet.get() - example.lpipsAlexNet) < Self.tolerance)
    #expect(abs(try found.lpipsVGG16.get() - example.lpipsVGG16) < Self.tolerance)
    #expect(abs(try found.dists.get() - example.dists) < Self.tolerance)
  }

  @Test("what is missing for a measure is said by name, and the other measures are there")
  func missing() throws {
    try withTemporaryFolder { folder in
      let weights = PerceptualWeights(folder: folder.path)
      let pictures = try Self.cases[0].pictures
      let comparison = PictureComparison(pictures[0], pictures[1])
      #expect(throws: StyleTransferError.self) { _ = try comparison.perceptualDistances(weights) }
      #expect(weights.missing(PerceptualWeights.dists).contains("dists-pytorch 0.1"))
    }
  }
}
