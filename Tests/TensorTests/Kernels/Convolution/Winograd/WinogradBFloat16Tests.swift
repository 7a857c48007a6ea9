import TestSupport
import Testing

@testable import Tensor

/// Winograd's convolution with products of bfloat16 numbers, on processors that have them.
@Suite("Winograd: bfloat16", .enabled(if: ConvolutionAlgorithm.winogradBFloat16.isAvailable))
struct WinogradBFloat16Tests {
  typealias Shape = WinogradReference.Shape

  private static var kernels: WinogradKernels { Processor.best.winograd(.bfloat16)! }

  /// Odd sizes, one pixel; several panels, the last of which is narrow; each padding; both orders of work.
  static let shapes: [Shape] = [
    Shape(height: 1, width: 1, inputs: 16, outputs: 16),
    Shape(height: 13, width: 7, inputs: 64, outputs: 64),
    Shape(batch: 3, height: 9, width: 11, inputs: 48, outputs: 80, padding: 2),
    Shape(batch: 2, height: 8, width: 8, inputs: 144, outputs: 16, padding: 0),
    Shape(height: 6, width: 5, inputs: 272, outputs: 32),
    Shape(height: 5, width: 6, inputs: 32, outputs: 272),
  ]

  /// Both directions and their references.
  private func results(_ shape: Shape) -> [(
    name: String, shape: Shape, found: [Float], input: [Float], filter: [Float]
  )] {
    let run = BFloat16Run(shape)
    return [
      ("forward", shape, run.forward(), run.input, run.filter),
      ("gradient", shape.turned, run.inputGradient(), run.gradOutput, shape.turned(run.filter)),
    ]
  }

  @Test(
    "the mean square error is that of operands rounded to nearest: two thirds of 2⁻¹⁶ of the products' squares",
    arguments: shapes)
  func error(shape: Shape) {
    for result in results(shape) {
      let reference = RoundedReference(result.shape, input: result.input, filter: result.filter)
      let error = zip(result.found, reference.output).reduce(0.0) {
        $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1)
      }
      // The errors of a number in 1 ..< 2 are even in ±2⁻⁸, those of others the same or less of it. A sum of some hundred
      // squares is seldom a tenth above its mean; one of few may be twice it.
      let allowed = reference.variance * (result.found.count > 1000 ? 1.1 : 2)
      #expect(error < allowed, "\(result.name)")
      // And it is rounded at all: single precision would be a ten-thousandth of it.
      #expect(error > 0.2 * reference.variance, "\(result.name)")
    }
  }

  @Test("a picture has the same bits alone as in a batch, and for any number of threads", arguments: shapes)
  func bits(shape: Shape) {
    let run = BFloat16Run(shape)
    let (output, gradient) = (run.forward(), run.inputGradient())
    for threads in [1, 2, 5] {
      withThreadCount(threads) {
        #expect(run.forward() == output)
        #expect(run.inputGradient() == gradient)
      }
    }
    var single = shape
    single.batch = 1
    let first = BFloat16Run(single, input: Array(run.input.prefix(single.inputCount)))
    #expect(first.forward() == Array(output.prefix(single.outputCount)))
  }

  @Test("two rows of a filter are rounded to nearest even and interleaved")
  func packs() {
    let step: Float = 0x1p-7
    let first: [Float] =
      [1, 1 + step / 2, 1 + step * 3 / 2, 1 + step * 0.51, -1 - step * 0.49, 0, -0, 3e38]
      + Array(repeating: 5, count: 8)
    let second = first.map { -2 * $0.rounded(.towardZero) }
    // At the first frequency a transformed filter is its first tap.
    let zeros = [Float](repeating: 0, count: 8 * 16)
    var matrices = [UInt16](repeating: 0xABCD, count: 12 * 33)
    Self.kernels.pointee.transform_filter(first + zeros + second + zeros, 2, 16, 0, &matrices, 33)
    let rounded: [Float] =
      [1, 1, 1 + 2 * step, 1 + step, -1, 0, -0, 0x1.C4p127] + Array(repeating: 5, count: 8)
    for column in 0..<16 {
      #expect(matrices[2 * column] == UInt16(rounded[column].bitPattern >> 16))
      #expect(matrices[2 * column + 1] == UInt16(second[column].bitPattern >> 16))
    }
    #expect(matrices[32] == 0xABCD)
  }

  @Test("the filters at each frequency are those in single precision, rounded", arguments: 0..<3)
  func transforms(pair: Int) {
    let (rows, width) = (4, 32)
    let taps = WinogradReference.noise(rows * 9 * width, seed: 12)
    var single = [Float](repeating: .nan, count: 12 * rows * width)
    Processor.best.winograd.pointee.transform_filter(taps, rows, width, pair, &single, rows * width)
    var half = [UInt16](repeating: 0xABCD, count: 12 * rows * width)
    Self.kernels.pointee.transform_filter(taps, rows, width, pair, &half, rows * width)
    for (place, value) in single.enumerated() {
      let (matrix, row, column) = (place / (rows * width), place / width % rows, place % width)
      let packed = half[matrix * rows * width + row / 2 * 2 * width + 2 * column + row % 2]
      let found = Float(bitPattern: UInt32(packed) << 16)
      #expect(abs(found - value) <= abs(value) * 0x1p-8)
    }
  }

  @Test("conv2D rounds where it is asked to and can, and nowhere else")
  func exactlyAskedFor() {
    func noise(_ shape: [Int], _ seed: UInt64) -> Tensor<Float> {
      Tensor(WinogradReference.noise(shape.reduce(1, *), seed: seed), shape: shape)
    }
    func pair(_ inputs: Int, tracked: Bool = false) -> (rounded: [Float], plain: [Float], slopes: [[Float]]) {
      let (x, filter) = (noise([1, inputs, 9, 9], 1), noise([16, inputs, 3, 3], 2))
      let w = tracked ? filter.tracked() : filter
      func convolved(_ x: Tensor<Float>, _ algorithm: ConvolutionAlgorithm) -> Tensor<Float> {
        x.conv2D(w, padding: 1, applyingReLU: true, algorithm: algorithm)
      }
      let slopes = [ConvolutionAlgorithm.winogradBFloat16, .winogradBFloat16Gradient, .winograd].map {
        algorithm in
        gradient(at: x) { convolved($0, algorithm).square().sum() }.scalars
      }
      #expect(convolved(x, .winogradBFloat16Gradient).scalars == convolved(x, .winograd).scalars)
      return (convolved(x, .winogradBFloat16).scalars, convolved(x, .winograd).scalars, slopes)
    }
    let asked = pair(32)
    #expect(asked.rounded != asked.plain && Set(asked.slopes).count == 3)
    // Three channels are no whole group, and a tracked filter changes.
    for other in [pair(3), pair(32, tracked: true)] {
      #expect(other.rounded == other.plain && Set(other.slopes).count == 1)
    }
  }
}

