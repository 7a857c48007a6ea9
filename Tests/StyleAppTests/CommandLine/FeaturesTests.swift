import Foundation
import NN
import StyleTransfer
import Tensor
import TestSupport
import Testing

@testable import StyleApp

@Suite("Features and weights")
struct FeaturesTests {
  @Test("features holds what was fed, each layer under the name given, and Gram matrices")
  func features() throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(
        [
          "features", "--image", Impasto.example("kitten.jpg"), "--layers", "conv_1,conv4_1", "--gram",
          "--size",
          "40", "-o", "f.safetensors",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let file = try SafetensorsFile(contentsOf: folder.appending(path: "f.safetensors").path)
      #expect(Set(file.names) == ["image", "conv_1", "conv_1.gram", "conv4_1", "conv4_1.gram"])
      let image: Tensor<Float> = try file.tensor("image")
      #expect(image.shape[..<2] == [1, 3] && image.shape[2...].max() == 40)
      let network = try VGG19(contentsOf: try WeightsLocator.path(explicit: nil))
      for name in ["conv_1", "conv4_1"] {
        let layer = try VGG19.Layer(name)
        let expected = try #require(try network(image, layers: [layer])[layer])
        let found: Tensor<Float> = try file.tensor(name)
        #expect(found.shape == expected.shape)
        #expect(found.scalars == expected.scalars)
        let rows = expected.reshaped(to: [expected.shape[1], -1])
        let pixels = Float(rows.shape[1])
        let gram: Tensor<Float> = try file.tensor("\(name).gram")
        let difference = (gram - rows.matrixProduct(rows, transposingRight: true) * Tensor(1 / pixels))
          .square()
          .sum()
        #expect(gram.shape == [rows.shape[0], rows.shape[0]])
        #expect(difference.scalar <= 1e-10 * gram.square().sum().scalar)
      }
    }
  }

  @Test("what lies hidden where a picture is clear is not seen, and its folder is not told")
  func hiddenPixels() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "private"), withIntermediateDirectories: false)
      let alpha = (0..<48 * 32).map { Float($0 % 48 < 20 ? 1 : 0) }
      var seen: [Data] = []
      for hidden in [0, 0.5, 1] as [Float] {
        let colour = (0..<3 * 48 * 32).map { index in
          alpha[index % (48 * 32)] == 1 ? Float(index * 7 % 97) / 97 : hidden
        }
        try Picture(width: 48, height: 32, colour: colour, alpha: alpha)
          .write(to: folder.path + "/private/picture.png")
        let result = try Impasto.run(
          [
            "features", "--image", folder.path + "/private/picture.png", "--layers", "conv_1", "-o",
            "f.safetensors",
          ],
          in: folder)
        #expect(result.status == 0, "\(result.errors)")
        seen.append(try Data(contentsOf: folder.appending(path: "f.safetensors")))
      }
      #expect(Set(seen).count == 1)
      let file = try SafetensorsFile(contentsOf: folder.appending(path: "f.safetensors").path)
      #expect(file.metadata["image"] == "picture.png")
    }
  }

  @Test("a conversion to safetensors gives the same features as the weights it came from")
  func conversion() throws {
    try withTemporaryFolder { folder in
      let converted = try Impasto.run(["weights", "--convert", "vgg.safetensors"], in: folder)
      #expect(converted.status == 0, "\(converted.errors)")
      let picture = ["--image", Impasto.example("kitten.jpg"), "--layers", "conv_16", "--size", "32"]
      for (name, more) in [("a", []), ("b", ["--weights", "vgg.safetensors"])] {
        let result = try Impasto.run(["features", "-o", "\(name).safetensors"] + picture + more, in: folder)
        #expect(result.status == 0, "\(result.errors)")
      }
      let features = try ["a", "b"].map { name -> Tensor<Float> in
        try SafetensorsFile(contentsOf: folder.appending(path: "\(name).safetensors").path).tensor("conv_16")
      }
      #expect(features[0].scalars == features[1].scalars)
    }
  }

  @Test("weights --path prints the path alone, and --verify accepts the published file")
  func verification() throws {
    try withTemporaryFolder { folder in
      let path = try Impasto.run(["weights", "--path"], in: folder)
      #expect(path.output == (try WeightsLocator.path(explicit: nil)) + "\n")
      let verified = try Impasto.run(["weights", "--verify"], in: folder)
      #expect(verified.status == 0, "\(verified.errors)")
      #expect(verified.output.contains("verified as"))
    }
  }
}
