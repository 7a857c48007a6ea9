import Tensor
import TestSupport

extension Misuse {
  /// Counts, lengths and steps that are too large to work with.
  static let figures = list { misuse in
    let v = Tensor<Float>([1, 2, 3])
    let x = Tensor<Float>.zeros([1, 3, 8, 8])
    let filter = Tensor<Float>.zeros([4, 3, 3, 3])
    let back = Tensor<Float>.zeros([3, 4, 3, 3])
    let sequence = Tensor<Float>.zeros([1, 2, 8])
    let columns = Tensor<Float>.zeros([1, 9, 64])
    let largest = Int.max
    let most = "is more than 2147483647, the most that there may be"
    misuse(
      "fftEmpty", "fft: axis 1 of the shape [2, 0] is empty, and nothing has no transform; give it a length"
    ) {
      _ = Tensor<Float>.zeros([2, 0]).fft()
    }
    misuse("rfft2DRank", "rfft2D: the shape [3] has no two axes; give it the form […, H, W]") {
      _ = v.rfft2D()
    }
    misuse("irfftCount", "irfft: 3 numbers are not the half of 6; a count of 4 or 5 is needed") {
      _ = ComplexParts(real: v, imaginary: v).irfft(count: 6)
    }
    misuse("irfft2DWidth", "irfft2D: 8 numbers are not the half of 8; a width of 14 or 15 is needed") {
      _ = ComplexParts(real: x, imaginary: x).irfft2D(width: 8)
    }
    misuse("histogramBins", "histogram: no memory for 73786976294838206456 bytes beside the") {
      _ = v.histogram(binCount: .max)
    }
    misuse(
      "repeatedCount",
      "repeated: axis 0 of [3], each element \(largest) times, has more elements than Int can count"
    ) {
      _ = v.repeated(.max, axis: 0)
    }
    misuse("repeatedEach", "Tensor: the shape [1, \(largest)] has more bytes than Int can count") {
      _ = v[..<1].expanded(axis: 0).repeated(.max, axis: 1) + 1
    }
    misuse(
      "repeatedSum",
      "repeated: the counts [\(largest), \(largest), 1] add up to more elements than Int can count"
    ) {
      _ = v.repeated([.max, .max, 1], axis: 0)
    }
    misuse("repeatedMemory", "repeated: no memory for 9007199254741008 bytes beside the") {
      _ = v.repeated([1 << 50, 1, 1], axis: 0)
    }
    misuse("tiledCount", "tiled: [3] by the counts [\(largest)] has more elements than Int can count") {
      _ = v.tiled(by: [.max])
    }
    misuse.drawing("permutationNegative", "permutation: the count -1 is negative") {
      _ = $0.permutation(-1)
    }
    misuse.drawing("permutationMemory", "permutation: no memory for 9007199254740992 bytes beside the") {
      _ = $0.permutation(1 << 50)
    }
    misuse("resampledLength", "resampled: no memory for 147573952589676412912 bytes beside the") {
      _ = v.resampled(to: .max, axis: 0, method: .bilinear)
    }
    misuse("closedRange", "subscript: the range 0..<\(largest) is out of bounds for axis 0 of [3]") {
      _ = v[0...Int.max]
    }
    misuse("rangeThrough", "subscript: the range ..<\(largest) is out of bounds for axis 0 of [3]") {
      _ = v[...Int.max]
    }
    misuse("rangeFrom", "subscript: the range 5... is out of bounds for axis 0 of [3]") { _ = v[5...] }
    misuse(
      "paddedWidth",
      "padded: the widths (\(largest), 0) of axis 0 of [3] make more elements than Int can count"
    ) {
      _ = v.padded([(.max, 0)])
    }
    misuse("replicatedWidth", "padded: no memory for 288230376151711744 bytes beside the") {
      _ = v.padded([(1 << 53, 0)], mode: .replicate)
    }
    misuse(
      "diagonalMatrixOffset",
      "diagonalMatrix: a diagonal of 3 at the offset \(largest) is of rows with more elements than Int can count"
    ) {
      _ = v.diagonalMatrix(offset: .max)
    }
    misuse(
      "diagonalMatrixBelow",
      "diagonalMatrix: a diagonal of 3 at the offset -\(largest) is of rows with more elements than Int can count"
    ) {
      _ = v.diagonalMatrix(offset: -.max)
    }
    misuse(
      "splitSum", "split: the lengths [\(largest), \(largest)] add up to more elements than Int can count"
    ) {
      _ = v.split(lengths: [.max, .max])
    }
    misuse("chunksOfNothing", "chunks: no memory for") { _ = Tensor<Float>.zeros([0]).chunks(.max) }
    misuse("convStride", "conv2D: the stride (\(largest), 1) \(most)") {
      _ = x.conv2D(filter, stride: (.max, 1))
    }
    misuse("convPadding", "conv2D: the padding (0, \(largest)) \(most)") {
      _ = x.conv2D(filter, stride: (1, 1), padding: (0, .max))
    }
    misuse("convDilation", "conv2D: the dilation (\(largest), \(largest)) \(most)") {
      _ = x.conv2D(filter, dilation: .max)
    }
    misuse("transposedStride", "transposedConv2D: the stride (\(largest), \(largest)) \(most)") {
      _ = x.transposedConv2D(back, stride: .max)
    }
    misuse("transposedPadding", "transposedConv2D: the padding (\(largest), \(largest)) \(most)") {
      _ = x.transposedConv2D(back, padding: .max)
    }
    misuse("transposedDilation", "transposedConv2D: the dilation (\(largest), \(largest)) \(most)") {
      _ = x.transposedConv2D(back, dilation: .max)
    }
    misuse(
      "transposedOutputPadding",
      "transposedConv1D: the output padding \(largest) is not from 0 to less than the stride 2"
    ) {
      _ = sequence.transposedConv1D(.zeros([2, 1, 3]), stride: 2, outputPadding: .max)
    }
    misuse("transposedMemory", "transposedConv2D: no memory for") {
      _ = x.transposedConv2D(back, stride: 1 << 25)
    }
    misuse("unfoldedDilation", "unfolded: the dilation (\(largest), \(largest)) \(most)") {
      _ = x.unfolded(window: 3, dilation: .max)
    }
    misuse("unfoldedPadding", "unfolded: the padding (\(largest), \(largest)) \(most)") {
      _ = x.unfolded(window: 3, padding: .max)
    }
    misuse("foldedSize", "folded: the input's length (\(largest), \(largest)) \(most)") {
      _ = columns.folded(to: (.max, .max), window: 3)
    }
    misuse("foldedWindow", "folded: the window (\(largest), \(largest)) \(most)") {
      _ = columns.folded(to: (8, 8), window: .max)
    }
    misuse("poolStride", "maxPool2D: the stride (\(largest), \(largest)) \(most)") {
      _ = x.maxPool2D(window: 2, stride: .max)
    }
    misuse("sequencePoolStride", "averagePool1D: the stride \(largest) \(most)") {
      _ = sequence.averagePool1D(window: 2, stride: .max)
    }
    misuse("adaptiveSize", "adaptiveAveragePool2D: no memory for 147573952589676412912 bytes beside the") {
      _ = x.adaptiveAveragePool2D(to: (.max, .max))
    }
    misuse("adaptiveMaximum", "adaptiveMaxPool1D: no memory for 147573952589676412912 bytes beside the") {
      _ = sequence.adaptiveMaxPool1D(to: .max)
    }
  }
}
