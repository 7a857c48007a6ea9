/// How the 36 matrices of a transformed filter lie in memory: each is cut into panels of at most 64 columns, and a
/// panel is stored row after row without gaps, as the product's innermost loop reads it.
///
/// The last panel is as wide as the columns that remain, rounded up to 16; what is added is 0.
struct WinogradPanels {
  static let width = 64
  static let group = 16

  let rows: Int
  let columns: Int

  var count: Int { (columns + Self.width - 1) / Self.width }
  var paddedColumns: Int { Self.padded(columns) }
  var planeSize: Int { rows * paddedColumns }
  /// The numbers of all matrices.
  var elementCount: Int { WinogradBasis.frequencies * planeSize }

  func paddedWidth(_ panel: Int) -> Int { min(Self.width, paddedColumns - panel * Self.width) }

  func columnRange(_ panel: Int) -> Range<Int> {
    panel * Self.width..<min((panel + 1) * Self.width, columns)
  }

  func offset(frequency: Int, panel: Int) -> Int { frequency * planeSize + panel * Self.width * rows }

  /// A number of channels, rounded up to whole groups.
  static func padded(_ channels: Int) -> Int { (channels + group - 1) / group * group }
}
