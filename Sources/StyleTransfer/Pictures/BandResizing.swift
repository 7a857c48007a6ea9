import Tensor

/// Lanczos' resizing of pictures by bands of rows, so that beside a picture and its result only a band is in memory.
///
/// The numbers are those of resampling whole axes, the width first, to the bit. A tile, whose edges meet, is one band.
struct BandResizing {
  private let old, new: (width: Int, height: Int)
  private let across, down: PartialResampling?
  private let isPeriodic: Bool

  init(from old: (width: Int, height: Int), to new: (width: Int, height: Int), isPeriodic: Bool) {
    (self.old, self.new, self.isPeriodic) = (old, new, isPeriodic)
    func resampling(_ count: Int, _ newCount: Int) -> PartialResampling? {
      isPeriodic || count == newCount ? nil : PartialResampling(of: count, to: newCount, method: .lanczos3)
    }
    across = resampling(old.width, new.width)
    down = resampling(old.height, new.height)
  }

  /// The bands of new rows: some MB each, and of many rows beside those of the filter, which two neighbours need.
  var parts: [Range<Int>] {
    let height = isPeriodic ? new.height : max(64, (1 << 20) / new.width)
    return stride(from: 0, to: new.height, by: height).map { $0..<min($0 + height, new.height) }
  }

  /// The old rows that a band is made of.
  func sources(of part: Range<Int>) -> Range<Int> {
    if isPeriodic { return 0..<old.height }
    return down?.sources(of: part) ?? part
  }

  /// A band, [1, C, rows, W], of the old rows in ``sources(of:)``.
  func band(_ part: Range<Int>, of rows: Tensor<Float>) -> Tensor<Float> {
    if isPeriodic { return resizedTile(rows, width: new.width, height: new.height) }
    var band = rows
    if let across { band = across.resampled(band, axis: 3, part: 0..<new.width) }
    if let down { band = down.resampled(band, axis: 2, part: part) }
    return band
  }

  /// Copies a band to its place in planes of the new size, which lie one after the other.
  func copy(_ band: Tensor<Float>, _ part: Range<Int>, to planes: UnsafeMutableBufferPointer<Float>) {
    let (scalars, count) = (band.scalars, part.count * new.width)
    for plane in 0..<scalars.count / count {
      let start = (plane * new.height + part.lowerBound) * new.width
      _ = planes[start..<start + count].update(fromContentsOf: scalars[plane * count..<(plane + 1) * count])
    }
  }
}
