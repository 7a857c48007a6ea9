import Foundation

/// How alike two pictures are in structure: SSIM of Wang, Bovik, Sheikh and Simoncelli, 2004.
///
///     SSIM = (2 μa μb + c₁)(2 σab + c₂) / ((μa² + μb² + c₁)(σa² + σb² + c₂)),  c₁ = 0.01², c₂ = 0.03²
///
/// Means and (co)variances are those under a Gaussian window of 11×11 pixels and σ = 1.5, and the index is
/// averaged over all places where the whole window lies inside the picture. 1 for equal pictures, about 0 for
/// unrelated ones.
///
/// The values are those of scikit-image's `structural_similarity` with `gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False`; its defaults are another index, and torchmetrics counts the borders too.
public struct StructuralSimilarity: Equatable, Sendable {
  /// The mean of the index over red, green and blue.
  public let channelMean: Double
  /// The index of the brightness, 0.299 R + 0.587 G + 0.114 B, which the paper uses.
  public let luma: Double

  /// How many pixels the window is wide; smaller pictures have no index.
  public static let windowWidth = 11

  fileprivate static let window: [Double] = {
    let radius = windowWidth / 2
    let deviation = 1.5
    let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }()
}

/// How alike two pictures are in structure at several scales: MS-SSIM of Wang, Simoncelli and Bovik, 2003.
///
///     SSIM₅^0.1333 · ∏ over the scales 1 … 4 of  CS^w,     w = 0.0448, 0.2856, 0.3001, 0.2363
///
/// SSIM is that of ``StructuralSimilarity``, CS its second factor alone, (2 σab + c₂) / (σa² + σb² + c₂), and each mean counts
/// as 0 where it is negative. Every scale has half of the pixels of the one before, each the mean of 2×2; of an odd number the
/// first stands alone, halved. 1 for equal pictures.
///
/// The values are those of pytorch-msssim 1.0's `ms_ssim`. piq and torchmetrics treat odd sides in other ways, which changes
/// the fourth digit.
public struct MultiScaleSimilarity: Equatable, Sendable {
  /// The mean of the index over red, green and blue.
  public let channelMean: Double
  /// The index of the brightness, 0.299 R + 0.587 G + 0.114 B.
  public let luma: Double

  /// The shortest side that a picture may have: the window must fit into a sixteenth of it.
  public static let minimumSize = (StructuralSimilarity.windowWidth - 1) * 16 + 1

  fileprivate static let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
}

/// Two planes of one size, which are made for some rows at a time: all at once they and what is made of them would be many
/// times as large as the pictures.
private struct PlanePair {
  let (width, height): (Int, Int)
  /// The rows of both planes in a range.
  let rows: (Range<Int>) -> (PicturePlane, PicturePlane)

  private static let rowsAtOnce = 128

  /// The means of SSIM and of its second factor over all places of the window.
  var indices: (ssim: Double, contrast: Double) {
    let places = height - StructuralSimilarity.windowWidth + 1
    var sums = (0.0, 0.0)
    for first in stride(from: 0, to: places, by: Self.rowsAtOnce) {
      let last = min(first + Self.rowsAtOnce, places)
      let (a, b) = rows(first..<last + StructuralSimilarity.windowWidth - 1)
      Self.add(a, b, to: &sums)
    }
    let count = Double(places * (width - StructuralSimilarity.windowWidth + 1))
    return (sums.0 / count, sums.1 / count)
  }

  private static func add(_ a: PicturePlane, _ b: PicturePlane, to sums: inout (Double, Double)) {
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    let window = StructuralSimilarity.window
    func smooth(_ x: PicturePlane, _ y: PicturePlane) -> [Double] {
      x.combined(with: y, *).filtered(window).values
    }
    let (meanA, meanB) = (a.filtered(window).values, b.filtered(window).values)
    let (squareA, squareB, product) = (smooth(a, a), smooth(b, b), smooth(a, b))
    for i in meanA.indices {
      let means = meanA[i] * meanB[i]
      let meanSquares = meanA[i] * meanA[i] + meanB[i] * meanB[i]
      let variances = squareA[i] + squareB[i] - meanSquares
      let contrast = (2 * (product[i] - means) + c2) / (variances + c2)
      sums.0 += (2 * means + c1) / (meanSquares + c1) * contrast
      sums.1 += contrast
    }
  }

