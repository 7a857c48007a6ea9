import NN

extension Recipe {
  /// How exactly the network computes while a picture is made; see `VGG19.Precision`.
  public enum Precision: String, Codable, CaseIterable, Sendable {
    /// In single precision.
    case full
    /// With products of bfloat16 numbers: in about two thirds of the time, to a picture that is another one and looks as
    /// good. The same objective takes some iterations more.
    case fast
    /// With features in single precision, and bfloat16 in the products of the gradient alone: in about four fifths of the
    /// time, with the objective as exact as with `full`.
    case auto

    /// What a painting on this machine uses: `full` where the processor has no products of bfloat16 numbers.
    public var used: Precision { used(isFastAvailable: VGG19.Precision.fast.isAvailable) }

    func used(isFastAvailable: Bool) -> Precision { isFastAvailable ? self : .full }

    /// The network's precision.
    var network: VGG19.Precision {
      switch used {
      case .full: .full
      case .fast: .fast
      case .auto: .fastGradient
      }
    }
  }

  /// What a user should know of the precision, where it is not the one that the recipe asks for.
  package var precisionNote: String? {
    precisionNote(isFastAvailable: VGG19.Precision.fast.isAvailable)
  }

  func precisionNote(isFastAvailable: Bool) -> String? {
    let used = precision.used(isFastAvailable: isFastAvailable)
    guard used != precision else { return nil }
    return
      "--precision \(precision.rawValue) needs a processor with products of bfloat16 numbers (AVX512-BF16), and this one "
      + "has none: it is the same as \(used.rawValue) here, and the picture differs a little from one that "
      + "was made with \(precision.rawValue)"
  }
}

extension VGG19 {
  /// The network as a painting after the recipe looks with it.
  package func looking(as recipe: Recipe) -> VGG19 {
    VGG19(
      weights: weights, pooling: recipe.pooling, padding: recipe.padding, precision: recipe.precision.network)
  }
}
