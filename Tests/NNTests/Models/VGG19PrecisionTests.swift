import Tensor
import TestSupport
import Testing

@testable import NN

/// The network in bfloat16, on processors that have such products.
@Suite("VGG19: precision", .enabled(if: VGG19.Precision.fast.isAvailable))
struct VGG19PrecisionTests {
  private static func picture(_ height: Int, _ width: Int, seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    let coarse = Tensor<Float>.uniform([1, 3, 9, 8], using: &generator)
    let fine = Tensor<Float>.uniform([1, 3, height, width], using: &generator)
    let shapes = coarse.resampled(to: width, axis: 3, method: .lanczos3)
      .resampled(to: height, axis: 2, method: .lanczos3)
    return 0.8 * shapes + 0.2 * fine
  }

  private static func network(_ precision: VGG19.Precision) throws -> VGG19 {
    var network = try Fixture.network()
    network.precision = precision
    return network
  }

  private static func objective(
    _ precision: VGG19.Precision, _ height: Int, _ width: Int
  ) throws -> StyleTransferObjective {
    try StyleTransferObjective(
      network: network(precision), content: picture(height, width, seed: 1),
      style: picture(height, width, seed: 2), normalization: .study)
  }

  @Test(
    "the gradient of the study's objective is off by less than PyTorch's autocast to bfloat16: 0.092 of its norm"
  )
  func gradientError() throws {
    let start = Self.picture(160, 160, seed: 3)
    let full = try Self.objective(.full, 160, 160).valueWithGradient(at: start)
    let fast = try Self.objective(.fast, 160, 160).valueWithGradient(at: start)
    let error = relativeDistance(
      fast.gradient.scalars.map(Double.init), full.gradient.scalars.map(Double.init))
    #expect(error < 0.092)
    #expect(error > 1e-3, "nothing was rounded")
    #expect(abs(fast.terms.total / full.terms.total - 1) < 1e-2)
  }

  @Test(
    "with its gradient alone in bfloat16 the objective is the full one's, and so is the gradient but for 0.2 %"
  )
  func gradientAlone() throws {
    let start = Self.picture(160, 160, seed: 3)
    let full = try Self.objective(.full, 160, 160).valueWithGradient(at: start)
    let mixed = try Self.objective(.fastGradient, 160, 160).valueWithGradient(at: start)
    #expect(mixed.value.scalar == full.value.scalar)
    let error = relativeDistance(
      mixed.gradient.scalars.map(Double.init), full.gradient.scalars.map(Double.init))
    #expect((1e-4...2e-3).contains(error))
  }

  @Test("the first convolution stays in single precision, and the others do not")
  func layers() throws {
    let image = Self.picture(40, 36, seed: 1)
    let layers = [VGG19.Layer.convolution(1), .convolution(2)]
    let full = try Self.network(.full)(image, layers: layers)
    let fast = try Self.network(.fast)(image, layers: layers)
    #expect(full[layers[0]]!.scalars == fast[layers[0]]!.scalars)
    let error = relativeDistance(
      fast[layers[1]]!.scalars.map(Double.init), full[layers[1]]!.scalars.map(Double.init))
    #expect((1e-4...1e-2).contains(error))
  }

  @Test("in bfloat16 too, the bits do not depend on strips and the number of threads", arguments: [1, 2, 5])
  func bits(threads: Int) throws {
    for precision in [VGG19.Precision.fast, .fastGradient] { try bits(precision, threads: threads) }
  }

  private func bits(_ precision: VGG19.Precision, threads: Int) throws {
    let image = Self.picture(66, 53, seed: 4)
    var objective = try Self.objective(precision, 66, 53)
    let whole = try objective.valueWithGradient(at: image)
    objective.strips = .init([.init(pooling: 1, height: 16), .init(pooling: 2, height: 12)])
    for strips in [VGG19.Strips.none, objective.strips] {
      objective.strips = strips
      let found = try withThreadCount(threads) { try objective.valueWithGradient(at: image) }
      #expect(found.value.scalar == whole.value.scalar && found.gradient.scalars == whole.gradient.scalars)
    }
  }

  @Test("VGG19.Footprint: the filters take the same bytes in each precision")
  func footprint() {
    func bytes(_ precision: VGG19.Precision) -> Double {
      VGG19.Footprint(
        of: VGG19.program(for: [.convolution(6)], pooling: .max, padding: .zero), width: 64, height: 64,
        precision: precision
      ).filterBytes
    }
    #expect(bytes(.full) > 0 && bytes(.fast) == bytes(.full) && bytes(.fastGradient) == bytes(.full))
  }
}
