/// How losses are measured: which factors the systems of the literature differ by.
///
/// F: features of the picture, P: of the content, C channels × M pixels; G = F·Fᵀ / M: the picture's Gram
/// matrix for a pixel, A: the style's.
///
/// | | content | style | layers |
/// | --- | --- | --- | --- |
/// | `relative` | ‖F − P‖² / ‖P‖² | κ ‖G − A‖² / ‖A‖² | averaged |
/// | `mean` | ‖F − P‖² / (C·M) | ‖G − A‖² / C⁴ | added |
/// | `sum` | ½ ‖F − P‖² | ‖G − A‖² / (4 C²) | averaged |
/// | `study` | ‖F − P‖² / (C·M) | M² ‖G − A‖² / C⁶ | added |
///
/// Each is its source's formula when both pictures have the same number of pixels. They need not have: Gram
/// matrices are compared for a pixel, where the sources compare sums that grow with the picture. κ is
/// ``StyleStatistic/relativeScale``; of the other statistics than Gram matrices there is `relative` and one
/// formula for the rest.
public enum LossNormalization: String, Sendable, CaseIterable {
  /// Losses as a part of the target's own size. Such a loss depends neither on the scale of the weights nor on the size of
  /// the picture, so that one setting serves them all.
  case relative
  /// Losses as mean squares, with Gram matrices divided by C·M, as in neural-style and in PyTorch's tutorial.
  case mean
  /// Losses as sums, as printed by Gatys, Ecker and Bethge in 2015: Σ(G′ − A′)² / (4 C² M²) with G′ = F·Fᵀ.
  case sum
  /// Losses as mean squares, with Gram matrices divided by C² and not by M, as in the reference study.
  case study

  /// Whether a term is the weighted average of its layers' losses, rather than their weighted sum.
  public var averagesLayers: Bool {
    switch self {
    case .relative, .sum: true
    case .mean, .study: false
    }
  }
}

extension LossNormalization {
  /// What Σ(F − P)² is multiplied by.
  ///
  /// - Parameters:
  ///   - targetSquare: ‖P‖².
  ///   - count: The number of elements of F; of weighted pixels C times the sum of the weights.
  func contentScale(targetSquare: Double, count: Double) -> Double {
    switch self {
    // Nothing is a part of zero: a target of zeros is compared by the mean.
    case .relative: 1 / (targetSquare > 0 ? targetSquare : count)
    case .mean, .study: 1 / count
    case .sum: 0.5
    }
  }

  /// What Σ(G − A)² is multiplied by.
  ///
  /// - Parameters:
  ///   - targetSquare: ‖A‖².
  ///   - channels: C; of products of two layers the root of their channels' product.
  ///   - pixels: M, of the picture's features; of weighted ones the sum of the weights.
  func gramScale(targetSquare: Double, channels c: Double, pixels m: Double) -> Double {
    switch self {
    case .relative: return StyleStatistic.gram.relativeScale / (targetSquare > 0 ? targetSquare : c * c)
    // The mean over C² elements of (G / C − A / C)².
    case .mean: return 1 / (c * c * c * c)
    // Σ(M G − M A)² / (4 C² M²).
    case .sum: return 1 / (4 * c * c)
    // The mean over C² elements of (M G / C² − M A / C²)².
    case .study: return m * m / (c * c * c * c * c * c)
    }
  }
}
