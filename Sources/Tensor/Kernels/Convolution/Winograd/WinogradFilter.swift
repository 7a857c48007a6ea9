/// The 3×3 filters of a convolution, transformed: G g Gᵀ for every pair of channels.
///
/// One set serves both directions. For frequency f, the convolution multiplies with the matrix
/// U_f `[inputs, outputs]`, and its gradient with the transpose of U_σ(f), where σ exchanges each point with its
/// inverse; see `WinogradBasis`.
///
/// In bf16 the matrices have half the bytes, and each two rows are interleaved, as the products read them: the offsets of
/// rows with even numbers are what they would be. Nothing else of the filter is kept.
///
/// - Complexity: 36 numbers a pair of channels, four times those of the filters themselves.
final class WinogradFilter: @unchecked Sendable {
  let inputChannels: Int
  let outputChannels: Int
  let precision: ProductPrecision
  let panels: WinogradPanels
  let values: UnsafeRawPointer

  /// Transforms `filter`, `[outputChannels, inputChannels, 3, 3]`.
  ///
  /// - Precondition: In bf16, the processor has products of it, and ``isPossible(_:outputChannels:inputChannels:)``.
  init(
    _ filter: UnsafePointer<Float>, outputChannels: Int, inputChannels: Int,
    precision: ProductPrecision = .single
  ) {
    precondition(
      Self.isPossible(precision, outputChannels: outputChannels, inputChannels: inputChannels),
      "WinogradFilter: no filter of \(inputChannels) → \(outputChannels) channels in \(precision)")
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.precision = precision
    panels = WinogradPanels(rows: inputChannels, columns: outputChannels)
    let memory = LargePages.allocate(byteCount: max(panels.elementCount, 1) * precision.byteCount)
    values = UnsafeRawPointer(memory)
    transform(filter, into: memory)
  }

  deinit { values.deallocate() }

  /// Whether channels of these numbers can be multiplied in a precision: in bf16 they come in whole groups.
  static func isPossible(_ precision: ProductPrecision, outputChannels: Int, inputChannels: Int) -> Bool {
    precision == .single
      || inputChannels % WinogradPanels.group == 0 && outputChannels % WinogradPanels.group == 0
  }

  /// The bytes it holds.
  var byteCount: Int { panels.elementCount * precision.byteCount }

  func panel(frequency: Int, _ panel: Int) -> UnsafeRawPointer {
    values + panels.offset(frequency: frequency, panel: panel) * precision.byteCount
  }

  /// The filters from input channel `input` on, in one panel of the turned filter's `frequency`.
  func rows(from input: Int, inPanel panel: Int, ofTurned frequency: Int) -> UnsafeRawPointer {
    self.panel(frequency: WinogradBasis.reversedFrequency[frequency], panel)
      + input * panels.paddedWidth(panel) * precision.byteCount
  }

  /// One panel of the gradient's matrix for `frequency`: the columns are input channels
  /// `panel * 64 ..< panel * 64 + 64`, the rows all output channels, rounded up to 16; as operands of the kernels, to
  /// which a filter in single precision is rounded here.
  func transposePanel(
    frequency: Int, _ panel: Int, of transposed: WinogradPanels, into target: UnsafeMutableRawPointer,
    kernels: WinogradKernels
  ) {
    let inputs = transposed.columnRange(panel)
    let targetWidth = transposed.paddedWidth(panel)
    for source in 0..<panels.count {
      let width = panels.paddedWidth(source)
      withOperands(
        rows(from: inputs.lowerBound, inPanel: source, ofTurned: frequency), rows: inputs.count, width: width,
        kernels
      ) {
        kernels.pointee.transpose(
          $0, width, inputs.count, targetWidth, width,
          target + source * WinogradPanels.width * targetWidth * kernels.pointee.operand_bytes, targetWidth)
      }
    }
  }

  /// Rows of the filter as the kernels' operands, rounded where they are not what the filter holds.
  private func withOperands(
    _ source: UnsafeRawPointer, rows: Int, width: Int, _ kernels: WinogradKernels,
    _ body: (UnsafeRawPointer) -> Void
  ) {
    guard kernels.pointee.operand_bytes != precision.byteCount else { return body(source) }
    let floats = source.assumingMemoryBound(to: Float.self)
    withUnsafeTemporaryAllocation(byteCount: rows * width * kernels.pointee.operand_bytes, alignment: 64) {
      let packed = $0.baseAddress!
      for row in stride(from: 0, to: rows, by: 2) {
        kernels.pointee.pack_rows(
          floats + row * width, floats + (row + 1) * width, width,
          packed + row * width * kernels.pointee.operand_bytes)
      }
      body(packed)
    }
  }

  /// The panels `transposePanel` fills.
  var transposedPanels: WinogradPanels {
    WinogradPanels(rows: panels.paddedColumns, columns: inputChannels)
  }
}

extension WinogradFilter {
  private static let inputsPerPiece = 16

  private func transform(_ filter: UnsafePointer<Float>, into target: UnsafeMutableRawPointer) {
    let blocks = (panels.rows + Self.inputsPerPiece - 1) / Self.inputsPerPiece
    Parallel.forEach(panels.count * blocks) { piece in
      let (panel, block) = (piece / blocks, piece % blocks)
      let inputs = block * Self.inputsPerPiece..<min((block + 1) * Self.inputsPerPiece, panels.rows)
      switch precision {
      case .single:
        let target = target.assumingMemoryBound(to: Float.self)
        for input in inputs {
          let row = panels.offset(frequency: 0, panel: panel) + input * panels.paddedWidth(panel)
          Self.transform(
            filter, input: input, panel: panel, panels: panels, into: target + row,
            stride: panels.planeSize)
        }
      case .bfloat16: transformRounded(filter, inputs, panel: panel, into: target)
      }
    }
  }

  /// Two input channels at a time, rounded from a place aside.
  private func transformRounded(
    _ filter: UnsafePointer<Float>, _ inputs: Range<Int>, panel: Int, into target: UnsafeMutableRawPointer
  ) {
    let width = panels.paddedWidth(panel)
    let size = WinogradBasis.frequencies * width
    let pack = Processor.best.winograd(precision)!.pointee.pack_rows!
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * size) { scratch in
      let (first, second) = (scratch.baseAddress!, scratch.baseAddress! + size)
      for input in stride(from: inputs.lowerBound, to: inputs.upperBound, by: 2) {
        Self.transform(filter, input: input, panel: panel, panels: panels, into: first, stride: width)
        Self.transform(filter, input: input + 1, panel: panel, panels: panels, into: second, stride: width)
        for frequency in 0..<WinogradBasis.frequencies {
          let row = panels.offset(frequency: frequency, panel: panel) + input * width
          let place = frequency * width
          pack(first + place, second + place, width, target + row * precision.byteCount)
        }
      }
    }
  }

  /// The filters from one input channel to all output channels of a panel, which are the lanes of the arithmetic: a row
  /// for each frequency, `stride` apart.
  private static func transform(
    _ filter: UnsafePointer<Float>, input: Int, panel: Int, panels: WinogradPanels,
    into target: UnsafeMutablePointer<Float>, stride: Int
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
          half + y * taps * width, stride: width, with: rows + x * taps, into: target + frequency * stride,
          width: width)
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
