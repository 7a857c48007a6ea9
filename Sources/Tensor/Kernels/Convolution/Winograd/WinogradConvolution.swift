/// 3×3 convolution with stride 1 of pictures whose channels lie together, by Winograd's F(4×4, 3×3).
///
/// Buffers in, buffers out. Activations are `[N, H, W, C]`: pictures, rows, columns, channels. Bits are one an
/// element in the same order, the first in the lowest bit of a byte.
///
/// Every output is computed in an order that depends on the sizes alone, so the same bits come out for any number of
/// threads. A value that is not finite spreads over the 4×4 tile that it takes part in.
enum Winograd {
  /// output = input ∗ filter + bias, then, if `relu`, its positive part.
  ///
  /// - Parameters:
  ///   - input: `[batch, height, width, filter.inputChannels]`.
  ///   - padding: zeros around the input: 0, 1 or 2.
  ///   - filter: the filters for this direction.
  ///   - precision: of the products.
  ///   - bias: one an output channel.
  ///   - output: `[batch, height + 2 padding − 2, width + 2 padding − 2, filter.outputChannels]`.
  ///   - reluBits: receives one bit for every element of `output`, 0 where `relu` gave 0; whole bytes are written.
  /// - Precondition: the output is not empty; `reluBits` needs `relu`.
  static func forward(
    _ input: UnsafePointer<Float>, batch: Int, height: Int, width: Int, padding: Int, filter: WinogradFilter,
    bias: UnsafePointer<Float>? = nil, relu: Bool = false, output: UnsafeMutablePointer<Float>,
    reluBits: UnsafeMutablePointer<UInt8>? = nil, precision: ProductPrecision = .single,
    kernels: WinogradKernels? = nil
  ) {
    let grid = WinogradGrid(batch: batch, inputHeight: height, inputWidth: width, padding: padding)
    check(grid, "forward")
    forward(
      input, grid, filter: filter, bias: bias, relu: relu, output: output, reluBits: reluBits,
      precision: precision, kernels: kernels)
  }

  /// As the other, for the tiles of a grid of one's own.
  static func forward(
    _ input: UnsafePointer<Float>, _ grid: WinogradGrid, filter: WinogradFilter, bias: UnsafePointer<Float>?,
    relu: Bool, output: UnsafeMutablePointer<Float>, reluBits: UnsafeMutablePointer<UInt8>?,
    precision: ProductPrecision = .single, kernels: WinogradKernels? = nil
  ) {
    precondition(relu || reluBits == nil, "bits without a ReLU")
    let channels = filter.panels.columns
    let usesBitGroups = channels % WinogradPanels.group == 0
    WinogradPass(
      grid: grid, kernels: kernels ?? best(precision), filter: filter,
      source: WinogradSource(pixels: input, channels: filter.panels.rows, bits: nil),
      target: WinogradTarget(
        pixels: output, pixelCount: grid.outputCount, channels: channels, bias: bias, relu: relu,
        bits: usesBitGroups ? reluBits : nil)
    ).run()
    if let reluBits, !usesBitGroups {
      recordActive(output, count: grid.outputCount * channels, in: reluBits)
    }
  }

  /// The gradient of `forward` with respect to its input.
  ///
  /// - Parameters:
  ///   - gradOutput: `[batch, height + 2 padding − 2, width + 2 padding − 2, filter.outputChannels]`.
  ///   - reluBits: what `forward` recorded: where a bit is 0, `gradOutput` counts as 0.
  ///   - height: the height of the input, as is `width` its width and `padding` its padding in `forward`.
  ///   - output: `[batch, height, width, filter.inputChannels]`.
  ///   - precision: of the products, when it is another one than the filter's, which is then rounded.
  static func inputGradient(
    _ gradOutput: UnsafePointer<Float>, reluBits: UnsafePointer<UInt8>? = nil, batch: Int, height: Int,
    width: Int,
    padding: Int, filter: WinogradFilter, output: UnsafeMutablePointer<Float>,
    precision: ProductPrecision = .single, kernels: WinogradKernels? = nil
  ) {
    // The gradient is a convolution with the filter turned round, and what one direction pads the other cuts off.
    let border = WinogradBasis.taps - 1
    let grid = WinogradGrid(
      batch: batch, inputHeight: height + 2 * padding - border, inputWidth: width + 2 * padding - border,
      padding: border - padding)
    check(grid, "inputGradient")
    inputGradient(
      gradOutput, reluBits: reluBits, grid, filter: filter, output: output, precision: precision,
      kernels: kernels)
  }

  /// As the other, for the tiles of a grid of one's own, whose input is `gradOutput`.
  static func inputGradient(
    _ gradOutput: UnsafePointer<Float>, reluBits: UnsafePointer<UInt8>?, _ grid: WinogradGrid,
    filter: WinogradFilter, output: UnsafeMutablePointer<Float>, precision: ProductPrecision = .single,
    kernels: WinogradKernels? = nil
  ) {
    WinogradPass(
      grid: grid, kernels: kernels ?? best(precision), filter: filter,
      source: WinogradSource(pixels: gradOutput, channels: filter.panels.rows, bits: reluBits),
      target: WinogradTarget(
        pixels: output, pixelCount: grid.outputCount, channels: filter.panels.columns, bias: nil, relu: false,
        bits: nil)
    ).run()
  }

  private static func best(_ precision: ProductPrecision) -> WinogradKernels {
    Processor.best.winograd(precision)!
  }

  private static func check(_ grid: WinogradGrid, _ operation: StaticString) {
    guard (0...2).contains(grid.top), min(grid.inputHeight, grid.inputWidth, grid.batch) >= 1,
      min(grid.outputHeight, grid.outputWidth) >= 1
    else { fatalError("Winograd.\(operation): no convolution has the shape of \(grid)") }
  }

  /// The bits of an output whose pixels do not begin at whole bytes: two tiles would share a byte.
  private static func recordActive(
    _ output: UnsafePointer<Float>, count: Int, in bits: UnsafeMutablePointer<UInt8>
  ) {
    Parallel.forEachRange((count + 7) / 8, grain: 8192) { bytes in
      for byte in bytes {
        var value: UInt8 = 0
        for bit in 0..<min(8, count - 8 * byte) where !(output[8 * byte + bit] <= 0) { value |= 1 << bit }
        bits[byte] = value
      }
    }
  }
}
