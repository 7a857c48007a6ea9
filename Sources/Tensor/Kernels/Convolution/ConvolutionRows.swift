/// Some rows of a picture's 3×3 convolution with a frozen filter, to the bits of the whole.
///
/// Rows are counted in the whole picture, from 0, with −1 for a frame's row above it. A tile of Winograd's method
/// mixes the roundings of its rows, so rows have the whole's bits where they begin with one of the whole's tiles:
/// at a multiple of ``tileHeight`` of the output.
package enum ConvolutionRows {
  /// The rows of a tile.
  package static let tileHeight = WinogradBasis.outputs

  /// Writes rows `rows` of the output, max(y, 0) of them if `relu`, and where that is y.
  ///
  /// - Parameters:
  ///   - x: Rows of the input from `firstRow` on, [1, C, rows, W]. The output's row r needs rows r − 1 … r + 1;
  ///     those that are not there count as zeros.
  ///   - padsColumns: Whether there are zeros left and right of the input, so that the output is as wide.
  ///   - algorithm: How the products are made: one of Winograd's, the whole picture's.
  ///   - output: Where they are written: a new tensor of ``Tensor/uninitializedChannelsLast(_:)``, which has rows from
  ///     `outputFirstRow` on and which nobody else has seen.
  ///   - mask: Where the output is not 0, of the same rows; it needs `relu`.
  package static func forward(
    _ x: Tensor<Float>, firstRow: Int, filter: Tensor<Float>, bias: Tensor<Float>, rows: Range<Int>,
    padsColumns: Bool, relu: Bool, algorithm: ConvolutionAlgorithm = .winograd, into output: Tensor<Float>,
    mask: BitMask?, outputFirstRow: Int
  ) {
    let input = Kernels.channelsLast(x.array)
    let left = padsColumns ? 1 : 0
    let grid = WinogradGrid(
      batch: 1, inputHeight: input.shape[2], inputWidth: input.shape[3],
      top: firstRow - rows.lowerBound + 1,
      left: left, outputHeight: rows.count, outputWidth: input.shape[3] + 2 * left - 2)
    let (channels, place) = (filter.shape[0], rows.lowerBound - outputFirstRow)
    precondition(
      output.array.layout.isChannelsLast && output.shape[1] == channels && output.shape[3] == grid.outputWidth
        && place >= 0 && place + rows.count <= output.shape[2] && channels % 8 == 0,
      "ConvolutionRows: rows \(rows) do not fit into \(output.shape) from row \(outputFirstRow) on")
    let offset = place * grid.outputWidth * channels
    let bias = bias.array.contiguous()
    withExtendedLifetime((input.storage, bias.storage, output.array.storage, mask)) {
      Winograd.forward(
        input.pointer, grid, filter: WinogradFilterCache.ordered(filter.array, .forward), bias: bias.pointer,
        relu: relu, output: output.array.pointer + offset, reluBits: mask.map { $0.bytes + offset / 8 },
        precision: precisions(filter, algorithm).forward)
    }
  }

  /// Rows `rows` of the gradient with respect to the input.
  ///
  /// - Parameters:
  ///   - gradient: The gradient with respect to rows of the output from `firstRow` on, [1, O, rows, W]; that of rows
  ///     that are not there counts as zeros. The input's row r needs rows r − 1 … r + 1.
  ///   - mask: Where it counts as 0, of the same rows.
  ///   - algorithm: How the products are made, as forwards.
  package static func inputGradient(
    _ gradient: Tensor<Float>, firstRow: Int, mask: BitMask?, filter: Tensor<Float>, rows: Range<Int>,
    padsColumns: Bool, algorithm: ConvolutionAlgorithm = .winograd
  ) -> Tensor<Float> {
    let source = Kernels.channelsLast(gradient.array)
    let left = padsColumns ? 1 : 2
    let grid = WinogradGrid(
      batch: 1, inputHeight: source.shape[2], inputWidth: source.shape[3],
      top: firstRow - rows.lowerBound + 1, left: left, outputHeight: rows.count,
      outputWidth: source.shape[3] + 2 * left - 2)
    let shape = [1, filter.shape[1], rows.count, grid.outputWidth]
    let result = StridedArray<Float>(uninitialized: shape, strides: Layout.channelsLastStrides(shape))
    withExtendedLifetime((source.storage, mask)) {
      Winograd.inputGradient(
        source.pointer, reluBits: mask.map { UnsafePointer($0.bytes) }, grid,
        filter: WinogradFilterCache.ordered(filter.array, .inputGradient), output: result.pointer,
        precision: precisions(filter, algorithm).gradient)
    }
    return Tensor(result)
  }

  private static func precisions(
    _ filter: Tensor<Float>, _ algorithm: ConvolutionAlgorithm
  ) -> ProductPrecisions {
    ProductPrecisions(algorithm, outputChannels: filter.shape[0], inputChannels: filter.shape[1])
  }
}

extension Tensor where Scalar: TensorScalar {
  /// A picture, [1, C, H, W], with its channels last and its numbers not yet set: what is put together row by row.
  package static func uninitializedChannelsLast(_ shape: Shape) -> Tensor {
    Tensor(StridedArray(uninitialized: shape, strides: Layout.channelsLastStrides(shape)))
  }

  /// Bits for such a picture, not yet set.
  package static func uninitializedMask(_ shape: Shape) -> BitMask { BitMask(channelsLast: shape) }
}
