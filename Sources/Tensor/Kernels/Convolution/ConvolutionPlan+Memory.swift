// What ``ConvolutionPlan/winograd`` takes beside the inputs and outputs, for those who plan a run before it begins.
// The figures are those of the Float kernels, the only ones that the plan is made for.
extension ConvolutionPlan {
  /// The bytes of a frozen 3×3 filter in the order in which passes transform it, for a convolution and for its gradient
  /// with respect to the input.
  ///
  /// They live as long as the filter's own storage.
  package static func orderedFilterBytes(inputChannels: Int, outputChannels: Int) -> Int {
    [(inputChannels, outputChannels), (outputChannels, inputChannels)].reduce(0) { sum, channels in
      sum + WinogradFilter.byteCount(WinogradPanels(rows: channels.0, columns: channels.1))
    }
  }

  /// The most bytes of workspace that a convolution of a picture of `width` × `height` pixels, and its gradient, work in.
  ///
  /// With few channels those are the transformed filters, which all threads read; with many, the transformed planes of
  /// a group of tiles. Either way each thread has some planes of its own. A workspace stays allocated between calls and
  /// does not grow with the picture beyond a group.
  package static func workspaceBytes(
    inputChannels: Int, outputChannels: Int, width: Int, height: Int,
    _ algorithm: ConvolutionAlgorithm = .winograd
  ) -> Int {
    let precisions = ProductPrecisions(
      algorithm, outputChannels: outputChannels, inputChannels: inputChannels)
    let grid = WinogradGrid(batch: 1, inputHeight: height, inputWidth: width, padding: 1)
    func shared(_ rows: Int, _ columns: Int, _ precision: ProductPrecision) -> Int {
      let panels = WinogradPanels(rows: rows, columns: columns)
      if WinogradPass.worksByBlocks(panels) { return panels.elementCount * precision.byteCount }
      let planes = WinogradPlanes(
        tiles: grid.tileCount, channels: WinogradPanels.padded(rows), elementBytes: precision.byteCount)
      return min(planes.byteCount, WinogradPass.largestGroupBytes)
    }
    return max(
      shared(inputChannels, outputChannels, precisions.forward),
      shared(outputChannels, inputChannels, precisions.gradient)) + threadBytes
  }

  /// What the threads have for themselves, as measured with two.
  private static let threadBytes = 3_000_000
}
