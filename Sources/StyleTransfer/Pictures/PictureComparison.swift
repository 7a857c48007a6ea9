import Foundation

/// How far a picture is from another of its size, in numbers that do not depend on a network.
///
/// Colours are RGB in 0…1 as they are stored (not linear light); transparent pictures are compared over white.
public struct PictureComparison: Sendable {
  package let original: Picture
  package let other: Picture

  /// The comparison of `other` with `original`.
  ///
  /// - Precondition: Both pictures have one size.
  public init(_ original: Picture, _ other: Picture) {
    precondition(
      original.width == other.width && original.height == other.height,
      "PictureComparison: \(original.width)×\(original.height) and \(other.width)×\(other.height) differ")
    self.original = original.overWhite
    self.other = other.overWhite
  }

  /// The mean of (a − b)² over all pixels and channels.
  public var meanSquaredError: Double {
    let sum = zip(original.colour, other.colour).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    return sum / Double(original.colour.count)
  }

  /// The peak signal-to-noise ratio in decibels, −10 · log₁₀ of ``meanSquaredError``; ∞ for equal pictures.
  public var peakSignalToNoiseRatio: Double {
    let error = meanSquaredError
    return error == 0 ? .infinity : -10 * log10(error)
  }

  /// The difference made visible: ½ + gain · (b − a), cut to 0…1. Grey where the pictures agree.
  package func differencePicture(gain: Float) -> Picture {
    Picture(
      width: original.width, height: original.height,
      colour: zip(original.colour, other.colour).map { min(max(0.5 + gain * ($1 - $0), 0), 1) })
  }

  /// b − a of each channel.
  package var differences: [PicturePlane] {
    zip(original.channels, other.channels).map { $0.combined(with: $1) { $1 - $0 } }
  }
}
