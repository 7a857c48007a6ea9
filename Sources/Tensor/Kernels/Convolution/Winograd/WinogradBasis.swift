/// The matrices of Winograd's F(4×4, 3×3): 16 outputs of a 3×3 convolution from a 6×6 patch with 36 products
/// instead of 144.
///
/// In one dimension, 4 outputs y of a filter g of 3 taps over 6 samples d:
///
///     y = Aᵀ [(G g) ∘ (Bᵀ d)],  so that in two  Y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A
///
/// Everything here follows from the interpolation points alone: 0, ±√½, ±√2 and ∞. They are closed under
/// inversion, and the filter's rows are scaled to `[1/p, 1, p]`; turning a filter round then only exchanges the
/// points p and 1/p (`reversal`), so that the filters transformed for a convolution also serve its gradient.
///
/// The kernels hold these numbers as constants, worked out by hand; the tests compare the two.
enum WinogradBasis {
  /// Outputs, filter taps and samples of a tile, along one axis.
  static let outputs = 4
  static let taps = 3
  static let samples = 6

  /// The products of one tile.
  static let frequencies = samples * samples

  /// A point of interpolation; `nil` is ∞.
  static let points: [Double?] = [
    0, 0.5.squareRoot(), -0.5.squareRoot(), 2.0.squareRoot(), -2.0.squareRoot(), nil,
  ]

  /// G, 6 × 3: `[1/p, 1, p] / 3` for a point p that has an inverse, `[1, 0, 0]` for 0 and `[0, 0, 1]` for ∞.
  static let filterRows: [[Double]] = points.map { point in
    guard let p = point else { return [0, 0, 1] }
    return p == 0 ? [1, 0, 0] : [1 / (3 * p), 1.0 / 3, p / 3]
  }

  /// Aᵀ's columns, 6 × 4: `[1/p, 1, p, p²]`.
  static let outputColumns: [[Double]] = points.map { point in
    guard let p = point else { return [0, 0, 0, 1] }
    return p == 0 ? [1, 0, 0, 0] : [1 / p, 1, p, p * p]
  }

  /// Bᵀ, 6 × 6: the coefficients of ∏ (x − q) over all other finite points q, which is 0 at each of them, divided
  /// by its value at p and by the scales of the two other matrices.
  static let inputRows: [[Double]] = points.map { point in
    var polynomial = [1.0]
    for other in points where other != point {
      guard let q = other else { continue }
      let shifted = [0] + polynomial
      let scaled = polynomial.map { -q * $0 } + [0]
      polynomial = zip(shifted, scaled).map { $0 + $1 }
    }
    polynomial += Array(repeating: 0, count: samples - polynomial.count)
    guard let p = point, p != 0 else { return polynomial }
    let value = points.reduce(1.0) { product, other in
      guard let q = other, q != p else { return product }
      return product * (p - q)
    }
    return polynomial.map { 3 * p * p / value * $0 }
  }

  /// For every point, the index of its inverse: row `reversal[i]` of G is row i read backwards.
  static let reversal = points.map { point in
    points.indices.min {
      distance(points[$0], fromInverseOf: point) < distance(points[$1], fromInverseOf: point)
    }!
  }

  /// The frequency of the turned filter at each frequency of the filter.
  static let reversedFrequency = (0..<frequencies).map { f in
    reversal[f / samples] * samples + reversal[f % samples]
  }

  private static func distance(_ candidate: Double?, fromInverseOf point: Double?) -> Double {
    guard let point else { return candidate == 0 ? 0 : .infinity }
    guard let candidate else { return point == 0 ? 0 : .infinity }
    return point == 0 ? .infinity : abs(candidate - 1 / point)
  }
}
