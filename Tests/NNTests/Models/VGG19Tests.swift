import Foundation
import Tensor
import Testing

@testable import NN

@Suite struct VGG19Tests {
  /// Of features in relative L2, by the project's promise; rounding alone gives about 1e-6.
  private static let featureTolerance = 1e-4

  @Test("VGG19: the features of all 16 convolutions are PyTorch's", arguments: VGG19.Pooling.allCases)
  func features(pooling: VGG19.Pooling) throws {
    let file = try Fixture.file("features.safetensors")
    let layers = (1...16).map { VGG19.Layer.convolution($0) }
    let features = try Fixture.network(pooling)(Fixture.picture("content"), layers: layers)
    #expect(features.count == 16)
    let stored = layers.filter { file.names.contains("\(pooling).\($0)") }
    #expect(stored.count == (pooling == .max ? 16 : 2))
    for layer in stored {
      let expected = try file.tensor("\(pooling).\(layer)", as: Double.self).scalars
      let distance = relativeDistance(samples(features[layer]!, expected.count), expected)
      #expect(distance < Self.featureTolerance, "\(layer)")
      let length = try file.tensor("\(pooling).\(layer).norm", as: Double.self).scalar
      #expect(abs(norm(features[layer]!) / length - 1) < Self.featureTolerance, "\(layer)")
    }
  }

  @Test("gramMatrix: those of the study's layers are PyTorch's", arguments: [2, 4, 8, 16])
  func grams(number: Int) throws {
    let file = try Fixture.file("features.safetensors")
    let layer = VGG19.Layer.convolution(number)
    let gram = try Fixture.network()(Fixture.picture("content"), layers: [layer])[layer]!.gramMatrix()
    let expected = try file.tensor("max.\(layer).gram", as: Double.self).scalars
    #expect(gram.shape == [1, layer.channelCount, layer.channelCount])
    #expect(relativeDistance(samples(gram, expected.count), expected) < Self.featureTolerance)
    let length = try file.tensor("max.\(layer).gram.norm", as: Double.self).scalar
    #expect(abs(norm(gram) / length - 1) < Self.featureTolerance)
  }

  @Test("VGG19: a layer is the same whichever others are asked for", arguments: VGG19.Pooling.allCases)
  func fusion(pooling: VGG19.Pooling) throws {
    let network = try Fixture.network(pooling)
    let image = try Fixture.picture("content")
    let together = try network(image, layers: VGG19.Layer.all)
    #expect(together.count == 37)
    for layer in VGG19.Layer.all {
      let alone = try network(image, layers: [layer])
      #expect(alone.count == 1)
      #expect(alone[layer]!.shape == together[layer]!.shape)
      // Fused and separate ReLUs round alike; only NaN and −0 could differ.
      #expect(
        relativeDistance(alone[layer]!.scalars.map(Double.init), together[layer]!.scalars.map(Double.init))
          < 1e-6)
    }
    #expect(together[.convolution(16)]!.shape == [1, 512, 5, 6])
    #expect(together[.relu(16)]!.scalars.allSatisfy { $0 >= 0 })
  }

  @Test("VGG19: a ReLU put off until after the pooling changes no gradient")
  func deferredReLU() throws {
    let network = try Fixture.network()
    let image = try Fixture.picture("style")
    func slope(_ layers: [VGG19.Layer]) throws -> Tensor<Float> {
      try gradient(at: image) { x in try network(x, layers: layers)[.pooling(2)]!.square().sum() }
    }
    // Asked for both convolutions the ReLUs come after the poolings, else in the convolutions.
    let deferred = try slope([.pooling(2), .convolution(2), .convolution(4)])
    let fused = try slope([.pooling(2)])
    #expect(relativeDistance(deferred.scalars.map(Double.init), fused.scalars.map(Double.init)) < 1e-5)
  }

  @Test("VGG19: a batch is its pictures one by one")
  func batch() throws {
    let network = try Fixture.network()
    let (a, b) = (try Fixture.picture("content"), try Fixture.picture("image"))
    let layer = VGG19.Layer.convolution(6)
    let both = try network(.concatenated([a, b], axis: 0), layers: [layer])[layer]!
    for (index, image) in [a, b].enumerated() {
      let alone = try network(image, layers: [layer])[layer]!
      let part = both[index...index]
      #expect(relativeDistance(part.scalars.map(Double.init), alone.scalars.map(Double.init)) < 1e-6)
    }
  }

  @Test("VGG19: a picture too small for the deepest layer is an error that names the smallest side")
  func tooSmall() throws {
    let network = try Fixture.network()
    let image = Tensor<Float>(repeating: 0.5, shape: [1, 3, 15, 40])
    #expect(
      throws: VGG19.ImageTooSmall(height: 15, width: 40, minimumSize: 16, layer: .convolution(16))
    ) { try network(image, layers: [.convolution(16)]) }
    #expect(try network(image, layers: [.convolution(12)])[.convolution(12)]!.shape == [1, 512, 1, 5])
    let smallest = Tensor<Float>(repeating: 0.5, shape: [1, 3, 16, 16])
    #expect(try network(smallest, layers: [.convolution(16)])[.convolution(16)]!.shape == [1, 512, 1, 1])
    #expect(try network(image, layers: []).isEmpty)
  }

  @Test("VGG19: a picture of another form traps")
  func wrongForm() async {
    await #expect(processExitsWith: .failure) {
      let network = try Fixture.network()
      _ = try network(Tensor<Float>.zeros([1, 4, 32, 32]), layers: [.convolution(1)])
    }
  }

  @Test("VGG19: the history of a pass through frozen weights keeps bits, not activations")
  func memory() async {
    await #expect(processExitsWith: .success) {
      let network = try Fixture.network()
      let image = Tensor<Float>(repeating: 0.5, shape: [1, 3, 128, 128])
      // What is made once for the weights is not what is measured.
      _ = try network(image, layers: [.convolution(16)])
      let variable = image.tracked()
      let before = TensorMemory.counters.live
      let features = try network(variable, layers: [.convolution(16)])
      let kept = TensorMemory.counters.live - before
      #expect(features[.convolution(16)]!.isTracked)
      // 296 channels of the size of the picture, if all convolutions' outputs stayed.
      let activations = 296 * 128 * 128 * MemoryLayout<Float>.size
      #expect(kept < activations / 16)
    }
  }
}
