// What ``ConvolutionPlan/winograd`` takes beside the inputs and outputs, for those who plan a run before it begins.
// The figures are those of the Float kernels, the only ones that the plan is made for.
extension ConvolutionPlan {
  /// The bytes of a frozen 3×3 filter in the form that `algorithm` multiplies with: 36 numbers for each 9.
  ///
  /// They live as long as the filter's own storage.
  package static func transformedFilterBytes(
    inputChannels: Int, outputChannels: Int, _ algorithm: ConvolutionAlgorithm = .winograd
  ) -> Int {
    let precisions = ProductPrecisions(
      algorithm, outputChannels: outputChannels, inputChannels: inputChannels)
    return WinogradPanels(rows: inputChannels, columns: outputChannels).elementCount
      * precisions.forward.byteCount
  }

  /// The most bytes of workspace that convolutions of up to `channels` channels, and their gradients, work in.
  ///
  /// With few channels those are the turned filters of a gradient, which all threads read; with many, the
  /// transformed planes of a group of tiles. Either way each thread has some planes of its own. A workspace stays
  /// allocated between calls and does not grow with the picture.
  package static func workspaceBytes(channels: Int, _ algorithm: ConvolutionAlgorithm = .winograd) -> Int {
    let turned = WinogradPanels(rows: WinogradPanels.padded(channels), columns: channels)
    let precisions = ProductPrecisions(algorithm, outputChannels: channels, inputChannels: channels)
    let shared =
      WinogradPass.worksByBlocks(depth: channels, turned)
      ? turned.elementCount * precisions.gradient.byteCount : WinogradPass.largestGroupBytes
    return shared + threadBytes
  }

  /// What the threads have for themselves, as measured with two.
  private static let threadBytes = 2_000_000
}