  /// The means of 2×2 pixels; of an odd number the first is alone, with zeros beside it.
  var halved: PlanePair {
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    var (a, b): ([Double], [Double]) = ([], [])
    for first in stride(from: 0, to: halfHeight, by: Self.rowsAtOnce) {
      let wanted = first..<min(first + Self.rowsAtOnce, halfHeight)
      let shift = height % 2
      let band = max(0, 2 * wanted.lowerBound - shift)..<2 * wanted.upperBound - shift
      let (bandA, bandB) = rows(band)
      for y in wanted {
        for x in 0..<halfWidth {
          var (sumA, sumB) = (0.0, 0.0)
          for row in [2 * y - shift, 2 * y - shift + 1] where row >= 0 {
            for column in [2 * x - width % 2, 2 * x - width % 2 + 1] where column >= 0 {
              sumA += bandA[column, row - band.lowerBound]
              sumB += bandB[column, row - band.lowerBound]
            }
          }
          a.append(sumA / 4)
          b.append(sumB / 4)
        }
      }
    }
    let planes = [a, b].map { PicturePlane(width: halfWidth, height: halfHeight, values: $0) }
    return PlanePair(width: halfWidth, height: halfHeight) { (planes[0].rows($0), planes[1].rows($0)) }
  }

  /// SSIM, and MS-SSIM where the planes are large enough and it is wanted.
  func similarities(multiScale: Bool) -> (single: Double, multi: Double?) {
    let own = indices
    guard multiScale, min(width, height) >= MultiScaleSimilarity.minimumSize else { return (own.ssim, nil) }
    let weights = MultiScaleSimilarity.weights
    var product = pow(max(0, own.contrast), weights[0])
    var pair = self
    for scale in 1..<weights.count {
      pair = pair.halved
      let found = pair.indices
      product *= pow(max(0, scale == weights.count - 1 ? found.ssim : found.contrast), weights[scale])
    }
    return (own.ssim, product)
  }
}

extension PicturePlane {
  fileprivate func rows(_ rows: Range<Int>) -> PicturePlane {
    PicturePlane(
      width: width, height: rows.count,
      values: Array(values[rows.lowerBound * width..<rows.upperBound * width]))
  }
}

extension PictureComparison {
  /// SSIM; nil where a side is shorter than the window of ``StructuralSimilarity/windowWidth`` pixels.
  public var structuralSimilarity: StructuralSimilarity? { similarities(multiScale: false).single }

  /// MS-SSIM; nil where a side is shorter than ``MultiScaleSimilarity/minimumSize`` pixels.
  public var multiScaleSimilarity: MultiScaleSimilarity? { similarities(multiScale: true).multi }

  /// SSIM and MS-SSIM, of which the latter is made of the former.
  package func similarities(
    multiScale: Bool = true
  ) -> (single: StructuralSimilarity?, multi: MultiScaleSimilarity?) {
    guard min(original.width, original.height) >= StructuralSimilarity.windowWidth else { return (nil, nil) }
    func found(_ plane: @escaping (Picture, Range<Int>) -> PicturePlane) -> (single: Double, multi: Double?) {
      PlanePair(width: original.width, height: original.height) { (plane(original, $0), plane(other, $0)) }
        .similarities(multiScale: multiScale)
    }
    let channels = (0..<3).map { channel in found { $0.channel(channel, rows: $1) } }
    let luma = found { $0.luma(rows: $1) }
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    let several = channels.compactMap(\.multi)
    return (
      StructuralSimilarity(channelMean: mean(channels.map(\.single)), luma: luma.single),
      luma.multi.map { MultiScaleSimilarity(channelMean: mean(several), luma: $0) }
    )
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
