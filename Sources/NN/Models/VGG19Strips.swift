import Tensor

extension VGG19 {
  /// How a pass is run by strips of rows, so that the features of its wide layers are never there as a whole.
  ///
  /// The first part of a pass is cut into segments, each from one pooling to a later one. Between segments a whole
  /// output is kept; inside of one, strips of rows go through it one after the other, each with as many rows around
  /// it as its convolutions see. On the way back a strip is computed again. No bit of the result depends on the
  /// strips: they begin with tiles of the convolutions and with groups of ``PixelSums``.
  package struct Strips: Hashable, Sendable {
    /// The steps behind the pooling before, or from the picture on, up to a pooling.
    package struct Segment: Hashable, Sendable {
      /// The number of the pooling that the segment ends with, 1 ... 5.
      package var pooling: Int
      /// The rows of the segment's input that a strip has, at least: what is rounded up to whole groups.
      package var height: Int

      package init(pooling: Int, height: Int) { (self.pooling, self.height) = (pooling, height) }
    }

    /// In the order of computation.
    package var segments: [Segment]
    /// Whether filters stay in the order in which they are transformed, once for each direction. Else each is put in order
    /// when it is needed, on the way there and on the way back, which large pictures hardly notice.
    package var keepsFilters: Bool

    package init(_ segments: [Segment], keepsFilters: Bool = true) {
      (self.segments, self.keepsFilters) = (segments, keepsFilters)
    }

    /// All in one piece.
    package static let none = Strips([])
  }
}

extension VGG19.Strips {
  /// The segments of a program as ranges of its steps, as far as it has them; the rest is run in one piece.
  package func ranges(of program: [VGG19.Step]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    // The pre-processing comes first.
    var first = 1
    for segment in segments {
      let poolings = program.indices.filter { if case .pool = program[$0] { true } else { false } }
      guard segment.pooling <= poolings.count else { break }
      var end = poolings[segment.pooling - 1] + 1
      if end <= first { continue }
      // What still belongs to the block: the ReLU behind the pooling, and layers that go to their losses.
      loop: while end < program.count {
        switch program[end] {
        case .rectify, .deliver: end += 1
        default: break loop
        }
      }
      ranges.append(first..<end)
      first = end
    }
    return ranges
  }
}

extension VGG19.Strips {
  /// The segments that can be run by strips, in order.
  func geometries(
    of program: [VGG19.Step], _ sized: [VGG19.SizedStep]
  ) -> [(range: Range<Int>, geometry: StripGeometry)] {
    zip(segments, ranges(of: program)).prefix { StripGeometry.isPossible(Array(sized[$1])) }
      .map { ($1, StripGeometry(Array(sized[$1]), height: $0.height)) }
  }
}

/// One segment of a pass that is run by strips: which rows of what each strip needs.
struct StripGeometry: Sendable {
  let steps: [VGG19.Step]
  /// The sizes of what the steps work on: the input's, then the output of each.
  let extents: [VGG19.Extent]
  /// Rows of the output that one strip has; the last one may have fewer.
  private let rowsInStrip: Int

  /// - Parameters:
  ///   - sized: The segment's steps for the picture.
  ///   - height: The rows of the input that a strip has at least.
  init(_ sized: [VGG19.SizedStep], height: Int) {
    steps = sized.map(\.step)
    extents = [sized[0].input] + sized.map(\.output)
    let poolings = Self.poolings(in: steps[...])
    var alignment = max(1, ConvolutionRows.tileHeight >> poolings)
    for (index, step) in steps.enumerated() {
      guard case .keep = step else { continue }
      let group = PixelSums<Float>.groupHeight(width: extents[index].width)
      alignment = max(alignment, group >> Self.poolings(in: steps[index...]))
    }
    rowsInStrip = (max(1, height >> poolings) + alignment - 1) / alignment * alignment
  }

  /// Whether the segment can be run by strips: reflected frames need a second row and column everywhere.
  static func isPossible(_ sized: [VGG19.SizedStep]) -> Bool {
    sized.allSatisfy { min($0.input.height, $0.input.width, $0.output.height, $0.output.width) >= 2 }
  }

  private static func poolings(in steps: ArraySlice<VGG19.Step>) -> Int {
    steps.count { if case .pool = $0 { true } else { false } }
  }

  /// The strips as rows of the output.
  var strips: [Range<Int>] {
    let height = extents.last!.height
    return stride(from: 0, to: height, by: rowsInStrip).map { $0..<min($0 + rowsInStrip, height) }
  }

  /// The rows of the value before step `index` that belong to a strip of the output and to no other.
  func ownedRows(_ index: Int, of strip: Range<Int>) -> Range<Int> {
    let shift = Self.poolings(in: steps[index...])
    let isLast = strip.upperBound == extents.last!.height
    return strip.lowerBound << shift..<(isLast ? extents[index].height : strip.upperBound << shift)
  }

  /// The rows of every output that a strip needs to be passed on and added up.
  func rowsForward(_ strip: Range<Int>) -> [RowSet] {
    var wanted = [RowSet](repeating: RowSet(), count: extents.count)
    wanted[steps.count] = RowSet(strip)
    for (index, step) in steps.enumerated() {
      if case .keep = step { wanted[index].formUnion(ownedRows(index, of: strip)) }
    }
    return wanted
  }

