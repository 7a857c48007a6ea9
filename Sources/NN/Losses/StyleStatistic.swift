import Tensor

/// What of a layer's features is called its style. None of them knows where in the picture anything is.
///
/// F: features of the picture, C channels × M pixels; μ = F·1 / M their means, Σ = F·Fᵀ / M − μ·μᵀ their
/// covariance, σ² its diagonal; a star is the same of the style's. e = ‖μ*‖² + tr Σ* is the mean square
/// length of the style's features.
///
/// | | `relative`, divided by κ | other normalisations |
/// | --- | --- | --- |
/// | `gram` | ‖G − G*‖² / ‖G*‖² | see ``LossNormalization`` |
/// | `wasserstein` | W² / e | W² / C |
/// | `covariance` | ‖μ − μ*‖² / e + ‖Σ − Σ*‖² / ‖Σ*‖² | ‖μ − μ*‖² / C + ‖Σ − Σ*‖² / C² |
/// | `moments` | (‖μ − μ*‖² + ‖σ − σ*‖²) / e | (‖μ − μ*‖² + ‖σ − σ*‖²) / C |
/// | `sliced` | S² / e | S² / C |
/// | `crossLayer` | ‖G − G*‖² / ‖G*‖², G of two layers | see ``CrossLayerLoss`` |
/// | `correspondence` | ¼ L + ¾ W² / e | ¼ L + ¾ W² / C |
///
/// with S² the sum, over C orthogonal directions d, of the squared 2-Wasserstein distances between the distributions of d·F
/// and d·F*, L how much more like one patch of the style each patch is than like the others, 1 where it is as like all,
/// and W² = ‖μ − μ*‖² + tr(Σ + Σ* − 2 (Σ*^½ Σ Σ*^½)^½).
public enum StyleStatistic: String, Sendable, CaseIterable {
  /// The Gram matrix G = F·Fᵀ / M: which features go together (Gatys, Ecker and Bethge, 2015). It mixes means and
  /// covariances, and its square is ruled by the few strongest features.
  case gram
  /// The squared 2-Wasserstein distance W² of the Gaussians with these means and covariances: how far the
  /// features must be moved to be distributed as the style's. Of first degree in Σ, it also sees weak
  /// features.
  case wasserstein
  /// The means and covariances of the features, apart: the Gram matrix without its mixture.
  case covariance
  /// The means and deviations of each channel alone (the style loss of Huang and Belongie's AdaIN, 2017):
  /// cheap and calm.
  case moments
  /// The whole distributions of the features, seen along random directions that turn now and then (the sliced Wasserstein
  /// loss of Heitz, Vanhoey, Chambon and Belcour, 2021). It sorts all pixels of a layer, so that it needs the layer as a
  /// whole, and knows no weighted pixels.
  case sliced
  /// The Gram matrices of neighbouring layers: which features of a layer go together with which of the next one's in the
  /// list. A layer alone has none; see ``CrossLayerLoss``. It needs whole layers as well.
  case crossLayer = "cross-layer"
  /// The patches of features, each found in the style, where it is to be like one patch and unlike the others, and none is to
  /// be found too often (the guided correspondence of Zhou, Chen, Xiao and Huang, 2023), beside W². It alone sees what lies
  /// beside what, for which it takes the longest; it needs whole layers too, and knows no weighted pixels.
  case correspondence

  /// The factor κ of the statistic, which makes content weight 1 and style weight ½ paint strongly in ``LossNormalization/relative``.
  ///
  /// Of `gram`, without it a style weight of ½ leaves the photograph almost as it was, 5 is mild, and 20 to
  /// 50 is a convincing Starry Night (normalised weights, 256 pixels, from the content, style layers conv_2,
  /// conv_4, conv_8 and conv_16). 64 puts ½ at 32, the middle of that range on a logarithmic scale.
  /// `covariance`, a square like it, has with the same factor about the same gradient at pictures between
  /// content and noise. Of `wasserstein` 5 is strong, and `moments`, of first degree like it, has with the
  /// same factor about the same gradient.
  public var relativeScale: Double {
    switch self {
    case .gram, .covariance, .crossLayer: 64
    case .wasserstein, .moments, .sliced, .correspondence: 10
    }
  }

  /// Whether the statistic is made of sums over pixels, which can be weighted, and added up strip by strip.
  public var isMadeOfSums: Bool { reasonForWholeLayers == nil }

  /// Whether the statistic looks along directions, or at places, that turn now and then.
  public var hasTurns: Bool { self == .sliced || self == .correspondence }

  /// What keeps the statistic from being made of sums, as it is said to a user; `nil` where it is.
  package var reasonForWholeLayers: String? {
    switch self {
    case .gram, .wasserstein, .covariance, .moments: nil
    case .sliced: "sorts whole layers"
    case .crossLayer: "compares layers with each other"
    case .correspondence: "finds patches among all others"
    }
  }
}
