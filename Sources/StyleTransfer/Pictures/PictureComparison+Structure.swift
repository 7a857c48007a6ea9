import Foundation

/// How alike two pictures are in structure: SSIM of Wang, Bovik, Sheikh and Simoncelli, 2004.
///
///     SSIM = (2 μa μb + c₁)(2 σab + c₂) / ((μa² + μb² + c₁)(σa² + σb² + c₂)),  c₁ = 0.01², c₂ = 0.03²
///
/// Means and (co)variances are those under a Gaussian window of 11×11 pixels and σ = 1.5, and the index is
/// averaged over all places where the whole window lies inside the picture. 1 for equal pictures, about 0 for
/// unrelated ones.
package struct StructuralSimilarity: Equatable {
  /// The mean of the index over red, green and blue.
  package let channelMean: Double
  /// The index of the brightness, 0.299 R + 0.587 G + 0.114 B, which the paper uses.
  package let luma: Double

  /// How many pixels the window is wide; smaller pictures have no index.
  package static let windowWidth = 11

  fileprivate static let window: [Double] = {
    let radius = windowWidth / 2
    let deviation = 1.5
    let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()

  /// The mean index of two planes of one size, which are made for some rows at a time: all at once they and what is made
  /// of them would be many times as large as the pictures.
  ///
  /// - Parameter rows: The rows of both planes in a range.
  fileprivate static func index(
    width: Int, height: Int, _ rows: (Range<Int>) -> (PicturePlane, PicturePlane)
  ) -> Double {
    let places = height - windowWidth + 1
    var sum = 0.0
    for first in stride(from: 0, to: places, by: rowsAtOnce) {
      let (a, b) = rows(first..<min(first + rowsAtOnce, places) + windowWidth - 1)
      add(a, b, to: &sum)
    }
    return sum / Double(places * (width - windowWidth + 1))
  }

  private static let rowsAtOnce = 128

  private static func add(_ a: PicturePlane, _ b: PicturePlane, to sum: inout Double) {
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    func smooth(_ x: PicturePlane, _ y: PicturePlane) -> [Double] {
      x.combined(with: y, *).filtered(window).values
    }
    let (meanA, meanB) = (a.filtered(window).values, b.filtered(window).values)
    let (squareA, squareB, product) = (smooth(a, a), smooth(b, b), smooth(a, b))
    for i in meanA.indices {
      let means = meanA[i] * meanB[i]
      let meanSquares = meanA[i] * meanA[i] + meanB[i] * meanB[i]
      let variances = squareA[i] + squareB[i] - meanSquares
      sum += (2 * means + c1) * (2 * (product[i] - means) + c2) / ((meanSquares + c1) * (variances + c2))
    }
  }
}

extension PictureComparison {
  /// SSIM; nil where a side is shorter than the window of ``StructuralSimilarity/windowWidth`` pixels.
  package var structuralSimilarity: StructuralSimilarity? {
    guard min(original.width, original.height) >= StructuralSimilarity.windowWidth else { return nil }
    func index(_ plane: (Picture, Range<Int>) -> PicturePlane) -> Double {
      StructuralSimilarity.index(width: original.width, height: original.height) {
        (plane(original, $0), plane(other, $0))
      }
    }
    let indices = (0..<3).map { channel in index { $0.channel(channel, rows: $1) } }
    return StructuralSimilarity(
      channelMean: indices.reduce(0, +) / Double(indices.count), luma: index { $0.luma(rows: $1) })
  }

  /// The share, 0…1, of the original's edges that are edges in the other picture, at the very same pixels.
  ///
  /// An edge is a pixel whose brightness is at least as steep as `threshold`: see ``PicturePlane/edges``.
  ///
  /// - Parameter threshold: A step in brightness, in 0…1. A tenth keeps outlines and passes over grain.
  /// - Returns: nil if the original has no edges.
  package func keptEdges(threshold: Double = 0.1) -> Double? {
    let pairs = zip(original.luma.edges.values, other.luma.edges.values).filter { $0.0 >= threshold }
    if pairs.isEmpty { return nil }
    return Double(pairs.count { $0.1 >= threshold }) / Double(pairs.count)
  }
}
