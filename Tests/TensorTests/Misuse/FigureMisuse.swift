import Tensor

/// Each count, length or step that is too large to work with, and the message with which it traps.
enum FigureMisuse: String, CaseIterable, Codable {
  case histogramBins, repeatedCount, repeatedEach, repeatedSum, repeatedMemory, tiledCount
  case permutationNegative, permutationMemory, resampledLength, closedRange, rangeThrough, rangeFrom
  case paddedWidth, replicatedWidth, diagonalMatrixOffset, diagonalMatrixBelow, splitSum, chunksOfNothing
  case convStride, convPadding, convDilation, transposedStride, transposedPadding, transposedDilation
  case transposedOutputPadding, transposedMemory
  case unfoldedDilation, unfoldedPadding, foldedSize, foldedWindow, poolStride, sequencePoolStride
  case adaptiveSize, adaptiveMaximum

  private static let most = "is more than 2147483647, the most that there may be"

  var message: String {
    let largest = Int.max
    return switch self {
    case .histogramBins: "histogram: no memory for 73786976294838206456 bytes beside the"
    case .repeatedCount:
      "repeated: axis 0 of [3], each element \(largest) times, has more elements than Int can count"
    case .repeatedEach: "Tensor: the shape [1, \(largest)] has more bytes than Int can count"
    case .repeatedSum:
      "repeated: the counts [\(largest), \(largest), 1] add up to more elements than Int can count"
    case .repeatedMemory: "repeated: no memory for 9007199254741008 bytes beside the"
    case .tiledCount: "tiled: [3] by the counts [\(largest)] has more elements than Int can count"
    case .permutationNegative: "permutation: the count -1 is negative"
    case .permutationMemory: "permutation: no memory for 9007199254740992 bytes beside the"
    case .resampledLength: "resampled: no memory for 147573952589676412912 bytes beside the"
    case .closedRange: "subscript: the range 0..<\(largest) is out of bounds for axis 0 of [3]"
    case .rangeThrough: "subscript: the range ..<\(largest) is out of bounds for axis 0 of [3]"
    case .rangeFrom: "subscript: the range 5... is out of bounds for axis 0 of [3]"
    case .paddedWidth:
      "padded: the widths (\(largest), 0) of axis 0 of [3] make more elements than Int can count"
    case .replicatedWidth: "padded: no memory for 288230376151711744 bytes beside the"
    case .diagonalMatrixOffset:
      "diagonalMatrix: a diagonal of 3 at the offset \(largest) is of rows with more elements than Int can count"
    case .diagonalMatrixBelow:
      "diagonalMatrix: a diagonal of 3 at the offset -\(largest) is of rows with more elements than Int can count"
    case .splitSum: "split: the lengths [\(largest), \(largest)] add up to more elements than Int can count"
    case .chunksOfNothing: "chunks: no memory for"
    case .convStride: "conv2D: the stride (\(largest), 1) \(Self.most)"
    case .convPadding: "conv2D: the padding (0, \(largest)) \(Self.most)"
    case .convDilation: "conv2D: the dilation (\(largest), \(largest)) \(Self.most)"
    case .transposedStride: "transposedConv2D: the stride (\(largest), \(largest)) \(Self.most)"
    case .transposedPadding: "transposedConv2D: the padding (\(largest), \(largest)) \(Self.most)"
    case .transposedDilation: "transposedConv2D: the dilation (\(largest), \(largest)) \(Self.most)"
    case .transposedOutputPadding:
      "transposedConv1D: the output padding \(largest) is not from 0 to less than the stride 2"
    case .transposedMemory: "transposedConv2D: no memory for"
    case .unfoldedDilation: "unfolded: the dilation (\(largest), \(largest)) \(Self.most)"
    case .unfoldedPadding: "unfolded: the padding (\(largest), \(largest)) \(Self.most)"
    case .foldedSize: "folded: the input's length (\(largest), \(largest)) \(Self.most)"
    case .foldedWindow: "folded: the window (\(largest), \(largest)) \(Self.most)"
    case .poolStride: "maxPool2D: the stride (\(largest), \(largest)) \(Self.most)"
    case .sequencePoolStride: "averagePool1D: the stride \(largest) \(Self.most)"
    case .adaptiveSize: "adaptiveAveragePool2D: no memory for 147573952589676412912 bytes beside the"
    case .adaptiveMaximum: "adaptiveMaxPool1D: no memory for 147573952589676412912 bytes beside the"
    }
  }

