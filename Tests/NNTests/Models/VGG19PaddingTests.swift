import NN
import Tensor
import Testing

@Suite struct VGG19PaddingTests {
  private func network(_ padding: VGG19.Padding) throws -> VGG19 {
    var network = try Fixture.network()
    network.padding = padding
    return network
  }

  private func distance(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
    relativeDistance(a.scalars.map(Double.init), b.scalars.map(Double.init))
  }

  @Test(
    "VGG19: the features with any padding are PyTorch's",
    arguments: VGG19.Padding.allCases.filter { $0 != .zero })
  func features(padding: VGG19.Padding) throws {
    let file = try Fixture.file("paddings.safetensors")
    let layers = [1, 9, 16].map { VGG19.Layer.convolution($0) }
    let features = try network(padding)(Fixture.picture("content"), layers: layers)
    for layer in layers {
      let expected = try file.tensor("\(padding.rawValue).\(layer)", as: Double.self).scalars
      #expect(relativeDistance(samples(features[layer]!, expected.count), expected) < 1e-4, "\(layer)")
      let length = try file.tensor("\(padding.rawValue).\(layer).norm", as: Double.self).scalar
      #expect(abs(norm(features[layer]!) / length - 1) < 1e-4, "\(layer)")
    }
  }

  @Test("VGG19: with circular padding a picture that is rolled has features that are rolled")
  func roll() throws {
    func rolled(_ x: Tensor<Float>, by amount: Int) -> Tensor<Float> {
      .concatenated([x[..., amount...], x[..., ..<amount]], axis: 3)
    }
    let network = try network(.circular)
    let image = try Fixture.picture("content")
    let layer = VGG19.Layer.convolution(9)
    let plain = try network(image, layers: [layer])[layer]!
    // Three poolings: 16 pixels are 2 features.
    let moved = try network(rolled(image, by: 16), layers: [layer])[layer]!
    #expect(distance(moved, rolled(plain, by: 2)) < 1e-5)
    #expect(distance(moved, plain) > 0.1)
  }

  @Test(
    "VGG19: the smallest picture, one pixel in the deep layers, works with any padding",
    arguments: VGG19.Padding.allCases)
  func smallest(padding: VGG19.Padding) throws {
    let network = try network(padding)
    for (height, width) in [(16, 16), (16, 40), (40, 16)] {
      let image = Tensor<Float>(repeating: 0.5, shape: [1, 3, height, width])
      let (value, gradient) = try valueWithGradient(at: image) {
        try network($0, layers: [.convolution(16)])[.convolution(16)]!.square().mean()
      }
      #expect(value.scalar.isFinite && norm(gradient) > 0)
    }
  }

  @Test(
    "VGG19: a flat picture has flat features where the padding continues it",
    arguments: [VGG19.Padding.reflect, .replicate, .circular])
  func flat(padding: VGG19.Padding) throws {
    let layer = VGG19.Layer.convolution(16)
    let image = Tensor<Float>(repeating: 0.3, shape: [1, 3, 48, 48])
    let features = try network(padding)(image, layers: [layer])[layer]!
    let spread = (features - features.mean(axes: [2, 3], keepingDimensions: true)).abs().max().scalar
    #expect(spread < 1e-4 * features.abs().max().scalar)
  }
}
