/// The matrices of Winograd's F(4×4, 3×3): 16 outputs of a 3×3 convolution from a 6×6 patch with 36 products
/// instead of 144.
///
/// In one dimension, 4 outputs y of a filter g of 3 taps over 6 samples d:
///
///     y = Aᵀ [(G g) ∘ (Bᵀ d)],  so that in two  Y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A
///
/// Everything here follows from the interpolation points alone: 0, ±√½, ±√2 and ∞. They are closed under
/// inversion, and the filter's rows are scaled to `[1/p, 1, p]`; turning a filter round then only exchanges the
/// points p and 1/p, and a convolution and its gradient round alike.
///
/// The kernels hold these numbers as constants, worked out by hand; the tests compare the two.
enum WinogradBasis {
  /// Outputs, filter taps and samples of a tile, along one axis.
  static let outputs = 4
  static let taps = 3
  static let samples = 6

  /// The taps of a filter.
  static let tapCount = taps * taps

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

  /// The rows of frequencies at which filters are transformed together: those of 0 and ∞, and of each ±p.
  static let pairs = [(0, 5), (1, 2), (3, 4)]
  static let frequenciesInPair = 2 * samples

  /// The frequency that a filter's matrix number `matrix` belongs to, pair after pair.
  static func frequency(ofMatrix matrix: Int) -> Int {
    let rows = pairs[matrix / frequenciesInPair]
    let place = matrix % frequenciesInPair
    return (place < samples ? rows.0 : rows.1) * samples + place % samples
  }
}