  func commit() {
    var generator = RandomGenerator(seed: 0)
    let v = Tensor<Float>([1, 2, 3])
    let x = Tensor<Float>.zeros([1, 3, 8, 8])
    let filter = Tensor<Float>.zeros([4, 3, 3, 3])
    let back = Tensor<Float>.zeros([3, 4, 3, 3])
    let sequence = Tensor<Float>.zeros([1, 2, 8])
    let columns = Tensor<Float>.zeros([1, 9, 64])
    switch self {
    case .histogramBins: _ = v.histogram(binCount: .max)
    case .repeatedCount: _ = v.repeated(.max, axis: 0)
    case .repeatedEach: _ = v[..<1].expanded(axis: 0).repeated(.max, axis: 1) + 1
    case .repeatedSum: _ = v.repeated([.max, .max, 1], axis: 0)
    case .repeatedMemory: _ = v.repeated([1 << 50, 1, 1], axis: 0)
    case .tiledCount: _ = v.tiled(by: [.max])
    case .permutationNegative: _ = generator.permutation(-1)
    case .permutationMemory: _ = generator.permutation(1 << 50)
    case .resampledLength: _ = v.resampled(to: .max, axis: 0, method: .bilinear)
    case .closedRange: _ = v[0...Int.max]
    case .rangeThrough: _ = v[...Int.max]
    case .rangeFrom: _ = v[5...]
    case .paddedWidth: _ = v.padded([(.max, 0)])
    case .replicatedWidth: _ = v.padded([(1 << 53, 0)], mode: .replicate)
    case .diagonalMatrixOffset: _ = v.diagonalMatrix(offset: .max)
    case .diagonalMatrixBelow: _ = v.diagonalMatrix(offset: -.max)
    case .splitSum: _ = v.split(lengths: [.max, .max])
    case .chunksOfNothing: _ = Tensor<Float>.zeros([0]).chunks(.max)
    case .convStride: _ = x.conv2D(filter, stride: (.max, 1))
    case .convPadding: _ = x.conv2D(filter, stride: (1, 1), padding: (0, .max))
    case .convDilation: _ = x.conv2D(filter, dilation: .max)
    case .transposedStride: _ = x.transposedConv2D(back, stride: .max)
    case .transposedPadding: _ = x.transposedConv2D(back, padding: .max)
    case .transposedDilation: _ = x.transposedConv2D(back, dilation: .max)
    case .transposedOutputPadding:
      _ = sequence.transposedConv1D(.zeros([2, 1, 3]), stride: 2, outputPadding: .max)
    case .transposedMemory: _ = x.transposedConv2D(back, stride: 1 << 25)
    case .unfoldedDilation: _ = x.unfolded(window: 3, dilation: .max)
    case .unfoldedPadding: _ = x.unfolded(window: 3, padding: .max)
    case .foldedSize: _ = columns.folded(to: (.max, .max), window: 3)
    case .foldedWindow: _ = columns.folded(to: (8, 8), window: .max)
    case .poolStride: _ = x.maxPool2D(window: 2, stride: .max)
    case .sequencePoolStride: _ = sequence.averagePool1D(window: 2, stride: .max)
    case .adaptiveSize: _ = x.adaptiveAveragePool2D(to: (.max, .max))
    case .adaptiveMaximum: _ = sequence.adaptiveMaxPool1D(to: .max)
    }
  }
}
