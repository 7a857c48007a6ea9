import Foundation
import Tensor

/// How well the patches of a picture's features are found among those of the style, and how evenly these are used: guided
/// correspondence with an occurrence penalty (Zhou, Chen, Xiao and Huang, Neural Texture Synthesis with Guided
/// Correspondence, 2023).
///
///     scale · ¼ (mean over i of −log maxⱼ softmaxⱼ(−E[i, j] / (h · minⱼ E[i, j])) / log m  +  3 · W² / e)
///
///     D[i, j] = ‖P[i] − Q[j]‖² / (2 · mean ‖Q‖²)
///     E[i, j] = D[i, j] + λ · m / n · Σ over i of softmaxⱼ(−D[i, j] / (h · minⱼ D[i, j]))
///
/// P are the picture's n patches of 7×7 features, Q the style's m, less the style's mean. The first term says how much more
/// like one patch of the style each is than like the others; the sum in E is how often Q[j] has been found, beside as often as
/// each would be if all were used alike. Without that penalty a few plain patches would be found everywhere. Unlike statistics,
/// patches keep what is beside what, so that bricks stay bricks.
///
/// The paper compares directions alone, takes the nearest for the found, which has no slope, and runs for so long that colours
/// and contrasts fall into place. W², ``StyleStatistic/wasserstein`` of the same features, holds them from the start.
struct CorrespondenceDistance<Scalar: TensorScalar>: StyleDistance {
  /// h, the paper's.
  private static var bandwidth: Double { 0.5 }
  /// λ: four times the paper's. With less, textures of few things copy them; with more, edges blur.
  private static var penalty: Double { 0.2 }
  /// How much of the whole W² is: from a half on colours are right; without the rest it is W².
  private static var statisticsShare: Double { 0.75 }
  /// What keeps the loss smooth where a patch is found exactly.
  private static var softening: Double { 1e-3 }

  /// The style's features less their mean, [N, C, H, W], and the mean, [N, C, 1, 1].
  private let (features, mean): (Tensor<Scalar>, Tensor<Scalar>)
  private let statistics: WassersteinDistance<Scalar>
  /// Whether the picture's opposite edges meet.
  private let isPeriodic: Bool
  private let scale: Double
  let ofZeroFeatures: Double
  /// The style's patches, by how they are compared, of each of its pictures.
  private let patches = LatestValue<PatchGrid, [Offered]>()
  /// How much of a step the first patch is away from the corner, downwards and to the right.
  private var offset = (0.0, 0.0)

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization) {
    self.init(to: features, normalization: normalization, isPeriodic: false)
  }

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization, isPeriodic: Bool) {
    let own = features.features!
    self.isPeriodic = isPeriodic
    mean = own.mean(axes: [2, 3], keepingDimensions: true).lasting()
    self.features = (own - mean).lasting()
    statistics = WassersteinDistance(to: Self.sums(own), normalization: normalization)
    scale =
      (1 - Self.statisticsShare)
      * (normalization == .relative ? StyleStatistic.correspondence.relativeScale : 1)
    let grid = PatchGrid(own.shape, own.shape)
    // Their patches are all alike, and one stands for all.
    let zeros = Tensor.zeros([own.shape[0], own.shape[1], grid.side, grid.side]) - mean
    var found = 0.0
    for (picture, offered) in Self.offered(by: self.features, grid, patches).enumerated() {
      found += Double(Self.loss(zeros[picture..<picture + 1].patches(grid), offered).scalar)
    }
    ofZeroFeatures = scale * found + Self.statisticsShare * statistics.ofZeroFeatures
  }

  private static func sums(_ features: Tensor<Scalar>) -> FeatureSums<Scalar> {
    FeatureSums(features, StyleStatistic.wasserstein.request(Scalar.self))
  }

  func turned(to turn: Int, seed: UInt64) -> any StyleDistance<Scalar> {
    var distance = self
    var generator = RandomGenerator(seed: seed, stream: 0x9A7C4 + UInt64(turn) << 32)
    distance.offset =
      turn == 0
      ? (0, 0) : (Double.random(in: 0..<1, using: &generator), .random(in: 0..<1, using: &generator))
    return distance
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let own = features.features! - mean
    let grid = PatchGrid(own.shape, self.features.shape)
    var loss = Tensor<Scalar>(0)
    for (picture, offered) in Self.offered(by: self.features, grid, patches).enumerated() {
      loss = loss + Self.loss(placed(own[picture..<picture + 1], grid).patches(grid), offered)
    }
    return loss * Tensor(Scalar(scale))
      + statistics(Self.sums(features.features!)) * Tensor(Scalar(Self.statisticsShare))
  }

  /// The features from this turn's first patch on, and with those beyond the edge that patches of a tile reach over.
  private func placed(_ features: Tensor<Scalar>, _ grid: PatchGrid) -> Tensor<Scalar> {
    let (down, right) = (Int(offset.0 * Double(grid.step)), Int(offset.1 * Double(grid.step)))
    guard isPeriodic else {
      let (height, width) = (features.shape[2], features.shape[3])
      return features[
        0..., 0..., min(down, height - grid.side)..<height, min(right, width - grid.side)..<width]
    }
    return features.rolled(by: -down, axis: 2).rolled(by: -right, axis: 3)
      .padded([(0, 0), (0, 0), (0, grid.side - 1), (0, grid.side - 1)], mode: .circular)
  }

  /// The loss of patches [n, D] among others [m, D]: 1 where each is as like all.
  private static func loss(_ asked: Tensor<Scalar>, _ offered: Offered) -> Tensor<Scalar> {
    let (count, others) = (asked.shape[0], offered.rows.shape[0])
    if others == 1 { return Tensor(0) }
    let products = asked.matrixProduct(offered.rows, transposingRight: true)
    let squares = asked.square().sum(axes: [1], keepingDimensions: true)
    let size = offered.squares.mean() * 2 + 1e-12
    // Rounding leaves less than nothing of patches that are the same.
    let distances = ((squares + offered.squares - products * 2) / size).clamped(to: 0 ... .infinity)
    let uses = exponents(distances).softmax(axis: 1).sum(axes: [0], keepingDimensions: true)
    let guided = exponents(distances + uses * Scalar(penalty * Double(others) / Double(count)))
    return (guided.logSumExp(axes: [1]) - guided.max(axes: [1])).mean() / Scalar(log(Double(others)))
  }

  /// −D / (h · min D).
  private static func exponents(_ distances: Tensor<Scalar>) -> Tensor<Scalar> {
    let least = distances.min(axes: [1], keepingDimensions: true)
    return distances / ((least + Scalar(softening)) * Scalar(-bandwidth))
  }

  /// Patches of a picture of the style, [m, D], and their squared lengths, [1, m].
  private struct Offered: Sendable {
    let rows: Tensor<Scalar>
    let squares: Tensor<Scalar>

    init(_ rows: Tensor<Scalar>) {
      self.rows = rows.lasting()
      squares = rows.square().sum(axes: [1]).expanded(axis: 0).lasting()
    }
  }

  /// Of each picture of the style its patches, where they are not known yet.
  private static func offered(
    by features: Tensor<Scalar>, _ grid: PatchGrid, _ known: LatestValue<PatchGrid, [Offered]>
  ) -> [Offered] {
    known.value(grid) {
      (0..<features.shape[0]).map { Offered(features[$0..<$0 + 1].patches(grid)) }
    }
  }
}
