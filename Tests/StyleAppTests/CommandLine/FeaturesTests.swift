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
