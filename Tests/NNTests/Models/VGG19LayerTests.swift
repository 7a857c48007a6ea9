import NN
import Testing

@Suite struct VGG19LayerTests {
  @Test(
    "VGG19.Layer: every way to name a layer means the same one",
    arguments: [
      ("conv_1", "conv1_1", "features.0"), ("conv_9", "conv4_1", "features.19"),
      ("conv_16", "conv5_4", "features.34"),
      ("relu_2", "relu1_2", "features.3"), ("relu_9", "relu4_1", "features.20"),
      ("pool_4", "pool4", "features.27"),
    ])
  func aliases(name: String, block: String, torchvision: String) throws {
    let layer = try VGG19.Layer(name)
    #expect(layer.name == name)
    #expect(try layer == VGG19.Layer(block))
    #expect(try layer == VGG19.Layer(torchvision))
  }

  @Test("VGG19.Layer: there are 37 in order, with five poolings, and each finds itself by its name")
  func order() throws {
    #expect(VGG19.Layer.all.count == 37)
    #expect(VGG19.Layer.all == VGG19.Layer.all.sorted())
    for (position, layer) in VGG19.Layer.all.enumerated() {
      #expect(layer.position == position)
      #expect(try VGG19.Layer(layer.name) == layer)
    }
    #expect((1...5).map { VGG19.Layer.pooling($0).position } == [4, 9, 18, 27, 36])
    #expect(
      (1...16).map { VGG19.Layer.convolution($0).channelCount }
        == [64, 64, 128, 128, 256, 256, 256, 256] + Array(repeating: 512, count: 8))
  }

  @Test(
    "VGG19.Layer: an unknown name is an error that suggests the nearest and lists what there is",
    arguments: [
      ("conv_17", "conv_1"), ("conv9", "conv_9"), ("Conv_12", "conv_12"), ("relu41", "relu_1"),
      ("features.37", "features.3"),
      ("", "pool1"),
    ])
  func unknown(name: String, suggestion: String) throws {
    let error = try #require(throws: VGG19.UnknownLayer.self) { try VGG19.Layer(name) }
    #expect(error.suggestion == suggestion)
    #expect(error.description.contains("'\(name)'"))
    for part in ["conv_1 … conv_16", "relu4_1", "pool_5", "features.36"] {
      #expect(error.description.contains(part))
    }
  }

  @Test("VGG19: the smallest side doubles with every pooling on the way")
  func minimumSize() throws {
    #expect(VGG19.minimumSize(for: [.convolution(2)]) == 1)
    #expect(VGG19.minimumSize(for: [.pooling(1)]) == 2)
    #expect(VGG19.minimumSize(for: [.convolution(9), .convolution(2)]) == 8)
    #expect(VGG19.minimumSize(for: [.relu(16)]) == 16)
    #expect(VGG19.minimumSize(for: [.pooling(5)]) == 32)
    #expect(VGG19.minimumSize(for: []) == 1)
  }
}
