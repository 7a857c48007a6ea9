import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct VGG19BandsTests {
  private static func image(_ width: Int, _ height: Int, seed: Int) -> Tensor<Float> {
    let values = DeterministicValues(seed: seed).uniform(3 * width * height, in: 0...1)
    return Tensor(values.map(Float.init), shape: [1, 3, height, width])
  }

  /// Layers before and after each cut, kept for their own sake and as what comes next is made of.
  private static let layers: [VGG19.Layer] =
    [1, 2, 4, 5, 8, 9, 12, 16].map(VGG19.Layer.convolution) + [2, 3].map(VGG19.Layer.pooling) + [.relu(4)]

  @Test(
    "VGG19: features some rows at a time are those of the whole picture to the bit, each row once",
    arguments: VGG19.Padding.allCases, VGG19.Pooling.allCases)
  func bits(padding: VGG19.Padding, pooling: VGG19.Pooling) throws {
    var network = try Fixture.network(pooling)
    network.padding = padding
    // Sides that poolings do not divide, and a last band of a few rows.
    for (width, height) in [(33, 197), (16, 32), (40, 130)] {
      let images = [Self.image(width, height, seed: 1), Self.image(width, height, seed: 2)]
      let expected = try images.map { try network($0, layers: Self.layers) }
      var (bands, rows) = (0, [VGG19.Layer: Int]())
      try network.forEachBand(of: images, layers: Set(Self.layers), bandBytes: 1) { band in
        bands += 1
        #expect(band.rows.lowerBound == rows[band.layer, default: 0], "\(band.layer)")
        rows[band.layer] = band.rows.upperBound
        for (found, whole) in zip(band.features, expected) {
          let own = whole[band.layer]![0..<1, 0..., band.rows]
          #expect(found.shape == own.shape && found.scalars == own.scalars, "\(band.layer) \(band.rows)")
        }
      }
      for layer in Self.layers { #expect(rows[layer] == expected[0][layer]!.shape[2], "\(layer)") }
      if padding != .circular, height > 190 { #expect(bands > 3 * Self.layers.count) }
    }
  }

  @Test("VGG19: what bands take does not grow with the height of the picture, but for a part of its own size")
  func memory() {
    func bytes(_ height: Int) -> Double {
      VGG19.bandCost(
        layers: Set((1...16).map(VGG19.Layer.convolution)), pooling: .max, padding: .zero, width: 4000,
        height: height, pictures: 1
      ).bytes
    }
    // Between the cuts at the second and third pooling: 128/16 + 256/64 numbers a pixel, and the bands of the first once more.
    let perPixel = (bytes(6000) - bytes(3000)) / (3000 * 4000)
    #expect(perPixel > 0 && perPixel <= 4 * 2 * (8 + 4))
    #expect(bytes(3000) < 1.5e9)
  }

  @Test("VGG19: a picture too small for a layer is refused, band by band as well")
  func tooSmall() throws {
    let network = try Fixture.network()
    #expect(throws: VGG19.ImageTooSmall.self) {
      try network.forEachBand(of: [Self.image(8, 40, seed: 1)], layers: [.convolution(16)]) { _ in }
    }
  }
}
