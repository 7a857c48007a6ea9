import Tensor

/// Some rows of a picture: ranges in order, with gaps between them.
struct RowSet: Equatable, Sendable {
  private(set) var ranges: [Range<Int>] = []

  init() {}

  init(_ range: Range<Int>) { formUnion(range) }

  /// How many rows there are.
  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  mutating func formUnion(_ range: Range<Int>) {
    if range.isEmpty { return }
    var (merged, rest) = (range, [Range<Int>]())
    for own in ranges {
      if own.upperBound < merged.lowerBound || own.lowerBound > merged.upperBound {
        rest.append(own)
      } else {
        merged = min(own.lowerBound, merged.lowerBound)..<max(own.upperBound, merged.upperBound)
      }
    }
    ranges = (rest + [merged]).sorted { $0.lowerBound < $1.lowerBound }
  }

  mutating func formUnion(_ other: RowSet) {
    for range in other.ranges { formUnion(range) }
  }

  func union(_ range: Range<Int>) -> RowSet {
    var result = self
    result.formUnion(range)
    return result
  }

  /// The union of what becomes of each range.
  func map(_ transform: (Range<Int>) -> Range<Int>) -> RowSet {
    var result = RowSet()
    for range in ranges { result.formUnion(transform(range)) }
    return result
  }

  /// The whole tiles of `height` rows that the rows touch, as far as they are in `bounds`; one of them begins at
  /// `origin`.
  func wholeTiles(of height: Int, from origin: Int = 0, in bounds: Range<Int>) -> RowSet {
    map { range in
      let first = (range.lowerBound - origin) / height * height + origin
      let end = (range.upperBound - origin + height - 1) / height * height + origin
      return max(first, bounds.lowerBound)..<min(end, bounds.upperBound)
    }
  }

  /// The rows that are not in `other`.
  func subtracting(_ other: RowSet) -> RowSet {
    var result = RowSet()
    for range in ranges {
      var first = range.lowerBound
      for taken in other.ranges where taken.overlaps(range) {
        result.formUnion(first..<max(first, taken.lowerBound))
        first = taken.upperBound
      }
      result.formUnion(first..<max(first, range.upperBound))
    }
    return result
  }

  /// The rows that are in `other` too.
  func intersection(_ other: RowSet) -> RowSet {
    var result = RowSet()
    for range in ranges {
      for part in other.ranges where part.overlaps(range) { result.formUnion(range.clamped(to: part)) }
    }
    return result
  }

  func contains(_ row: Int) -> Bool { ranges.contains { $0.contains(row) } }
}

/// Some rows of a picture, [1, C, rows, W], and what a step noted of them for the way back.
struct RowBand {
  enum Note {
    case nothing
    /// Where a ReLU let the numbers through.
    case mask(BitMask)
    /// Which of the four numbers a maximum was.
    case choices(WindowChoices)
  }

  let rows: Range<Int>
  let tensor: Tensor<Float>
  var note = Note.nothing
}

extension [RowBand] {
  /// Some rows that lie next to each other in one of the bands.
  func tensor(_ rows: Range<Int>) -> Tensor<Float> {
    let band = band(rows)
    return rows == band.rows ? band.tensor : band.tensor.sliced(band.places(rows), axis: 2)
  }

  /// The noted mask of some rows.
  func mask(_ rows: Range<Int>) -> BitMask? {
    let band = band(rows)
    guard case .mask(let mask) = band.note else { return nil }
    return mask.rows(band.places(rows))
  }

  /// The noted choices of some rows, for the gradient of an input of `height` rows.
  func choices(_ rows: Range<Int>, ofInputRows height: Int) -> WindowChoices? {
    let band = band(rows)
    guard case .choices(let choices) = band.note else { return nil }
    return choices.rows(band.places(rows), ofInputRows: height)
  }

  private func band(_ rows: Range<Int>) -> RowBand {
    guard
      let band = first(where: {
        $0.rows.lowerBound <= rows.lowerBound && rows.upperBound <= $0.rows.upperBound
      })
    else { ShapeCheck.fail("VGG19: the rows \(rows) are in none of the bands \(map(\.rows))") }
    return band
  }
}

extension RowBand {
  /// Some of the rows, in memory of their own.
  func copy(_ part: Range<Int>) -> RowBand {
    if part == rows { return self }
    let (places, shape) = (places(part), tensor.shape)
    var own = Tensor<Float>.uninitializedChannelsLast([1, shape[1], part.count, shape[3]])
    own[0..., 0..., 0...] = tensor.sliced(places, axis: 2)
    let ownNote: Note =
      switch note {
      case .nothing: .nothing
      case .mask(let mask): .mask(mask.rows(places))
      case .choices(let choices): .choices(choices.rows(places, ofInputRows: 2 * part.count))
      }
    return RowBand(rows: part, tensor: own, note: ownNote)
  }

  /// Bands that follow one another, as one.
  static func joined(_ bands: [RowBand]) -> RowBand {
    if bands.count == 1 { return bands[0] }
    let rows = bands[0].rows.lowerBound..<bands.last!.rows.upperBound
    let tensor = Tensor.concatenated(bands.map(\.tensor), axis: 2)
    var note = Note.nothing
    switch bands[0].note {
    case .nothing: break
    case .mask:
      let mask = Tensor<Float>.uninitializedMask(tensor.shape)
      for band in bands {
        guard case .mask(let own) = band.note else { continue }
        mask.copyRows(0..<band.rows.count, of: own, to: band.rows.lowerBound - rows.lowerBound)
      }
      note = .mask(mask)
    case .choices:
      note = .choices(
        .joined(bands.compactMap { if case .choices(let own) = $0.note { own } else { nil } }))
    }
    return RowBand(rows: rows, tensor: tensor, note: note)
  }

  fileprivate func places(_ part: Range<Int>) -> Range<Int> {
    part.lowerBound - rows.lowerBound..<part.upperBound - rows.lowerBound
  }
}