  /// The rows of the input and of every output that must be there so that `wanted` rows of each are, and those of them
  /// that must be computed.
  ///
  /// - Parameter present: Rows of outputs that are there from the strip before; whole tiles.
  func rowsToCompute(
    _ wanted: [RowSet], beside present: [RowSet]? = nil
  ) -> (needed: [RowSet], missing: [RowSet]) {
    var needs = wanted
    var missing = [RowSet](repeating: RowSet(), count: extents.count)
    for index in steps.indices.reversed() {
      let height = extents[index].height
      if case .convolve = steps[index] {
        needs[index + 1] = needs[index + 1].wholeTiles(of: ConvolutionRows.tileHeight, in: 0..<height)
      }
      missing[index + 1] = present.map { needs[index + 1].subtracting($0[index + 1]) } ?? needs[index + 1]
      switch steps[index] {
      case .convolve(_, let border, _):
        for rows in missing[index + 1].ranges {
          needs[index].formUnion(rows.reach(in: height))
          // A frame shows other rows.
          for row in [rows.lowerBound - 1, rows.upperBound] {
            if let shown = border.row(shownAt: row, height: height) {
              needs[index].formUnion(shown..<shown + 1)
            }
          }
        }
      case .pool:
        needs[index].formUnion(missing[index + 1].map { 2 * $0.lowerBound..<2 * $0.upperBound })
      case .rectify: needs[index].formUnion(missing[index + 1])
      // What these pass on is there or not with what they read.
      case .normalize, .keep, .deliver: needs[index].formUnion(needs[index + 1])
      }
    }
    return (needs, missing)
  }

  /// The rows of outputs that a strip can hand on to the next one: what both need by themselves, and the next one really
  /// uses, in whole tiles.
  ///
  /// - Parameters:
  ///   - wanted: The rows of each output that the strip is there for.
  ///   - next: Those that the next one is there for.
  func rowsCarriedOver(from wanted: [RowSet], to next: [RowSet]) -> [RowSet] {
    let common = zip(rowsToCompute(wanted).needed, rowsToCompute(next).needed).map { $0.intersection($1) }
    return zip(common, rowsToCompute(next, beside: common).needed).map { $0.intersection($1) }
  }

  /// The rows of the input and of every output whose gradients must be computed for those of some rows of the input.
  func rowsOfGradients(_ input: Range<Int>) -> [RowSet] {
    var rows = [RowSet](repeating: RowSet(), count: extents.count)
    rows[0] = RowSet(input)
    for (index, step) in steps.enumerated() {
      let height = extents[index].height
      switch step {
      case .convolve(_, .zero, _):
        rows[index] = rows[index].wholeTiles(of: ConvolutionRows.tileHeight, in: 0..<height)
        rows[index + 1] = rows[index].map { $0.reach(in: height) }
      case .convolve(_, let border, _):
        rows[index + 1] = framedRows(rows[index], border, height).map { $0.reach(in: height) }
      case .pool:
        rows[index] = rows[index].wholeTiles(of: 2, in: 0..<height)
        let outputHeight = extents[index + 1].height
        rows[index + 1] = rows[index].map { $0.lowerBound / 2..<min(($0.upperBound + 1) / 2, outputHeight) }
      case .normalize, .rectify, .keep, .deliver: rows[index + 1] = rows[index]
      }
    }
    return rows
  }

  /// The rows of outputs that the gradients of some rows are worked out from: where there are notes to take, and
  /// features of layers with losses.
  func rowsForGradients(_ rows: [RowSet]) -> [RowSet] {
    var wanted = [RowSet](repeating: RowSet(), count: extents.count)
    for (index, step) in steps.enumerated() {
      switch step {
      case .convolve(_, _, rectifying: true), .rectify, .pool(.max):
        wanted[index + 1].formUnion(rows[index + 1])
      case .keep: wanted[index].formUnion(rows[index])
      default: break
      }
    }
    return wanted
  }

  /// The rows of a framed picture, −1 ... height, whose gradients those of some of the picture's rows are made of, in
  /// whole tiles: these begin with the frame's upper row.
  func framedRows(_ rows: RowSet, _ border: PaddingMode, _ height: Int) -> RowSet {
    var framed = rows
    for row in [-1, height] where rows.contains(border.row(shownAt: row, height: height) ?? height) {
      framed.formUnion(row..<row + 1)
    }
    return framed.wholeTiles(of: ConvolutionRows.tileHeight, from: -1, in: -1..<height + 1)
  }
}

extension Range<Int> {
  /// The rows that a 3×3 convolution's output or gradient of these rows sees of a picture of `height` rows.
  func reach(in height: Int) -> Range {
    Swift.max(lowerBound - 1, 0)..<Swift.min(upperBound + 1, height)
  }
}

extension PaddingMode {
  /// The row that stands in the row above or below a picture of `height` rows, 2 at least; `nil` for zeros, and for rows
  /// of the picture itself.
  func row(shownAt row: Int, height: Int) -> Int? {
    guard row == -1 || row == height else { return nil }
    let isAbove = row < 0
    switch self {
    case .zero: return nil
    case .reflect: return isAbove ? 1 : height - 2
    case .replicate: return isAbove ? 0 : height - 1
    case .circular: return isAbove ? height - 1 : 0
    }
  }
}
