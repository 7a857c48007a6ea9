import TestSupport
import Testing

@testable import Tensor

@Suite("Winograd: convolution")
struct WinogradConvolutionTests {
  typealias Shape = WinogradReference.Shape

  /// Largest error over largest magnitude that the project promises of a layer.
  static let tolerance = 3e-6

  /// Odd sizes, one pixel, less than a tile; channels that are no whole groups, more than a panel, one; each padding;
  /// both orders of work, the second with several chunks of tiles and, in either direction, more tiles than a group.
  static let shapes: [Shape] = [
    Shape(height: 1, width: 1, inputs: 1, outputs: 1),
    Shape(height: 3, width: 3, inputs: 5, outputs: 16, padding: 0),
    Shape(height: 1, width: 2, inputs: 16, outputs: 3, padding: 2),
    Shape(height: 2, width: 9, inputs: 3, outputs: 64),
    Shape(height: 13, width: 7, inputs: 64, outputs: 64),
    Shape(batch: 3, height: 9, width: 11, inputs: 17, outputs: 70, padding: 2),
    Shape(batch: 2, height: 8, width: 8, inputs: 130, outputs: 66, padding: 0),
    Shape(height: 30, width: 31, inputs: 32, outputs: 32),
    Shape(height: 12, width: 12, inputs: 144, outputs: 160),
    Shape(height: 50, width: 47, inputs: 136, outputs: 3),
    Shape(height: 5, width: 6, inputs: 48, outputs: 129, padding: 2),
    Shape(height: 6, width: 5, inputs: 300, outputs: 330),
    Shape(height: 92, width: 91, inputs: 260, outputs: 2),
    Shape(height: 92, width: 91, inputs: 2, outputs: 260),
  ]

  @Test("an order that is forgotten is made again, to the same bits")
  func forgetting() {
    func noise(_ shape: [Int], _ seed: UInt64) -> Tensor<Float> {
      Tensor(WinogradReference.noise(shape.reduce(1, *), seed: seed), shape: shape)
    }
    let (filter, x) = (noise([32, 16, 3, 3], 1), noise([1, 16, 9, 11], 2))
    func convolved() -> Tensor<Float> { x.conv2D(filter, padding: 1, algorithm: .winograd) }
    let before = convolved()
    weak let kept = WinogradFilterCache.ordered(filter.array, .forward)
    #expect(kept != nil && kept === WinogradFilterCache.ordered(filter.array, .forward))
    filter.forgetOrder()
    #expect(kept == nil)
    #expect(convolved().scalars == before.scalars)
  }

  @Test("forward is the direct convolution", arguments: shapes, Processor.available)
  func forwardAgrees(shape: Shape, processor: Processor) {
    let run = Run(shape, processor)
    let expected = WinogradReference.forward(shape, input: run.input, filter: run.filter, bias: run.bias)
    #expect(WinogradReference.relativeError(run.forward(relu: false).output, expected) < Self.tolerance)
    let (positive, bits) = run.forward(relu: true)
    #expect(WinogradReference.relativeError(positive, expected.map { max($0, 0) }) < Self.tolerance)
    #expect(positive.indices.allSatisfy { (bits[$0 / 8] >> ($0 % 8) & 1 == 1) == (positive[$0] > 0) })
  }

  @Test(
    "inputGradient is the transpose of the direct convolution", arguments: shapes, Processor.available)
  func gradientAgrees(shape: Shape, processor: Processor) {
    let run = Run(shape, processor)
    let (_, bits) = run.forward(relu: true)
    let expected = WinogradReference.inputGradient(shape, gradOutput: run.gradOutput, filter: run.filter)
    #expect(WinogradReference.relativeError(run.inputGradient(bits: nil), expected) < Self.tolerance)
    let masked = run.gradOutput.indices.map { bits[$0 / 8] >> ($0 % 8) & 1 == 1 ? run.gradOutput[$0] : 0 }
    let expectedMasked = WinogradReference.inputGradient(shape, gradOutput: masked, filter: run.filter)
    #expect(WinogradReference.relativeError(run.inputGradient(bits: bits), expectedMasked) < Self.tolerance)
  }

