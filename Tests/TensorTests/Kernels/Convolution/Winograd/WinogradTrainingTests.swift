import TestSupport
import Testing

@testable import Tensor

/// Winograd's method for filters that are trained: the loops of the filter's gradient, and all three derivatives of a
/// convolution that is large enough for them.
@Suite("Winograd: training")
struct WinogradTrainingTests {
  static let channels = 48
  static let planeStride = 80

  @Test("transformSlope is A·d·Aᵀ of each channel", arguments: Processor.available)
  func transformsSlopes(processor: Processor) {
    let tile = WinogradReference.noise(16 * Self.channels, seed: 1)
    var planes = [Float](repeating: .nan, count: 36 * Self.planeStride)
    tile.withUnsafeBufferPointer { tile in
      let pixels = (0..<16).map { Optional(tile.baseAddress! + $0 * Self.channels) }
      processor.winograd.pointee.transform_slope(pixels, Self.channels, &planes, Self.planeStride)
    }
    for channel in 0..<Self.channels {
      let samples = (0..<16).map { Double(tile[$0 * Self.channels + channel]) }
      let expected = WinogradReference.sandwich(WinogradBasis.outputColumns, samples)
      let actual = (0..<36).map { planes[$0 * Self.planeStride + channel] }
      #expect(WinogradReference.relativeError(actual, expected) < WinogradKernelTests.tolerance)
    }
    #expect(planes[Self.channels].isNaN, "wrote beyond the channels")
  }

  @Test("collectTaps is Gᵀ·u·G of each number", arguments: Processor.available)
  func collectsTaps(processor: Processor) {
    let planes = WinogradReference.noise(36 * Self.planeStride, seed: 2)
    var taps = [Float](repeating: .nan, count: 9 * Self.planeStride)
    processor.winograd.pointee.collect_taps(
      planes, Self.planeStride, Self.channels, &taps, Self.planeStride)
    let matrix = WinogradReference.transposed(WinogradBasis.filterRows)
    for number in 0..<Self.channels {
      let samples = (0..<36).map { Double(planes[$0 * Self.planeStride + number]) }
      let expected = WinogradReference.sandwich(matrix, samples)
      let actual = (0..<9).map { taps[$0 * Self.planeStride + number] }
      #expect(WinogradReference.relativeError(actual, expected) < WinogradKernelTests.tolerance)
    }
    #expect(taps[Self.channels].isNaN, "wrote beyond the numbers")
  }

  struct Sizes: Sendable, CustomTestStringConvertible {
    let batch: Int, inputs: Int, outputs: Int, height: Int, width: Int, padding: Int
    var testDescription: String { "\(batch)×\(inputs)→\(outputs), \(height)×\(width), padding \(padding)" }
  }

  /// The last has more tiles than are transformed at once.
  static let sizes = [
    Sizes(batch: 2, inputs: 16, outputs: 32, height: 19, width: 22, padding: 1),
    Sizes(batch: 1, inputs: 32, outputs: 16, height: 29, width: 31, padding: 0),
    Sizes(batch: 3, inputs: 48, outputs: 16, height: 14, width: 15, padding: 2),
    Sizes(batch: 1, inputs: 64, outputs: 128, height: 61, width: 66, padding: 1),
  ]

