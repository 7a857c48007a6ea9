#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The filter that resampling weighs the old samples with. Each is as wide as given when an axis grows. When it
/// shrinks, all but `nearest` are stretched by the ratio of the lengths, so that nothing aliases.
public enum ResamplingMethod: String, Sendable, CaseIterable {
  /// The sample in whose share the new one's centre lies; the later one of two.
  case nearest
  /// The triangle, two samples wide: linear interpolation when an axis grows.
  case bilinear
  /// Keys' cubic, four samples wide, with a = −½, which is exact for parabolas; without antialiasing with
  /// PyTorch's a = −¾.
  case bicubic
  /// The sinc windowed by another sinc, six samples wide: the sharpest, with some ringing.
  case lanczos3

  /// How far from its centre the filter reaches.
  fileprivate var radius: Double {
    switch self {
    case .nearest: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    }
  }

  /// The weight at `x` samples from the centre.
  fileprivate func weight(_ x: Double, antialiasing: Bool) -> Double {
    let x = abs(x)
    if x >= radius { return 0 }
    switch self {
    case .nearest: return 1
    case .bilinear: return 1 - x
    case .bicubic:
      let a = antialiasing ? -0.5 : -0.75
      return x < 1
        ? ((a + 2) * x - (a + 3)) * x * x + 1
        : (((x - 5) * x + 8) * x - 4) * a
    case .lanczos3:
      if x == 0 { return 1 }
      return Self.sinc(x) * Self.sinc(x / 3)
    }
  }

  private static func sinc(_ x: Double) -> Double { sin(.pi * x) / (.pi * x) }
}

extension Tensor where Scalar: TensorScalar {
  /// The tensor with `length` samples along `axis` in place of its own: R·x along the axis. d/dx = Rᵀ·g.
  ///
  /// Sample i of n stands for the centre (i + ½)/n of its share of the axis. Row i of R holds the filter around
  /// that centre, cut at the ends of the axis and scaled to the sum 1, as PyTorch's `interpolate` does with
  /// `antialias=True, align_corners=False`, and Pillow's `resize`. Without antialiasing it is PyTorch's
  /// `antialias=False`: the filter keeps its own width when the axis shrinks, and beyond its ends the axis goes on
  /// with the last sample. `nearest` is PyTorch's `nearest-exact`.
  ///
  /// ```swift
  /// let half = image.resampled(to: 128, axis: -2, method: .bicubic).resampled(to: 192, axis: -1, method: .bicubic)
  /// ```
  ///
  /// - Parameters:
  ///   - length: The new length.
  ///   - axis: Negative ones count from the back.
  ///   - method: The filter.
  ///   - antialiasing: Whether the filter is stretched when the axis shrinks.
  ///   - isPeriodic: Whether the axis is one period of an endless one, as in a picture whose edges meet: the filter
  ///     is not cut at an end but goes on at the other.
  /// - Precondition: `length` is positive, and the axis is not empty.
  /// - Complexity: O(count of the larger of both × samples under the filter).
  public func resampled(
    to length: Int, axis: Int, method: ResamplingMethod, antialiasing: Bool = true, isPeriodic: Bool = false
  ) -> Tensor {
    let axis = ShapeCheck.axis("resampled", axis, rank: rank)
    ShapeCheck.require(length > 0 && shape[axis] > 0) {
      "resampled: axis \(axis) of \(shape) cannot have \(length) samples in place of \(shape[axis])"
    }
    if length == shape[axis] { return self }
    ShapeCheck.bandRows("resampled", length)
    if isPeriodic {
      let (matrix, border) = BandMatrix.resampling(
        period: shape[axis], to: length, method, antialiasing: antialiasing)
      var widths = [(before: Int, after: Int)](repeating: (0, 0), count: rank)
      widths[axis] = (border, border)
      return padded(widths, mode: .circular).bandProduct(matrix, axis: axis, name: "resampled")
    }
    let matrix = BandMatrix(resampling: shape[axis], to: length, method, antialiasing: antialiasing)
    return bandProduct(matrix, axis: axis, name: "resampled")
  }

  /// The product of `matrix` with the tensor along `axis`.
  func bandProduct(_ matrix: BandMatrix, axis: Int, name: StaticString) -> Tensor {
    if isMapped {
      return throughMapped { x, shift in x.bandProduct(matrix, axis: axis + shift, name: name) }
    }
    return record(
      name, Tensor(Kernels.bandProduct(matrix, array, axis: axis)),
      (self, { g in g.bandProduct(matrix.transposed(), axis: axis, name: name) }))
  }
}

