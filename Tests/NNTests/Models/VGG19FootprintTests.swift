import Tensor
import Testing

@testable import NN

@Suite(.serialized) struct VGG19FootprintTests {
  private static func footprint(_ wanted: [VGG19.Layer], _ width: Int, _ height: Int) -> VGG19.Footprint {
    VGG19.Footprint(
      of: VGG19.program(for: Set(wanted), pooling: .max, padding: .zero), width: width, height: height)
  }

  @Test("VGG19.Footprint: the study's peak is at conv_2, on the way back, and grows with the pixels")
  func study() {
    let layers = [2, 4, 8, 9, 16].map { VGG19.Layer.convolution($0) }
    let footprint = Self.footprint(layers, 256, 128)
    #expect(footprint.peakLayer == .convolution(2))
    let larger = Self.footprint(layers, 512, 256)
    #expect(larger.peakBytes == 4 * footprint.peakBytes)
    #expect(larger.filterBytes == footprint.filterBytes)
    // A group of tiles that is full grows no further.
    let full = Self.footprint(layers, 1024, 512)
    #expect(full.workspaceBytes > footprint.workspaceBytes)
    #expect(full.workspaceBytes == Self.footprint(layers, 2048, 1024).workspaceBytes)
  }

  /// The numbers of filters that pairs of channels make, for both directions; the gradient of the first has columns for
  /// 16 colours.
  private static func filterBytes(pairs: Int) -> Double { 2 * 4 * 9 * Double(pairs) }
  private static let firstFilterBytes = 4 * 9 * 64 * Double(3 + 16)

  @Test("VGG19.Footprint: the filters take twice what they do in their file, once for each direction")
  func filters() {
    let others = Self.filterBytes(pairs: 64 * 64 + 64 * 128 + 128 * 128)
    #expect(Self.footprint([.convolution(4)], 64, 64).filterBytes == Self.firstFilterBytes + others)
  }

  @Test("VGG19.Footprint: filters that are not kept are those of a segment, or one, and half as much again")
  func filtersNotKept() {
    func bytes(_ segments: [VGG19.Strips.Segment]) -> Double {
      let program = VGG19.program(for: [.convolution(10)], pooling: .max, padding: .zero)
      return VGG19.Footprint(
        of: program, width: 128, height: 128, strips: .init(segments, keepsFilters: false)
      ).filterBytes / 1.5
    }
    let largest = Self.filterBytes(pairs: 512 * 512)
    #expect(bytes([]) == largest)
    #expect(bytes([.init(pooling: 2, height: 32)]) == largest)
    #expect(bytes([.init(pooling: 4, height: 32)]) == largest)
    let third =
      Self.firstFilterBytes
      + Self.filterBytes(pairs: 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 3 * 256 * 256)
    #expect(bytes([.init(pooling: 3, height: 32)]) == max(third, largest))
  }

  @Test("VGG19.Footprint: an empty program takes nothing at any layer")
  func nothing() {
    let footprint = Self.footprint([], 64, 64)
    #expect(footprint.peakBytes == 0 && footprint.peakLayer == nil && footprint.filterBytes == 0)
  }

  /// An objective's evaluation: features, a loss on each of the layers, and the gradient, in one piece and by strips.
  /// Losses differ by what they work in; the ones at the layers that take the most are the style's.
  @Test(
    "VGG19.Footprint: an evaluation's live memory is within a tenth of the peak, by strips at most 15 % above it",
    arguments: [(VGG19.Pooling.max, VGG19.Padding.zero), (.max, .reflect), (.average, .zero)])
  func measured(pooling: VGG19.Pooling, padding: VGG19.Padding) async {
    let (pool, pad) = (pooling.rawValue, padding.rawValue)
    await #expect(processExitsWith: .success) { [pool = pool as String, pad = pad as String] in
      var network = try Fixture.network(VGG19.Pooling(rawValue: pool)!)
      network.padding = VGG19.Padding(rawValue: pad)!
      var generator = RandomGenerator(seed: 3)
      let picture = Tensor<Float>.uniform([1, 3, 160, 224], using: &generator)
      let convolutions = [[9, 2, 4, 8, 16], [4, 2]].map { $0.map { VGG19.Layer.convolution($0) } }
      for layers in convolutions + [[.relu(5), .relu(1), .relu(3)]] {
        var objective = try StyleTransferObjective(
          network: network, content: picture, styles: [.init(picture.flipped(axes: [3]))],
          contentLayers: [.init(layers[0])],
          styleLayers: layers.dropFirst().map { StyleTransferObjective.WeightedLayer($0) })
        let plans = [
          VGG19.Strips.none, .init([.init(pooling: 1, height: 16)]),
          .init([.init(pooling: 2, height: 32), .init(pooling: 3, height: 16)]),
          .init([.init(pooling: 2, height: 16)]), .init([.init(pooling: 3, height: 32)]),
          .init([.init(pooling: 1, height: 32), .init(pooling: 3, height: 32)]),
        ]
        for strips in plans {
          objective.strips = strips
          // What is made once for the weights is not what is measured.
          _ = try objective.valueWithGradient(at: picture)
          let before = TensorMemory.counters.live
          TensorMemory.resetPeak()
          _ = try objective.valueWithGradient(at: picture)
          // The picture itself was there before.
          let measured = Double(TensorMemory.counters.peak - before + 12 * 224 * 160)
          let footprint = VGG19.Footprint(
            of: VGG19.program(for: Set(layers), pooling: network.pooling, padding: network.padding),
            width: 224, height: 160, strips: strips)
          // Of what strips hold at once less is counted.
          #expect(
            (0.90...(strips == .none ? 1.10 : 1.15)).contains(measured / footprint.peakBytes),
            "\(strips): \(footprint.peakBytes) bytes, \(measured) measured")
        }
      }
    }
  }
}
