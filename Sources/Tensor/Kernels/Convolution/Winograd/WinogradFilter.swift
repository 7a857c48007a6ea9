/// The 3×3 filters of a convolution, or of its gradient with respect to the input, in the order in which a pass transforms
/// them.
///
/// A pass multiplies with G g Gᵀ, 36 numbers for each 9. Those are made where they are needed, a piece that fits a core's
/// cache at a time: that is sooner done than to fetch four times the numbers from main memory, and it takes a quarter of
/// the memory. The gradient is a convolution with the channels exchanged and the taps turned round, and has a filter of its
/// own.
///
/// - Complexity: 9 numbers a pair of channels, as many as the filters themselves.
final class WinogradFilter: @unchecked Sendable {
  /// The layout of its matrices: rows are the channels that are summed over, columns those that are written.
  let panels: WinogradPanels
  /// `[row, 9, column]` in each panel, one after the other.
  private let taps: UnsafeMutablePointer<Float>

  /// Puts `filter`, `[outputChannels, inputChannels, 3, 3]`, in order for one direction.
  init(
    _ filter: UnsafePointer<Float>, outputChannels: Int, inputChannels: Int, direction: WinogradPass.Direction
  ) {
    panels =
      direction == .forward
      ? WinogradPanels(rows: inputChannels, columns: outputChannels)
      : WinogradPanels(rows: outputChannels, columns: inputChannels)
    taps = LargePages.allocate(byteCount: max(Self.byteCount(panels), 1)).assumingMemoryBound(to: Float.self)
    collect(filter, direction)
  }

  deinit { taps.deallocate() }

  /// The bytes it holds.
  var byteCount: Int { Self.byteCount(panels) }

  static func byteCount(_ panels: WinogradPanels) -> Int {
    WinogradBasis.tapCount * panels.planeSize * MemoryLayout<Float>.stride
  }

  /// Whether channels of these numbers can be multiplied in a precision: in bf16 they come in whole groups.
  static func isPossible(_ precision: ProductPrecision, outputChannels: Int, inputChannels: Int) -> Bool {
    precision == .single
      || inputChannels % WinogradPanels.group == 0 && outputChannels % WinogradPanels.group == 0
  }

  /// The filters of a panel from `row` on: for each row 9 times as many as the panel is wide.
  func taps(panel: Int, row: Int = 0) -> UnsafePointer<Float> {
    UnsafePointer(taps)
      + WinogradBasis.tapCount * (panels.offset(matrix: 0, panel: panel) + row * panels.paddedWidth(panel))
  }

  /// As many as a side of the squares that the kernels transpose.
  private static let rowsInPiece = 16

  private func collect(_ filter: UnsafePointer<Float>, _ direction: WinogradPass.Direction) {
    let pieces = (panels.rows + Self.rowsInPiece - 1) / Self.rowsInPiece
    Parallel.forEach(panels.count * pieces) { item in
      let (panel, piece) = (item / pieces, item % pieces)
      let rows = piece * Self.rowsInPiece..<min((piece + 1) * Self.rowsInPiece, panels.rows)
      if direction == .forward, rows.count == Self.rowsInPiece,
        panels.columnRange(panel).count % Self.rowsInPiece == 0
      {
        transposeSquares(of: filter, rows: rows, panel: panel)
      } else {
        for row in rows { collect(filter, direction, row: row, panel: panel) }
      }
    }
  }

  private func target(panel: Int, row: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(mutating: taps(panel: panel, row: row))
  }

  private func collect(
    _ filter: UnsafePointer<Float>, _ direction: WinogradPass.Direction, row: Int, panel: Int
  ) {
    let count = WinogradBasis.tapCount
    let (columns, width, target) = (
      panels.columnRange(panel), panels.paddedWidth(panel), target(panel: panel, row: row)
    )
    for lane in 0..<width {
      guard lane < columns.count else {
        for tap in 0..<count { target[tap * width + lane] = 0 }
        continue
      }
      let column = columns.lowerBound + lane
      switch direction {
      case .forward:
        let source = filter + (column * panels.rows + row) * count
        for tap in 0..<count { target[tap * width + lane] = source[tap] }
      case .inputGradient:
        let source = filter + (row * panels.columns + column) * count
        for tap in 0..<count { target[tap * width + lane] = source[count - 1 - tap] }
      }
    }
  }

  /// Forward, the taps of some rows are a transposed matrix: of all taps of all rows, one filter after the other.
  private func transposeSquares(of filter: UnsafePointer<Float>, rows: Range<Int>, panel: Int) {
    let (side, width) = (Self.rowsInPiece, panels.paddedWidth(panel))
    let filterSize = panels.rows * WinogradBasis.tapCount
    let first = panel * WinogradPanels.width * filterSize + rows.lowerBound * WinogradBasis.tapCount
    let target = target(panel: panel, row: rows.lowerBound)
    let transposeSquare = Processor.best.elements(Float.self).pointee.transpose_square!
    for tap in stride(from: 0, to: rows.count * WinogradBasis.tapCount, by: side) {
      for lane in stride(from: 0, to: width, by: side) {
        transposeSquare(
          filter + first + lane * filterSize + tap, filterSize, target + tap * width + lane, width)
      }
    }
  }
}
