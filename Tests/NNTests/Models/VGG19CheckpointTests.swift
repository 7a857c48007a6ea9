import Foundation
import NN
import Tensor
import Testing

/// VGG-19 as people have it: in checkpoints, under several names, and with Caffe's inputs.
@Suite struct VGG19CheckpointTests {
  private static let listPlaces = [2, 5, 9, 12, 16, 19, 22, 25, 29, 32, 35, 38, 42, 45, 48, 51]
  private static let blockNames = [
    "conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4", "conv4_1",
    "conv4_2",
    "conv4_3", "conv4_4", "conv5_1", "conv5_2", "conv5_3", "conv5_4",
  ]
  private static let featureNames = (1...16).map { "features.\(VGG19.Layer.convolution($0).position)" }

  private typealias Filter = (weight: Tensor<Float>, bias: Tensor<Float>)

  /// The published convolutions.
  private static func filters() throws -> [Filter] {
    let archive = try openTensorArchive(Fixture.weightsPath)
    return try listPlaces.map { (try archive.tensor("\($0).weight"), try archive.tensor("\($0).bias")) }
  }

  /// Calls `body` with the network read from a file of convolutions under these names.
  private func withNetwork(
    _ names: [String], _ filters: [Filter]? = nil, prefix: String = "", extra: [String: Tensor<Float>] = [:],
    _ body: (VGG19) throws -> Void
  ) throws {
    var tensors = extra
    for (name, filter) in zip(names, try filters ?? Self.filters()) {
      tensors["\(prefix)\(name).weight"] = filter.weight
      tensors["\(prefix)\(name).bias"] = filter.bias
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Safetensors.write(tensors, to: path)
    try body(VGG19(contentsOf: path))
  }

  /// ‖a − b‖ ÷ ‖b‖ of the features of conv_9, where b is the published network.
  private func difference(_ a: VGG19, scale: (Tensor<Float>) -> Tensor<Float> = { $0 }) throws -> Float {
    let image = try Fixture.picture("style")
    let layer = VGG19.Layer.convolution(9)
    let found = scale(try a(image, layers: [layer])[layer]!)
    let expected = try Fixture.network()(image, layers: [layer])[layer]!
    return ((found - expected).square().sum().sqrt() / expected.square().sum().sqrt()).scalar
  }

  @Test(
    "VGG19.Weights: Caffe's under torchvision's or Gatys' names, in a checkpoint or not, get Caffe's pre-processing",
    arguments: [featureNames, blockNames], ["", "state_dict.module.", "vgg."])
  func caffe(names: [String], prefix: String) throws {
    try withNetwork(
      names, prefix: prefix, extra: ["epoch": Tensor([3]), "head.0.weight": .zeros([2, 2])]
    ) {
      #expect($0.weights.origin == .caffe)
      let found = try difference($0)
      #expect(found < 1e-6)
    }
  }

  @Test("VGG19.Weights: the bare list of torchvision's places is found")
  func bareFeatures() throws {
    try withNetwork(Self.featureNames.map { String($0.dropFirst("features.".count)) }) {
      #expect($0.weights.origin == .caffe)
      let found = try difference($0)
      #expect(found < 1e-6)
    }
  }

  @Test(
    "VGG19.Weights: Caffe's are known however their filters are scaled, and compute the same but for the scale"
  )
  func rescaled() throws {
    var scale: [Float] = []
    var filters = try Self.filters()
    for index in 0..<9 {
      let count = filters[index].weight.shape[0]
      // As far apart as the mean activations that the normalisation removed.
      let next = (0..<count).map { Float(1 + $0 % 7) * (index < 8 ? 20 : 3) }
      var weight = filters[index].weight * Tensor(next, shape: [count, 1, 1, 1])
      if !scale.isEmpty { weight = weight / Tensor(scale, shape: [1, scale.count, 1, 1]) }
      filters[index] = (weight, filters[index].bias * Tensor(next))
      scale = next
    }
    try withNetwork(Self.featureNames, filters) { network in
      #expect(network.weights.origin == .caffe)
      let found = try difference(network) { $0 / Tensor(scale, shape: [1, scale.count, 1, 1]) }
      #expect(found < 1e-4)
    }
  }

  @Test(
    "VGG19.Weights: first filters turned to red first, or made for inputs up to 1, are seen to be so",
    arguments: [false, true])
  func turned(inputsAreSmall: Bool) throws {
    var filters = try Self.filters()
    let parts = (0..<3).map { filters[0].weight[0..., (2 - $0)..<(3 - $0)] }
    filters[0].weight = Tensor.concatenated(parts, axis: 1) * (inputsAreSmall ? 255 : 1)
    try withNetwork(Self.featureNames, filters) {
      #expect($0.weights.origin == .caffe)
      let found = try difference($0)
      #expect(found < 1e-4)
    }
  }

  @Test("VGG19.Weights: Caffe's for inputs of a size that nobody uses are refused by name")
  func unknownInputs() throws {
    var filters = try Self.filters()
    filters[0].weight = filters[0].weight * 10
    let error = #expect(throws: VGG19.UnrecognizedWeights.self) {
      try withNetwork(Self.featureNames, filters) { _ in }
    }
    #expect(error?.description.contains("Caffe's network with its first filters rescaled by") == true)
  }

  @Test("VGG19.Weights: Gatys' list is found with its own pre-processing below a prefix")
  func list() throws {
    let archive = try openTensorArchive(Fixture.weightsPath)
    let own: [String: Tensor<Float>] = [
      "model.vgg.0.weight": try archive.tensor("0.weight"), "model.vgg.0.bias": try archive.tensor("0.bias"),
      "model.decoder.2.weight": .zeros([64, 64, 3, 3]),
    ]
    try withNetwork(Self.listPlaces.map { "\($0)" }, prefix: "model.vgg.", extra: own) {
      #expect($0.weights.origin == .normalized)
      let found = try difference($0)
      #expect(found == 0)
    }
  }

  @Test("VGG19.Weights: two networks in a file, or one with batch normalisation, are refused with the reason")
  func refusals() throws {
    let archive = try openTensorArchive(Fixture.weightsPath)
    var twice: [String: Tensor<Float>] = [:]
    for (place, name) in zip(Self.listPlaces, Self.featureNames) {
      twice["ema.\(name).weight"] = try archive.tensor("\(place).weight")
      twice["ema.\(name).bias"] = try archive.tensor("\(place).bias")
    }
    let ambiguous = #expect(throws: VGG19.UnrecognizedWeights.self) {
      try withNetwork(Self.featureNames, prefix: "model.", extra: twice) { _ in }
    }
    #expect(ambiguous?.description.contains("2 networks, under 'ema.features.', 'model.features.'") == true)
    let normalized = #expect(throws: VGG19.UnrecognizedWeights.self) {
      try withNetwork(
        ["features.0"],
        extra: ["features.1.running_mean": .zeros([64]), "features.3.weight": .zeros([64])]
      ) { _ in }
    }
    #expect(normalized?.description.contains("no 'features.2.weight' (with batch normalisation") == true)
  }

  @Test("VGG19.Weights: Caffe's written as safetensors are Caffe's when they are read again")
  func conversion() throws {
    try withNetwork(Self.blockNames, prefix: "net.") { network in
      let path = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try network.weights.write(to: path)
      let again = try VGG19(contentsOf: path)
      #expect(again.weights.origin == .caffe)
      #expect(try openTensorArchive(path).names.contains("conv1_1.weight"))
      let found = try difference(again)
      #expect(found < 1e-6)
    }
  }
}
