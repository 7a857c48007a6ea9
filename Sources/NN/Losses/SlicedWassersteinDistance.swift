import Tensor

/// The squared sliced 2-Wasserstein distance of the features' whole distributions: along each of C directions that are
/// orthogonal to each other, the distance of the sorted projections from those of the style (Heitz, Vanhoey, Chambon and
/// Belcour, A Sliced Wasserstein Loss for Neural Texture Synthesis, 2021).
///
///     scale · Σ over the directions d of  mean over the pixels i of  (p[i] − q[i])²
///
/// p are the projections d·F in order, q the style's, of which each stands for as many pixels of the picture as its part
/// of the style is: the mean of their quantiles over [i/M, (i + 1)/M]. The paper draws directions that are independent;
/// orthogonal ones see the mean square of all features exactly, and less of the loss changes with the draw.
///
/// A direction that is never drawn is never matched, so directions turn now and then: see ``turned(to:seed:)``. In between
/// the loss is one function, which L-BFGS needs.
struct SlicedWassersteinDistance<Scalar: TensorScalar>: StyleDistance {
  /// The style's features, [N, C, M*].
  private let features: Tensor<Scalar>
  /// The directions, [C, C]: one in each row.
  private let directions: Tensor<Scalar>
  private let quantiles: Quantiles
  private let scale: Double
  let ofZeroFeatures: Double

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization) {
    let own = features.features!
    let (batch, channels) = (own.shape[0], own.shape[1])
    let flat = own.reshaped(to: [batch, channels, -1])
    let square = Vectors.squaredNorm(flat) / Double(flat.shape[2])
    let scale =
      normalization == .relative
      ? NN.scale(StyleStatistic.sliced.relativeScale, of: square) : 1 / Double(channels)
    self.init(flat.lasting(), scale: scale, ofZeroFeatures: scale * square, turn: 0, seed: 0)
  }

  private init(_ features: Tensor<Scalar>, scale: Double, ofZeroFeatures: Double, turn: Int, seed: UInt64) {
    (self.features, self.scale, self.ofZeroFeatures) = (features, scale, ofZeroFeatures)
    directions = Self.directions(features.shape[1], turn: turn, seed: seed)
    quantiles = Quantiles(directions.matrixProduct(features).sorted().lasting())
  }

  func turned(to turn: Int, seed: UInt64) -> any StyleDistance<Scalar> {
    Self(features, scale: scale, ofZeroFeatures: ofZeroFeatures, turn: turn, seed: seed)
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let own = features.features!
    let (batch, channels) = (own.shape[0], own.shape[1])
    let projections = directions.matrixProduct(own.reshaped(to: [batch, channels, -1]))
    let count = projections.shape[2]
    return squaredDistance(projections.sorted(), quantiles.means(count), scale: scale / Double(count))
  }

  /// A random orthogonal matrix: each of its rows is as likely to point anywhere.
  ///
  /// Worked out in `Double`, so that it is orthogonal to the last digit of `Scalar`.
  private static func directions(_ count: Int, turn: Int, seed: UInt64) -> Tensor<Scalar> {
    var generator = RandomGenerator(seed: seed, stream: 0x5_11CE + UInt64(turn) << 32)
    let normal = Tensor<Double>.normal([count, count], using: &generator)
    // Numbers of a normal distribution are finite, and a matrix of them has full rank.
    return Tensor<Scalar>(try! normal.qr().q).lasting()
  }

  /// The style's projections, in order, at any number of pixels.
  private final class Quantiles: Sendable {
    /// [N, C, M*].
    private let sorted: Tensor<Scalar>
    /// By the number of pixels.
    private let known = LatestValue<Int, Tensor<Scalar>>()

    init(_ sorted: Tensor<Scalar>) { self.sorted = sorted }

    /// The means over `count` equal parts of each line, [N, C, count].
    func means(_ count: Int) -> Tensor<Scalar> {
      if count == sorted.shape[2] { return sorted }
      return known.value(count) { made(count).lasting() }
    }

    private func made(_ count: Int) -> Tensor<Scalar> {
      let (lines, length) = (sorted.shape[0] * sorted.shape[1], sorted.shape[2])
      let values = sorted.scalars
      var result: [Scalar] = []
      result.reserveCapacity(lines * count)
      let step = Double(length) / Double(count)
      for line in 0..<lines {
        let base = line * length
        for part in 0..<count {
          let (start, end) = (Double(part) * step, Double(part + 1) * step)
          let (first, last) = (Int(start), min(Int(end), length - 1))
          // Whole elements and the parts of those at both ends.
          var sum = 0.0
          for index in first...last {
            let overlap = min(end, Double(index + 1)) - max(start, Double(index))
            if overlap > 0 { sum += overlap * Double(values[base + index]) }
          }
          result.append(Scalar(sum / (end - start)))
        }
      }
      return Tensor(result, shape: [sorted.shape[0], sorted.shape[1], count])
    }
  }
}
