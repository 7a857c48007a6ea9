import Testing

@testable import Tensor

/// Plain Swift versions of what the convolution computes, in `Double` and without a fast way to do anything.
enum WinogradReference {
  /// matrix · d · matrixᵀ, where `matrix` is a list of rows and `d` square.
  static func sandwich(_ matrix: [[Double]], _ d: [Double]) -> [Double] {
    let n = matrix[0].count
    return matrix.flatMap { left in
      matrix.map { right in
        (0..<n).reduce(0.0) { sum, y in
          sum + left[y] * (0..<n).reduce(0.0) { $0 + d[y * n + $1] * right[$1] }
        }
      }
    }
  }

  static func transposed(_ matrix: [[Double]]) -> [[Double]] {
    matrix[0].indices.map { column in matrix.map { $0[column] } }
  }

  /// The shape of one convolution; activations are `[N, H, W, C]`, filters `[O, I, 3, 3]`.
  struct Shape: CustomTestStringConvertible, Sendable {
    var batch = 1
    var height: Int
    var width: Int
    var inputs: Int
    var outputs: Int
    var padding = 1

    var outputHeight: Int { height + 2 * padding - 2 }
    var outputWidth: Int { width + 2 * padding - 2 }
    var inputCount: Int { batch * height * width * inputs }
    var outputCount: Int { batch * outputHeight * outputWidth * outputs }
    var filterCount: Int { outputs * inputs * 9 }

    /// A filter in the order for each direction.
    func ordered(_ filter: [Float]) -> (forward: WinogradFilter, inputGradient: WinogradFilter) {
      func ordered(_ direction: WinogradPass.Direction) -> WinogradFilter {
        WinogradFilter(filter, outputChannels: outputs, inputChannels: inputs, direction: direction)
      }
      return (ordered(.forward), ordered(.inputGradient))
    }

    var testDescription: String { "\(batch)×\(height)×\(width), \(inputs) → \(outputs), padding \(padding)" }
  }

  /// The convolution with bias, before any ReLU.
  static func forward(_ shape: Shape, input: [Float], filter: [Float], bias: [Float]?) -> [Double] {
    var output = [Double](repeating: 0, count: shape.outputCount)
    if let bias {
      for index in output.indices { output[index] = Double(bias[index % shape.outputs]) }
    }
    forEachTap(shape) { inputPixel, outputPixel, tap in
      for o in 0..<shape.outputs {
        var sum = 0.0
        for i in 0..<shape.inputs {
          sum +=
            Double(input[inputPixel * shape.inputs + i]) * Double(filter[(o * shape.inputs + i) * 9 + tap])
        }
        output[outputPixel * shape.outputs + o] += sum
      }
    }
    return output
  }

  /// The gradient with respect to the input: the transpose of `forward`, tap by tap.
  static func inputGradient(_ shape: Shape, gradOutput: [Float], filter: [Float]) -> [Double] {
    var gradient = [Double](repeating: 0, count: shape.inputCount)
    forEachTap(shape) { inputPixel, outputPixel, tap in
      for o in 0..<shape.outputs {
        let g = Double(gradOutput[outputPixel * shape.outputs + o])
        for i in 0..<shape.inputs {
          gradient[inputPixel * shape.inputs + i] += g * Double(filter[(o * shape.inputs + i) * 9 + tap])
        }
      }
    }
    return gradient
  }

  /// Every pair of an input and an output pixel that one of the nine taps joins.
  private static func forEachTap(_ shape: Shape, _ body: (_ input: Int, _ output: Int, _ tap: Int) -> Void) {
    for n in 0..<shape.batch {
      for y in 0..<shape.outputHeight {
        for x in 0..<shape.outputWidth {
          for tap in 0..<9 {
            let (row, column) = (y + tap / 3 - shape.padding, x + tap % 3 - shape.padding)
            guard (0..<shape.height).contains(row), (0..<shape.width).contains(column) else { continue }
            body(
              (n * shape.height + row) * shape.width + column,
              (n * shape.outputHeight + y) * shape.outputWidth + x, tap)
          }
        }
      }
    }
  }

  /// Numbers between −1 and 1, the same for the same seed.
  static func noise(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
    }
  }

  /// Largest deviation over largest magnitude.
  static func relativeError(_ values: [Float], _ expected: [Double]) -> Double {
    let scale = expected.reduce(0) { max($0, abs($1)) }
    return zip(values, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
      / max(scale, .leastNormalMagnitude)
  }
}
