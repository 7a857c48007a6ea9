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
  /// How far apart matrices begin: rows of several are written together, and a power of two apart they would compete
  /// for the same few places in the cache.
  var planeStride: Int { Self.oddStride(planeSize) }
  /// The numbers of all matrices, with what lies between them.
  var elementCount: Int { WinogradBasis.frequencies * planeStride }

  func paddedWidth(_ panel: Int) -> Int { min(Self.width, paddedColumns - panel * Self.width) }

  func columnRange(_ panel: Int) -> Range<Int> {
    panel * Self.width..<min((panel + 1) * Self.width, columns)
  }

  func offset(matrix: Int, panel: Int) -> Int { matrix * planeStride + panel * Self.width * rows }

  /// A number of elements, rounded up to an odd number of cache lines of bf16, or of pairs of them.
  static func oddStride(_ count: Int) -> Int { ((count + 31) / 32 | 1) * 32 }

  /// A number of channels, rounded up to whole groups.
  static func padded(_ channels: Int) -> Int { (channels + group - 1) / group * group }
}
