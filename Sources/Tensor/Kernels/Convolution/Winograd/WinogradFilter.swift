/// The 3×3 filters of a convolution, transformed: G g Gᵀ for every pair of channels.
///
/// One set serves both directions. For frequency f, the convolution multiplies with the matrix
/// U_f `[inputs, outputs]`, and its gradient with the transpose of U_σ(f), where σ exchanges each point with its
/// inverse; see `WinogradBasis`.
///
/// - Complexity: 36 floats a pair of channels, four times the filters themselves.
final class WinogradFilter: @unchecked Sendable {
  let inputChannels: Int
  let outputChannels: Int
  let panels: WinogradPanels
  let values: UnsafePointer<Float>

  /// Transforms `filter`, `[outputChannels, inputChannels, 3, 3]`.
  init(_ filter: UnsafePointer<Float>, outputChannels: Int, inputChannels: Int) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    panels = WinogradPanels(rows: inputChannels, columns: outputChannels)
    let memory = LargePages.allocate(byteCount: max(panels.floatCount, 1) * MemoryLayout<Float>.stride)
    let target = memory.bindMemory(to: Float.self, capacity: panels.floatCount)
    values = UnsafePointer(target)
    Self.transform(filter, panels: panels, into: target)
  }

  deinit { values.deallocate() }

  /// The bytes it holds.
  var byteCount: Int { panels.floatCount * MemoryLayout<Float>.stride }

  func panel(frequency: Int, _ panel: Int) -> UnsafePointer<Float> {
    values + panels.offset(frequency: frequency, panel: panel)
  }

  /// The filters from input channel `input` on, in one panel of the turned filter's `frequency`.
  func rows(from input: Int, inPanel panel: Int, ofTurned frequency: Int) -> UnsafePointer<Float> {
    self.panel(frequency: WinogradBasis.reversedFrequency[frequency], panel) + input
      * panels.paddedWidth(panel)
  }

  /// One panel of the gradient's matrix for `frequency`: the columns are input channels
  /// `panel * 64 ..< panel * 64 + 64`, the rows all output channels, rounded up to 16.
  func transposePanel(
    frequency: Int, _ panel: Int, of transposed: WinogradPanels, into target: UnsafeMutablePointer<Float>,
    kernels: WinogradKernels
  ) {
    let inputs = transposed.columnRange(panel)
    let targetWidth = transposed.paddedWidth(panel)
    for source in 0..<panels.count {
      let width = panels.paddedWidth(source)
      kernels.pointee.transpose(
        rows(from: inputs.lowerBound, inPanel: source, ofTurned: frequency), width, inputs.count, targetWidth,
        width, target + source * WinogradPanels.width * targetWidth, targetWidth)
    }
  }

  /// The panels `transposePanel` fills.
  var transposedPanels: WinogradPanels {
    WinogradPanels(rows: panels.paddedColumns, columns: inputChannels)
  }
}

extension WinogradFilter {
  private static let inputsPerPiece = 16

  private static func transform(
    _ filter: UnsafePointer<Float>, panels: WinogradPanels, into target: UnsafeMutablePointer<Float>
  ) {
    let blocks = (panels.rows + inputsPerPiece - 1) / inputsPerPiece
    Parallel.forEach(panels.count * blocks) { piece in
      let (panel, block) = (piece / blocks, piece % blocks)
      for input in block * inputsPerPiece..<min((block + 1) * inputsPerPiece, panels.rows) {
        transform(filter, input: input, panel: panel, panels: panels, into: target)
      }
    }
  }

  /// The filters from one input channel to all output channels of a panel, which are the lanes of the arithmetic.
  private static func transform(
    _ filter: UnsafePointer<Float>, input: Int, panel: Int, panels: WinogradPanels,
    into target: UnsafeMutablePointer<Float>
  ) {
    let taps = WinogradBasis.taps
    let samples = WinogradBasis.samples
    let outputs = panels.columnRange(panel)
    let width = panels.paddedWidth(panel)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: (taps * taps + samples * taps) * width) {
      scratch in
      let raw = scratch.baseAddress!
      let half = raw + taps * taps * width
      for tap in 0..<taps * taps {
        for lane in 0..<width {
          raw[tap * width + lane] =
            lane < outputs.count
            ? filter[((outputs.lowerBound + lane) * panels.rows + input) * taps * taps + tap] : 0
        }
      }
      for y in 0..<samples {
        for x in 0..<taps {
          combine(
            raw + x * width, stride: taps * width, with: rows + y * taps, into: half + (y * taps + x) * width,
            width: width)
        }
      }
      for frequency in 0..<WinogradBasis.frequencies {
        let (y, x) = (frequency / samples, frequency % samples)
        combine(
          half + y * taps * width, stride: width, with: rows + x * taps,
          into: target + panels.offset(frequency: frequency, panel: panel) + input * width, width: width)
      }
    }
  }

  /// target = Σ weights[i] · source[i], lane by lane.
  private static func combine(
    _ source: UnsafePointer<Float>, stride: Int, with weights: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, width: Int
  ) {
    let (a, b, c) = (weights[0], weights[1], weights[2])
    for lane in 0..<width {
      target[lane] = a * source[lane] + c * source[2 * stride + lane] + b * source[stride + lane]
    }
  }

  /// G, row after row; it lives as long as the process.
  private nonisolated(unsafe) static let rows: UnsafePointer<Float> = {
    let flat = WinogradBasis.filterRows.joined().map { Float($0) }
    let copy = UnsafeMutablePointer<Float>.allocate(capacity: flat.count)
    copy.initialize(from: flat, count: flat.count)
    return UnsafePointer(copy)
  }()
}
