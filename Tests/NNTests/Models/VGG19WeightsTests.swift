import Foundation
import NN
import Tensor
import Testing

@Suite struct VGG19WeightsTests {
  /// Calls `body` with a file name in a new folder that is removed afterwards.
  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "weights").path)
  }

  @Test("VGG19.Weights: the published file is recognised and has the published digest")
  func published() throws {
    let weights = try Fixture.network().weights
    #expect(weights.origin == .normalized)
    #expect(try weights.sha256() == "804ca2835ecf7539f0cd2a7ac3c18ce81e6f8468969ae7117ac0c148d286bb4a")
  }

  @Test(
    "VGG19.Weights: written as safetensors they give the same features to the bit, and say where they are from"
  )
  func conversion() throws {
    try withFile { path in
      let network = try Fixture.network()
      try network.weights.write(to: path)
      let converted = try VGG19(contentsOf: path)
      #expect(converted.weights.origin == .normalized)
      let image = try Fixture.picture("style")
      let layer = VGG19.Layer.convolution(9)
      let (a, b) = (try network(image, layers: [layer]), try converted(image, layers: [layer]))
      #expect(a[layer]!.scalars == b[layer]!.scalars)
      let metadata = try SafetensorsFile(contentsOf: path).metadata
      #expect(metadata["source_sha256"] == (try network.weights.sha256()))
    }
  }

  @Test("VGG19.Weights: torchvision's names bring ImageNet's pre-processing")
  func torchvision() throws {
    try withFile { path in
      var tensors = torchvisionWeights()
      tensors["classifier.6.bias"] = Tensor<Float>.zeros([3])
      // One filter that passes red on, and one that passes blue.
      var filter = [Float](repeating: 0, count: 64 * 3 * 9)
      filter[4] = 1
      filter[27 + 2 * 9 + 4] = 1
      tensors["features.0.weight"] = Tensor(filter, shape: [64, 3, 3, 3])
      try Safetensors.write(tensors, to: path)
      let network = try VGG19(contentsOf: path)
      #expect(network.weights.origin == .torchvision)
      let image = Tensor<Float>([0.2, 0.5, 0.9], shape: [1, 3, 1, 1])
      let output = try network(image, layers: [.convolution(1)])[.convolution(1)]!.scalars
      #expect(abs(output[0] - (0.2 - 0.485) / 0.229) < 1e-5)
      #expect(abs(output[1] - (0.9 - 0.406) / 0.225) < 1e-5)
    }
  }

  @Test("VGG19.Weights: files that are not VGG-19's say why")
  func unrecognized() throws {
    try withFile { path in
      try Safetensors.write(["a": Tensor<Float>([1])], to: path)
      let foreign = try #require(throws: VGG19.UnrecognizedWeights.self) {
        try VGG19.Weights(contentsOf: path)
      }
      #expect(foreign.description.contains("none of its 1 tensors"))

      var tensors = torchvisionWeights()
      tensors["features.34.bias"] = nil
      try Safetensors.write(tensors, to: path)
      let smaller = try #require(throws: VGG19.UnrecognizedWeights.self) {
        try VGG19.Weights(contentsOf: path)
      }
      #expect(smaller.description.contains("there is no 'features.34.bias'"))

      tensors = torchvisionWeights()
      tensors["features.2.weight"] = Tensor<Float>.zeros([64])
      try Safetensors.write(tensors, to: path)
      let normalized = try #require(throws: VGG19.UnrecognizedWeights.self) {
        try VGG19.Weights(contentsOf: path)
      }
      #expect(normalized.description.contains("'features.2.weight' has the shape [64], not [64, 64, 3, 3]"))
    }
  }

  @Test(
    "VGG19.Weights: truncated and missing files are errors that name the file",
    arguments: [0, 9, 1000, 40_000_000])
  func truncated(length: Int) throws {
    try withFile { path in
      let missing = try #require(throws: SerializationError.self) { try VGG19.Weights(contentsOf: path) }
      #expect(missing.kind == .missing)
      let whole = try Data(contentsOf: URL(filePath: Fixture.weightsPath), options: .alwaysMapped)
      try whole.prefix(length).write(to: URL(filePath: path))
      let cut = try #require(throws: SerializationError.self) { try VGG19.Weights(contentsOf: path) }
      #expect(cut.description.contains(path))
    }
  }

  /// Weights of zeros under torchvision's names.
  private func torchvisionWeights() -> [String: Tensor<Float>] {
    var tensors: [String: Tensor<Float>] = [:]
    var input = 3
    for number in 1...16 {
      let layer = VGG19.Layer.convolution(number)
      tensors["features.\(layer.position).weight"] = .zeros([layer.channelCount, input, 3, 3])
      tensors["features.\(layer.position).bias"] = .zeros([layer.channelCount])
      input = layer.channelCount
    }
    return tensors
  }
}
