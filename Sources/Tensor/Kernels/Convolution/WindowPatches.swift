import CKernels

/// How the windows of a phase are walked. A row of pixels is cut into tiles of the product, so rows had better be long: pictures
/// one pixel wide are seen as lying down, and where windows are single pixels, all pictures are one row.
struct WindowWalk {
  let batch: Int
  let rows: GatherAxis
  let columns: GatherAxis
  /// Whether rows are the pictures' columns.
  let isTurned: Bool
  private let isFlat: Bool

  init(_ plan: GatherPlan, _ phase: GatherPlan.Phase) {
    let (vertical, horizontal) = (phase.vertical, phase.horizontal)
    isFlat = vertical.isIdentity && horizontal.isIdentity
    isTurned = !isFlat && horizontal.count == 1 && vertical.count > 1
    if isFlat {
      batch = 1
      rows = .identity(1, taps: vertical.taps)
      columns = .identity(plan.batch * vertical.count * horizontal.count, taps: horizontal.taps)
    } else {
      batch = plan.batch
      (rows, columns) = isTurned ? (horizontal, vertical) : (vertical, horizontal)
    }
  }

  var taps: Int { rows.taps.count * columns.taps.count }

  /// Where the walk counts a tap that is number `tap` of the filter.
  func number(ofTap tap: Int) -> Int {
    isTurned ? tap % rows.taps.count * columns.taps.count + tap / rows.taps.count : tap
  }

  /// The steps between the pixels of a channels-last array that the walk reads.
  fileprivate func sourceSteps<S>(_ array: StridedArray<S>) -> (picture: Int, row: Int, column: Int) {
    let (pixel, line) = (array.shape[1], array.shape[1] * array.shape[3])
    if isFlat { return (0, 0, pixel) }
    return (line * array.shape[2], isTurned ? pixel : line, isTurned ? line : pixel)
  }

  /// The place of the first pixel in a channels-last array that the walk writes, and the steps between its pixels.
  func steps<S>(_ array: StridedArray<S>) -> (first: Int, picture: Int, row: Int, column: Int) {
    let steps = sourceSteps(array)
    return (
      rows.origin * steps.row + columns.origin * steps.column, steps.picture, rows.step * steps.row,
      columns.step * steps.column
    )
  }
}

extension GatherAxis {
  fileprivate static func identity(_ count: Int, taps: [Int]) -> GatherAxis {
    GatherAxis(count: count, origin: 0, step: 1, scale: 1, taps: taps, offsets: [0], sourceSize: count)
  }
}

/// The patches that the pixels of a phase are cut into, by their sizes alone. What a patch's windows see stays in the
/// second-level cache for all of the filter, and a part of the filter that is read serves all of a patch.
struct WindowPatches {
  let count: Int
  private let walk: WindowWalk
  private let pictures: Int
  private let rows: Int
  private let columns: Int
  private let rowParts: Int
  private let columnParts: Int

  /// Threads share at least so many pieces of work, if there are.
  static let fewest = 16
  /// Fewer multiplications than this are not worth a thread of their own.
  static let smallestPiece = 1 << 19

  /// - Parameters:
  ///   - channels: How many elements of a pixel are read.
  ///   - shares: Into how many pieces of work a patch may be cut again.
  init(_ walk: WindowWalk, channels: Int, shares: Int) {
    // Tiles have up to 14 pixels of a row.
    let (tile, smallest, largest, elements) = (14, 64, 224, 1 << 17)
    let pixels = walk.batch * walk.rows.count * walk.columns.count
    let wanted = min(max(pixels * shares / Self.fewest, smallest), largest)
    let parts = max((walk.columns.count + wanted * 5 / 4 - 1) / (wanted * 5 / 4), 1)
    columns =
      parts == 1 ? max(walk.columns.count, 1) : ((walk.columns.count / parts) + tile - 1) / tile * tile
    let width = (columns - 1) * walk.columns.scale + walk.columns.reach
    // A row more of the patch is so many rows of the source.
    let perRow = max(width * channels * min(walk.rows.scale, walk.rows.taps.count), 1)
    let around = width * channels * walk.rows.taps.count
    let most = max(1, min(wanted / columns, walk.rows.count, 1 + max(elements - around, 0) / perRow))
    self.walk = walk
    rowParts = (walk.rows.count + most - 1) / most
    // As alike as they can be.
    rows = max((walk.rows.count + max(rowParts, 1) - 1) / max(rowParts, 1), 1)
    columnParts = (walk.columns.count + columns - 1) / columns
    // Of small pictures there are several.
    let isWhole = rowParts == 1 && columnParts == 1
    let fitting = min(wanted / (rows * columns), elements / max(around + (rows - 1) * perRow, 1))
    let together = isWhole ? max(fitting, 1) : 1
    let groups = (walk.batch + together - 1) / together
    pictures = groups > 0 ? (walk.batch + groups - 1) / groups : 1
    count = (walk.batch + pictures - 1) / pictures * rowParts * columnParts
  }

  /// The pixels of a patch, but for the last ones.
  var pixels: Int { pictures * rows * columns }

  subscript(index: Int) -> ckernels_patch {
    let (row, column) = (index / columnParts % rowParts * rows, index % columnParts * columns)
    let picture = index / columnParts / rowParts * pictures
    return ckernels_patch(
      picture: picture, row: row, column: column, pictures: min(pictures, walk.batch - picture),
      rows: min(rows, walk.rows.count - row), columns: min(columns, walk.columns.count - column))
  }

  /// The pixels that a filter's gradient takes at once: what is read of them, of `channels` channels on both sides, stays in
  /// the second-level cache for all taps. With many channels the sums are larger than that, and are not gone over too often.
  static func gradientBlock(_ channels: Int) -> Int {
    let (elements, unit, smallest, largest) = (1 << 17, 64, 256, 4096)
    return min(max(elements / channels / unit * unit, smallest), largest)
  }
}

extension GatherAxis {
  /// From the first tap to the last.
  fileprivate var reach: Int { offsets.last! - offsets[0] + 1 }
}

/// What C's loops know of the pixels under the taps of a phase.
struct Windows {
  private let walk: WindowWalk
  private let source: UnsafeRawPointer
  private let steps: (picture: Int, row: Int, column: Int)

  init<S>(_ walk: WindowWalk, _ source: StridedArray<S>) {
    self.walk = walk
    self.source = UnsafeRawPointer(source.pointer)
    steps = walk.sourceSteps(source)
  }

  /// Calls `body` with the windows; they are valid meanwhile.
  func withUnsafe(_ body: (ckernels_windows) -> Void) {
    walk.rows.offsets.withUnsafeBufferPointer { rows in
      walk.columns.offsets.withUnsafeBufferPointer { columns in
        body(
          ckernels_windows(
            source: source, height: walk.rows.sourceSize, width: walk.columns.sourceSize,
            picture_step: steps.picture, row_step: steps.row, column_step: steps.column,
            rows: walk.rows.count, columns: walk.columns.count, row_scale: walk.rows.scale,
            column_scale: walk.columns.scale, row_taps: rows.count, column_taps: columns.count,
            row_offsets: rows.baseAddress, column_offsets: columns.baseAddress))
      }
    }
  }
}
