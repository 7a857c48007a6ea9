// What ``ConvolutionPlan/winograd`` takes beside the inputs and outputs, for those who plan a run before it begins.
// The figures are those of the Float kernels, the only ones that the plan is made for.
extension ConvolutionPlan {
  /// The bytes of a frozen 3×3 filter in the form that is multiplied with: 36 numbers for each 9.
  ///
  /// They live as long as the filter's own storage.
  package static func transformedFilterBytes(inputChannels: Int, outputChannels: Int) -> Int {
    WinogradPanels(rows: inputChannels, columns: outputChannels).floatCount * MemoryLayout<Float>.stride
  }

  /// The most bytes of workspace that convolutions of up to `channels` channels, and their gradients, work in.
  ///
  /// With few channels those are the turned filters of a gradient, which all threads read; with many, the
  /// transformed planes of a group of tiles. Either way each thread has some planes of its own. A workspace stays
  /// allocated between calls and does not grow with the picture.
  package static func workspaceBytes(channels: Int) -> Int {
    let turned = WinogradPanels(rows: WinogradPanels.padded(channels), columns: channels)
    let shared =
      WinogradPass.worksByBlocks(depth: channels, turned)
      ? turned.floatCount * MemoryLayout<Float>.stride : WinogradPass.largestGroupBytes
    return shared + threadBytes
  }

  /// What the threads have for themselves, as measured with two.
  private static let threadBytes = 2_000_000
}
