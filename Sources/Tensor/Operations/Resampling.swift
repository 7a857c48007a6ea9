#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The filter that resampling weighs the old samples with. Each is as wide as given when an axis grows, and
/// stretched by the ratio of the lengths when it shrinks, so that nothing aliases.
public enum ResamplingMethod: String, Sendable, CaseIterable {
  /// The triangle, two samples wide: linear interpolation when an axis grows.
  case bilinear
  /// Keys' cubic with a = −½, four samples wide, exact for parabolas.
  case bicubic
  /// The sinc windowed by another sinc, six samples wide: the sharpest, with some ringing.
  case lanczos3

  /// How far from its centre the filter reaches.
  fileprivate var radius: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    }
  }

  /// The weight at `x` samples from the centre.
  fileprivate func weight(_ x: Double) -> Double {
    let x = abs(x)
    if x >= radius { return 0 }
    switch self {
    case .bilinear: return 1 - x
    case .bicubic:
      let a = -0.5
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

extension Tensor {
  /// The tensor with `length` samples along `axis` in place of its own, filtered so that shrinking does not
  /// alias: R·x along the axis. d/dx = Rᵀ·g.
  ///
  /// Sample i of n stands for the centre (i + ½)/n of its share of the axis. Row i of R holds the filter around
  /// that centre, cut at the ends of the axis and scaled to the sum 1, as PyTorch's `interpolate` does with
  /// `antialias=True, align_corners=False`, and Pillow's `resize`.
  ///
  /// ```swift
  /// let half = image.resampled(axis: -2, to: 128, method: .bicubic).resampled(axis: -1, to: 192, method: .bicubic)
  /// ```
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the back.
  ///   - length: The new length.
  ///   - method: The filter.
  /// - Precondition: `length` is positive, and the axis is not empty.
  /// - Complexity: O(count of the larger of both × samples under the filter).
  public func resampled(axis: Int, to length: Int, method: ResamplingMethod) -> Tensor {
    let axis = ShapeCheck.axis("resampled", axis, rank: rank)
    ShapeCheck.require(length > 0 && shape[axis] > 0) {
      "resampled: axis \(axis) of \(shape) cannot have \(length) samples in place of \(shape[axis])"
    }
    if length == shape[axis] { return self }
    let matrix = BandMatrix(resampling: shape[axis], to: length, method)
    return bandProduct(matrix, axis: axis)
  }

  private func bandProduct(_ matrix: BandMatrix, axis: Int) -> Tensor {
    record(
      "resampled", Tensor(Kernels.bandProduct(matrix, array, axis: axis)),
      (self, { g in g.bandProduct(matrix.transposed(), axis: axis) }))
  }
}

extension BandMatrix {
  /// The matrix that resamples `count` samples to `newCount`.
  convenience init(resampling count: Int, to newCount: Int, _ method: ResamplingMethod) {
    let ratio = Double(count) / Double(newCount)
    let stretch = max(ratio, 1)
    let reach = method.radius * stretch
    let rows = (0..<newCount).map { row -> (start: Int, entries: [Double]) in
      let centre = (Double(row) + 0.5) * ratio
      // The samples whose centres, at half numbers, lie within reach.
      let start = max(Int(centre - reach + 0.5), 0)
      let end = min(Int(centre + reach + 0.5), count)
      let weights = (start..<end).map { method.weight((Double($0) + 0.5 - centre) / stretch) }
      let sum = weights.reduce(0, +)
      return (start, weights.map { $0 / sum })
    }
    self.init(columnCount: count, rows: rows)
  }
}