  /// The result and the gradients with respect to picture, filter and bias.
  private func derivatives<Scalar: TensorScalar>(
    _ sizes: Sizes, _: Scalar.Type, _ algorithm: ConvolutionAlgorithm
  ) -> [[Double]] {
    func draw(_ seed: Int, _ shape: Shape) -> Tensor<Scalar> {
      let values = DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1)
      return Tensor(values.map { Scalar($0) }, shape: shape)
    }
    let inputs = [
      draw(1, [sizes.batch, sizes.inputs, sizes.height, sizes.width]),
      draw(2, [sizes.outputs, sizes.inputs, 3, 3]), draw(3, [sizes.outputs]),
    ]
    var result = Tensor<Scalar>(0)
    let (_, slopes) = valueWithGradient(at: inputs) { v in
      let y = v[0].conv2D(v[1], bias: v[2], padding: sizes.padding, algorithm: algorithm)
      result = y.detached()
      return (y * draw(4, y.shape)).sum()
    }
    return ([result] + slopes).map { $0.scalars.map { Double($0) } }
  }

  @Test("a trained filter, its gradient and the picture's are those in double precision", arguments: sizes)
  func derivativesAgree(sizes: Sizes) {
    let expected = derivatives(sizes, Double.self, .direct)
    let found = derivatives(sizes, Float.self, .winograd)
    for (found, expected) in zip(found, expected) {
      #expect(
        WinogradReference.relativeError(found.map { Float($0) }, expected)
          < ConvolutionTests.winogradTolerance)
    }
    // By their definition they have other bits: the method is used in all three.
    let direct = derivatives(sizes, Float.self, .direct)
    for index in 0..<3 { #expect(found[index] != direct[index]) }
  }

  @Test("the ReLU of a convolution with a trained filter passes the gradient on to the filter")
  func rectified() {
    let x = Tensor(WinogradReference.noise(2 * 16 * 20 * 20, seed: 5), shape: [2, 16, 20, 20])
    let filter = Tensor(WinogradReference.noise(16 * 16 * 9, seed: 6), shape: [16, 16, 3, 3])
    let fused = gradient(at: filter) {
      x.conv2D($0, padding: 1, applyingReLU: true, algorithm: .winograd).sum()
    }
    let separate = gradient(at: filter) {
      x.conv2D($0, padding: 1, algorithm: .winograd).relu().sum()
    }
    #expect(fused.scalars == separate.scalars)
    #expect(fused.scalars.contains { $0 != 0 })
  }

  @Test("a step of few tiles, and one with products of bfloat16, has the bits of the definition")
  func smallSteps() {
    let few = Sizes(batch: 1, inputs: 16, outputs: 16, height: 8, width: 8, padding: 1)
    #expect(derivatives(few, Float.self, .winograd) == derivatives(few, Float.self, .direct))
    #expect(
      derivatives(Self.sizes[0], Float.self, .winogradBFloat16)
        == derivatives(Self.sizes[0], Float.self, .direct))
  }

  @Test("no bit of a trained filter's gradient depends on the number of threads", arguments: sizes)
  func threads(sizes: Sizes) {
    let previous = Parallelism.threadCount
    defer { Parallelism.threadCount = previous }
    Parallelism.threadCount = 1
    let one = derivatives(sizes, Float.self, .winograd)
    for threads in [2, 3] {
      Parallelism.threadCount = threads
      #expect(derivatives(sizes, Float.self, .winograd) == one)
    }
  }

  @Test("the filter's second derivatives are those in double precision")
  func secondDerivatives() {
    func product<Scalar: TensorScalar>(_: Scalar.Type, _ algorithm: ConvolutionAlgorithm) -> [Double] {
      func draw(_ seed: Int, _ shape: Shape) -> Tensor<Scalar> {
        let values = DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1)
        return Tensor(values.map { Scalar($0) }, shape: shape)
      }
      let (x, filter) = (draw(1, [2, 16, 19, 22]), draw(2, [16, 16, 3, 3]))
      let slope = hessianVectorProduct(at: filter, along: draw(3, filter.shape)) { filter in
        let y = x.conv2D(filter, padding: 1, algorithm: algorithm)
        return (y * y * y).sum()
      }
      return slope.scalars.map { Double($0) }
    }
    let expected = product(Double.self, .direct)
    #expect(expected.contains { $0 != 0 })
    let found = product(Float.self, .winograd).map { Float($0) }
    #expect(WinogradReference.relativeError(found, expected) < ConvolutionTests.winogradTolerance)
  }
}
