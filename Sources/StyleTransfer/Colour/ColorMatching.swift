import Tensor

/// The mean and the covariance of a picture's colours.
public struct ColorStatistics: Sendable {
  /// The mean of R, of G and of B, [3].
  public let mean: Tensor<Double>
  /// Mean products of the differences from the means, [3, 3].
  public let covariance: Tensor<Double>

  /// The statistics of a picture.
  ///
  /// - Parameter image: [1, 3, H, W] in RGB.
  /// - Precondition: It has at least one pixel.
  public init(of image: Tensor<Float>) { self.init(of: image, opacity: nil) }

  /// The statistics of what can be seen of a picture.
  ///
  /// - Parameter opacity: How much each pixel counts, [1, 1, H, W]; `nil` for all alike.
  init(of image: Tensor<Float>, opacity: Tensor<Float>?) {
    ShapeCheck.require(image.rank == 4 && image.shape[0] == 1 && image.shape[1] == 3 && image.count > 0) {
      "ColorStatistics: the picture \(image.shape) is not of the form [1, 3, H, W], or is empty"
    }
    let colors = Tensor<Double>(image).reshaped(to: [3, -1])
    if let opacity {
      let weights = Tensor<Double>(opacity).reshaped(to: [1, -1])
      let whole = Swift.max(weights.sum().scalar, .leastNormalMagnitude)
      let mean = (colors * weights).sum(axes: [1], keepingDimensions: true) / whole
      self.mean = mean.reshaped(to: [3])
      covariance = ((colors - mean) * weights.sqrt()).selfProduct() / whole
      return
    }
    let mean = colors.mean(axes: [1], keepingDimensions: true)
    self.mean = mean.reshaped(to: [3])
    covariance = (colors - mean).selfProduct() / Double(colors.shape[1])
  }
}

/// Which linear map A, of all that give a picture's colours another's covariance, A·Σ·Aᵀ = Σ*, is used.
public enum ColorMatching: String, Sendable, CaseIterable {
  /// A = L*·L⁻¹ with the Cholesky factors of Σ* and Σ. It depends on the order R, G, B.
  case cholesky
  /// A = Σ*^½·Σ^−½: whitened along the one picture's principal axes, coloured along the other's (Gatys et
  /// al., 2016).
  case pca
  /// A = Σ^−½·(Σ^½·Σ*·Σ^½)^½·Σ^−½: the symmetric one, which moves colours the least (Pitié and Kokaram,
  /// 2007).
  case symmetric
}

extension Tensor<Float> {
  /// This picture with the mean and the covariance of another's colours: A·(colour − μ) + μ* for every pixel.
  ///
  /// A millionth is added to the variances of both, so that a picture that lacks colours can be matched: one of
  /// a single colour becomes one of the reference's mean colour, a greyscale one is spread along one line of
  /// colours, and one matched to a greyscale picture becomes all but grey. Of finite pictures the result is
  /// finite; it may leave 0 … 1 and is not clamped. A picture is returned as it is when it or the reference is
  /// not finite.
  ///
  /// - Parameters:
  ///   - reference: [1, 3, H′, W′].
  ///   - method: Which of the maps that match the statistics.
  /// - Precondition: Both pictures are [1, 3, H, W] in RGB, in about 0 … 1, with at least one pixel.
  public func matchingColors(of reference: Tensor, method: ColorMatching = .symmetric) -> Tensor {
    matchingColors(from: ColorStatistics(of: self), to: ColorStatistics(of: reference), method: method)
  }

  /// This picture by the map that takes colours with one mean and covariance to others.
  func matchingColors(
    from own: ColorStatistics, to wanted: ColorStatistics, method: ColorMatching = .symmetric
  ) -> Tensor {
    // Of finite numbers both are positive definite by far more than rounding, and the map exists.
    guard let map = try? method.map(from: own.covariance, to: wanted.covariance) else { return self }
    let shift = wanted.mean - map.matrixProduct(own.mean)
    let matched = Tensor(map).matrixProduct(reshaped(to: [3, -1]))
    return (matched + Tensor(shift).reshaped(to: [3, 1])).reshaped(to: shape)
  }
}

extension ColorMatching {
  /// A, [3, 3], for covariances [3, 3].
  fileprivate func map(
    from source: Tensor<Double>, to target: Tensor<Double>
  ) throws(LinearAlgebraError) -> Tensor<Double> {
    // A deviation of a quarter of one 255th, about what rounding to bytes gives to a flat picture.
    let least: Tensor<Double> = .identity(3) * 1e-6
    let (source, target) = (source + least, target + least)
    switch self {
    case .cholesky: return try target.cholesky().matrixProduct(source.cholesky().inverse())
    case .pca: return try target.matrixSquareRoot().matrixProduct(source.matrixSquareRoot().inverse())
    case .symmetric:
      let root = try source.matrixSquareRoot()
      let inverse = try root.inverse()
      let middle = try root.matrixProduct(target).matrixProduct(root).matrixSquareRoot()
      return inverse.matrixProduct(middle).matrixProduct(inverse)
    }
  }
}