/// One convolution in bfloat16 with arbitrary data.
private struct BFloat16Run {
  let shape: WinogradReference.Shape
  let input: [Float]
  let filter: [Float]
  let gradOutput: [Float]
  let (forwardFilter, gradientFilter): (WinogradFilter, WinogradFilter)

  init(_ shape: WinogradReference.Shape, input: [Float]? = nil) {
    self.shape = shape
    self.input = input ?? WinogradReference.noise(shape.inputCount, seed: 21)
    filter = WinogradReference.noise(shape.filterCount, seed: 22)
    gradOutput = WinogradReference.noise(shape.outputCount, seed: 24)
    (forwardFilter, gradientFilter) = shape.ordered(filter)
  }

  func forward() -> [Float] {
    var output = [Float](repeating: .nan, count: shape.outputCount)
    Winograd.forward(
      input, batch: shape.batch, height: shape.height, width: shape.width, padding: shape.padding,
      filter: forwardFilter, output: &output, precision: .bfloat16)
    return output
  }

  func inputGradient() -> [Float] {
    var gradient = [Float](repeating: .nan, count: shape.inputCount)
    Winograd.inputGradient(
      gradOutput, batch: shape.batch, height: shape.height, width: shape.width, padding: shape.padding,
      filter: gradientFilter, output: &gradient, precision: .bfloat16)
    return gradient
  }
}

extension WinogradReference.Shape {
  /// The convolution that the gradient with respect to the input is: of the output's gradient.
  fileprivate var turned: Self {
    Self(
      batch: batch, height: outputHeight, width: outputWidth, inputs: outputs, outputs: inputs,
      padding: 2 - padding)
  }

  /// The filter of that convolution.
  fileprivate func turned(_ filter: [Float]) -> [Float] {
    (0..<inputs).flatMap { input in
      (0..<outputs).flatMap { output in
        (0..<9).map { filter[(output * inputs + input) * 9 + 8 - $0] }
      }
    }
  }
}

/// A convolution in `Double`, and what rounding the operands of Winograd's products changes: the sum over all outputs of
/// the variance of the error.
private struct RoundedReference {
  let output: [Double]
  let variance: Double

  init(_ shape: WinogradReference.Shape, input: [Float], filter: [Float]) {
    output = WinogradReference.forward(shape, input: input, filter: filter, bias: nil)
    let patches = Self.patches(shape, input)
    // Σ over the outputs of a tile of the squares of what each frequency contributes with; at the edges less is seen.
    let columns = WinogradBasis.outputColumns
    var sum = 0.0
    for o in 0..<shape.outputs {
      let filters = (0..<shape.inputs).map { i -> [Double] in
        let first = (o * shape.inputs + i) * 9
        return WinogradReference.sandwich(
          WinogradBasis.filterRows, filter[first..<first + 9].map(Double.init)
        ).map { $0 * $0 }
      }
      for patch in patches {
        for frequency in 0..<36 {
          let products = (0..<shape.inputs).reduce(0.0) {
            $0 + filters[$1][frequency] * patch.squares[$1][frequency]
          }
          let (v, h) = (columns[frequency / 6], columns[frequency % 6])
          let down = v.prefix(patch.rows).reduce(0) { $0 + $1 * $1 }
          let across = h.prefix(patch.columns).reduce(0) { $0 + $1 * $1 }
          sum += products * down * across
        }
      }
    }
    variance = sum * 2 / 3 * 0x1p-16
  }

  /// The squares of the transformed patches, channel by channel, and how many rows and columns of outputs they have.
  private static func patches(
    _ shape: WinogradReference.Shape, _ input: [Float]
  ) -> [(squares: [[Double]], rows: Int, columns: Int)] {
    var patches: [(squares: [[Double]], rows: Int, columns: Int)] = []
    for n in 0..<shape.batch {
      for top in stride(from: 0, to: shape.outputHeight, by: 4) {
        for left in stride(from: 0, to: shape.outputWidth, by: 4) {
          let squares = (0..<shape.inputs).map { channel -> [Double] in
            let samples = (0..<36).map { place -> Double in
              let (y, x) = (top + place / 6 - shape.padding, left + place % 6 - shape.padding)
              guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return 0 }
              return Double(input[((n * shape.height + y) * shape.width + x) * shape.inputs + channel])
            }
            return WinogradReference.sandwich(WinogradBasis.inputRows, samples).map { $0 * $0 }
          }
          patches.append((squares, min(4, shape.outputHeight - top), min(4, shape.outputWidth - left)))
        }
      }
    }
    return patches
  }
}
