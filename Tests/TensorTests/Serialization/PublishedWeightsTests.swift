import Foundation
import ImpastoPlatform
import Testing

@testable import Tensor

/// The two published files, where `make weights` has put them.
@Suite("The published weights")
struct PublishedWeightsTests {
  private static let folder =
    ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
    ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")

  private static func path(_ name: String) -> String { folder.appending(path: "impasto/\(name)").plainPath }

  private static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  @Test(
    "the normalised VGG-19 reads with the values that PyTorch sees",
    .enabled(if: has("vgg_normalised.pth"), "the weights are absent; make weights fetches them"))
  func normalisedVGG() throws {
    let file = try PyTorchFile(contentsOf: Self.path("vgg_normalised.pth"))
    let layers = [
      "0", "2", "5", "9", "12", "16", "19", "22", "25", "29", "32", "35", "38", "42", "45", "48", "51",
    ]
    #expect(file.names == layers.flatMap { ["\($0).weight", "\($0).bias"] })
    #expect(try file.shape(of: "2.weight") == [64, 3, 3, 3])
    #expect(try file.tensor("0.weight", as: Float.self).scalars == [0, 0, 255, 0, 255, 0, 255, 0, 0])
    #expect(try file.tensor("0.bias", as: Float.self).scalars == [-103.939, -116.779, -123.68])
    let last = try file.tensor("51.weight", as: Float.self)
    #expect(last.shape == [512, 512, 3, 3])
    #expect(
      last.scalars.suffix(9) == [
        -0.00022089971753302962, -0.010153978131711483, -0.02649002894759178, 0.0037387909833341837,
        -0.02809244766831398, -0.03445623442530632, 0.006929734256118536, -0.010533557273447514,
        -0.0053761363960802555,
      ])
    // Σx² over all tensors, summed in Double here and there: the order of 20,024,384 terms may change the last
    // digits by n·ε at most.
    var sum = 0.0
    for name in file.names {
      sum += try file.tensor(name, as: Double.self).withUnsafeScalars { $0.reduce(0) { $0 + $1 * $1 } }
    }
    #expect(abs(sum - 254715.19832191252) <= 20_024_384 * Double.ulpOfOne * sum)
  }

  @Test(
    "the decoder's file has the SHA-256 that it is published with",
    .enabled(if: has("decoder.pth"), "decoder.pth is absent, which nothing but this test reads"))
  func decoder() throws {
    #expect(
      try SHA256.digest(ofFile: Self.path("decoder.pth"))
        == "379ca41d59f3a37eed3599bbbc2560c19da5c458870a5ffd3a9dd41aa88f9472")
    #expect(try PyTorchFile(contentsOf: Self.path("decoder.pth")).names.count == 18)
  }
}