  @Test("a picture has the same bits alone as in a batch, and for any number of threads", arguments: shapes)
  func bitsAreReproducible(shape: Shape) {
    let run = Run(shape, .best)
    let output = run.forward(relu: true).output
    let gradient = run.inputGradient(bits: nil)
    for threads in [1, 2, 3, 8] {
      withThreadCount(threads) {
        #expect(run.forward(relu: true).output == output)
        #expect(run.inputGradient(bits: nil) == gradient)
      }
    }
    var single = shape
    single.batch = 1
    let first = Run(single, .best, input: Array(run.input.prefix(single.inputCount)))
    #expect(first.forward(relu: true).output == Array(output.prefix(single.outputCount)))
  }

  @Test("a wide layer of a real network stays within the promised error")
  func deepLayerAccuracy() {
    let shape = Shape(height: 8, width: 8, inputs: 512, outputs: 512)
    let run = Run(shape, .best)
    let forward = WinogradReference.forward(shape, input: run.input, filter: run.filter, bias: run.bias)
    #expect(WinogradReference.relativeError(run.forward(relu: false).output, forward) < Self.tolerance)
    let gradient = WinogradReference.inputGradient(shape, gradOutput: run.gradOutput, filter: run.filter)
    #expect(WinogradReference.relativeError(run.inputGradient(bits: nil), gradient) < Self.tolerance)
  }

  @Test("a value that is not a number reaches the outputs beside it, and no other tile")
  func notANumberStaysLocal() {
    let shape = Shape(height: 12, width: 12, inputs: 16, outputs: 16)
    var input = WinogradReference.noise(shape.inputCount, seed: 1)
    input[0] = .nan
    let output = Run(shape, .best, input: input).forward(relu: true).output
    #expect(output[0].isNaN)
    #expect(output[(1 * 12 + 1) * 16].isNaN)
    #expect(!output[(6 * 12 + 6) * 16].isNaN)
  }

  @Test("the filters take 9 floats a pair of channels in each direction, whatever they are transformed to")
  func filterMemory() {
    let filters = Run(Shape(height: 1, width: 1, inputs: 32, outputs: 64), .best).filters
    #expect(filters.forward.byteCount == 32 * 64 * 9 * 4)
    #expect(filters.inputGradient.byteCount == 32 * 64 * 9 * 4)
    #expect(ConvolutionPlan.orderedFilterBytes(inputChannels: 32, outputChannels: 64) == 2 * 32 * 64 * 9 * 4)
  }
}

/// One convolution with arbitrary data.
private struct Run {
  let shape: WinogradReference.Shape
  let processor: Processor
  let input: [Float]
  let filter: [Float]
  let bias: [Float]
  let gradOutput: [Float]
  let filters: (forward: WinogradFilter, inputGradient: WinogradFilter)

  init(_ shape: WinogradReference.Shape, _ processor: Processor, input: [Float]? = nil) {
    self.shape = shape
    self.processor = processor
    self.input = input ?? WinogradReference.noise(shape.inputCount, seed: 11)
    filter = WinogradReference.noise(shape.filterCount, seed: 12)
    bias = WinogradReference.noise(shape.outputs, seed: 13)
    gradOutput = WinogradReference.noise(shape.outputCount, seed: 14)
    filters = shape.ordered(filter)
  }

  func forward(relu: Bool) -> (output: [Float], bits: [UInt8]) {
    var output = [Float](repeating: .nan, count: shape.outputCount)
    var bits = [UInt8](repeating: 0, count: (shape.outputCount + 7) / 8)
    bits.withUnsafeMutableBufferPointer { bits in
      Winograd.forward(
        input, batch: shape.batch, height: shape.height, width: shape.width, padding: shape.padding,
        filter: filters.forward, bias: bias, relu: relu, output: &output,
        reluBits: relu ? bits.baseAddress : nil,
        kernels: processor.winograd)
    }
    return (output, bits)
  }

  func inputGradient(bits: [UInt8]?) -> [Float] {
    var gradient = [Float](repeating: .nan, count: shape.inputCount)
    (bits ?? []).withUnsafeBufferPointer { given in
      Winograd.inputGradient(
        gradOutput, reluBits: bits == nil ? nil : given.baseAddress, batch: shape.batch, height: shape.height,
        width: shape.width, padding: shape.padding, filter: filters.inputGradient, output: &gradient,
        kernels: processor.winograd)
    }
    return gradient
  }
}