/// Resampling of an axis by parts of it: the samples of a part are those of
/// ``Tensor/resampled(to:axis:method:antialiasing:isPeriodic:)``, to the bit, and so a large picture needs no second one in
/// memory that has its old length along one axis and its new length along another.
package struct PartialResampling: Sendable {
  private let matrix: BandMatrix

  /// From `count` samples to `newCount`.
  package init(of count: Int, to newCount: Int, method: ResamplingMethod) {
    matrix = BandMatrix(resampling: count, to: newCount, method)
  }

  /// The old samples that the new ones in `part` are made of.
  package func sources(of part: Range<Int>) -> Range<Int> {
    let ends = part.map { matrix.starts[$0] + matrix.bounds[$0 + 1] - matrix.bounds[$0] }
    return (part.map { matrix.starts[$0] }.min() ?? 0)..<(ends.max() ?? 0)
  }

  /// The new samples in `part`, of a tensor that has ``sources(of:)`` them along `axis`.
  package func resampled(_ x: Tensor<Float>, axis: Int, part: Range<Int>) -> Tensor<Float> {
    let sources = sources(of: part)
    ShapeCheck.require(x.shape[axis] == sources.count) {
      "resampled: the samples \(part) are made of \(sources.count), not of \(x.shape[axis])"
    }
    let rows = part.map { row in
      (
        start: matrix.starts[row] - sources.lowerBound,
        entries: Array(matrix.entries[matrix.bounds[row]..<matrix.bounds[row + 1]])
      )
    }
    return x.bandProduct(BandMatrix(columnCount: sources.count, rows: rows), axis: axis, name: "resampled")
  }
}

extension ShapeCheck {
  /// Traps unless there may be memory for a ``BandMatrix`` with `count` rows.
  static func bandRows(_ operation: String, _ count: Int) {
    memory(operation, for: count, of: (start: Int, entries: [Double]).self)
  }
}

extension BandMatrix {
  /// The matrix that resamples `count` samples to `newCount`.
  convenience init(
    resampling count: Int, to newCount: Int, _ method: ResamplingMethod, antialiasing: Bool = true
  ) {
    self.init(
      columnCount: count,
      rows: (0..<newCount).map { row in
        if method == .nearest { return (start: (2 * row + 1) * count / (2 * newCount), entries: [1]) }
        return antialiasing
          ? Self.stretchedRow(row, of: newCount, from: count, method)
          : Self.interpolatingRow(row, of: newCount, from: count, method)
      })
  }

  /// The matrix that resamples one period of `count` samples to `newCount`, and how many samples of the periods before
  /// and after it reads as well.
  static func resampling(
    period count: Int, to newCount: Int, _ method: ResamplingMethod, antialiasing: Bool
  ) -> (matrix: BandMatrix, border: Int) {
    if method == .nearest { return (BandMatrix(resampling: count, to: newCount, method), 0) }
    let rows = (0..<newCount).map {
      antialiasing
        ? stretchedRow($0, of: newCount, from: count, method, isCut: false)
        : interpolatingRow($0, of: newCount, from: count, method, isCut: false)
    }
    let border = rows.map { max(-$0.start, $0.start + $0.entries.count - count, 0) }.max() ?? 0
    if border <= count {
      return (
        BandMatrix(columnCount: count + 2 * border, rows: rows.map { ($0.start + border, $0.entries) }),
        border
      )
    }
    // A filter wider than that meets the same samples again.
    let folded = rows.map { row in
      var whole = [Double](repeating: 0, count: count)
      for (offset, entry) in row.entries.enumerated() {
        whole[((row.start + offset) % count + count) % count] += entry
      }
      return (start: 0, entries: whole)
    }
    return (BandMatrix(columnCount: count, rows: folded), 0)
  }

  /// The filter as wide as the new samples lie apart, cut at the ends of the axis or going on beyond them.
  private static func stretchedRow(
    _ row: Int, of newCount: Int, from count: Int, _ method: ResamplingMethod, isCut: Bool = true
  ) -> (start: Int, entries: [Double]) {
    let ratio = Double(count) / Double(newCount)
    let stretch = max(ratio, 1)
    let reach = method.radius * stretch
    let centre = (Double(row) + 0.5) * ratio
    // The samples whose centres, at half numbers, lie within reach.
    var (start, end) = (Int((centre - reach + 0.5).rounded(.down)), Int(centre + reach + 0.5))
    if isCut { (start, end) = (max(start, 0), min(end, count)) }
    let weights = (start..<end).map {
      method.weight((Double($0) + 0.5 - centre) / stretch, antialiasing: true)
    }
    let sum = weights.reduce(0, +)
    return (start, weights.map { $0 / sum })
  }

  /// The filter among its nearest samples, of which those beyond the ends are the last ones again where it is cut.
  private static func interpolatingRow(
    _ row: Int, of newCount: Int, from count: Int, _ method: ResamplingMethod, isCut: Bool = true
  ) -> (start: Int, entries: [Double]) {
    let place = (Double(row) + 0.5) * (Double(count) / Double(newCount)) - 0.5
    let (before, reach) = (Int(place.rounded(.down)), Int(method.radius))
    let samples = before - reach + 1...before + reach
    func clamped(_ sample: Int) -> Int { isCut ? min(max(sample, 0), count - 1) : sample }
    let start = clamped(samples.lowerBound)
    var weights = [Double](repeating: 0, count: clamped(samples.upperBound) - start + 1)
    for sample in samples {
      weights[clamped(sample) - start] += method.weight(Double(sample) - place, antialiasing: false)
    }
    let sum = weights.reduce(0, +)
    return (start, weights.map { $0 / sum })
  }
}
