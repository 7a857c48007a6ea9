import Tensor
import TestSupport
import Testing

@testable import NN

/// A pass by strips has the bits of the pass in one piece.
@Suite struct VGG19StripsTests {
  private typealias Objective = StyleTransferObjective
  private typealias Segment = VGG19.Strips.Segment

  /// Layers as presets have them: before and after ReLUs, and a content among the widest.
  private static let study = (content: ["conv_9"], style: ["conv_2", "conv_4", "conv_8", "conv_12"])
  private static let painterly = (content: ["relu_6"], style: ["relu_1", "relu_3", "relu_5", "relu_9"])
  private static let tutorial = (
    content: ["conv_4"], style: ["conv_1", "conv_2", "conv_3", "conv_4", "pool_2"]
  )
  /// Strips as narrow as they can be, several segments, one strip for all, and filters that are not kept.
  private static let plans: [VGG19.Strips] = [
    .init([Segment(pooling: 2, height: 1)]),
    .init([Segment(pooling: 1, height: 16), Segment(pooling: 2, height: 12), Segment(pooling: 3, height: 8)]),
    .init([Segment(pooling: 3, height: 48)]),
    .init([Segment(pooling: 2, height: 1000)]),
    .init([], keepsFilters: false),
    .init([Segment(pooling: 1, height: 16), Segment(pooling: 2, height: 16)], keepsFilters: false),
  ]

  private static func picture(_ height: Int, _ width: Int, seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    let coarse = Tensor<Float>.uniform([1, 3, 7, 6], using: &generator)
    let fine = Tensor<Float>.uniform([1, 3, height, width], using: &generator)
    let shapes = coarse.resampled(to: width, axis: 3, method: .lanczos3)
      .resampled(to: height, axis: 2, method: .lanczos3)
    return 0.7 * shapes + 0.3 * fine
  }

  private static func objective(
    _ layers: (content: [String], style: [String]), _ height: Int, _ width: Int, statistic: StyleStatistic,
    pooling: VGG19.Pooling, padding: VGG19.Padding, strips: VGG19.Strips = .none
  ) throws -> Objective {
    var network = try Fixture.network(pooling)
    network.padding = padding
    return try Objective(
      network: network, content: picture(height, width, seed: 1),
      styles: [.init(picture(90, 71, seed: 2), weight: 2), .init(picture(64, 100, seed: 3))],
      contentLayers: layers.content.map { .init(try VGG19.Layer($0)) },
      styleLayers: layers.style.map { .init(try VGG19.Layer($0)) },
      weights: .init(content: 1, style: 3, totalVariation: 0.1), statistic: statistic,
      normalization: .relative, isPeriodic: padding == .circular, strips: strips)
  }

  /// Value and gradient in one piece and by every plan.
  private static func expectEqualBits(
    _ layers: (content: [String], style: [String]), _ height: Int, _ width: Int,
    statistic: StyleStatistic = .gram, pooling: VGG19.Pooling, padding: VGG19.Padding
  ) throws {
    let image = picture(height, width, seed: 4)
    var objective = try objective(
      layers, height, width, statistic: statistic, pooling: pooling, padding: padding)
    let whole = try objective.valueWithGradient(at: image)
    #expect(whole.value.scalar.isFinite && Vectors.squaredNorm(whole.gradient) > 0)
    for plan in plans {
      objective.strips = plan
      let found = try objective.valueWithGradient(at: image)
      #expect(found.value.scalar == whole.value.scalar, "\(plan)")
      #expect(found.terms.contentLayers == whole.terms.contentLayers, "\(plan)")
      #expect(found.terms.styleLayers == whole.terms.styleLayers, "\(plan)")
      let wrong = zip(found.gradient.scalars, whole.gradient.scalars).enumerated()
        .filter { $0.element.0.bitPattern != $0.element.1.bitPattern }.map { $0.offset / width % height }
      #expect(wrong.isEmpty, "\(plan): \(wrong.count) numbers differ, first in rows \(wrong.prefix(5))")
    }
  }

  @Test(
    "strips: the bits are those of one piece with every padding and pooling",
    arguments: VGG19.Padding.allCases, VGG19.Pooling.allCases)
  func paddings(padding: VGG19.Padding, pooling: VGG19.Pooling) throws {
    try Self.expectEqualBits(Self.study, 66, 53, pooling: pooling, padding: padding)
    if pooling == .average { return }
    try Self.expectEqualBits(Self.tutorial, 40, 64, pooling: pooling, padding: padding)
  }

  @Test(
    "strips: the bits are those of one piece with every statistic",
    arguments: StyleStatistic.allCases.filter(\.isMadeOfSums))
  func statistics(statistic: StyleStatistic) throws {
    try Self.expectEqualBits(
      Self.painterly, 75, 96, statistic: statistic, pooling: .max, padding: .zero)
  }

  @Test(
    "strips: the bits are those of one piece with regions, transparency and kept shapes",
    arguments: StyleStatistic.allCases.filter(\.isMadeOfSums))
  func regions(statistic: StyleStatistic) throws {
    let (height, width) = (75, 96)
    func soft(_ seed: UInt64, _ height: Int, _ width: Int) -> Tensor<Float> {
      (2 * Self.picture(height, width, seed: seed)[0..., 0..<1] - 0.5).clamped(to: 0...1)
    }
    let place = soft(7, height, width)
    func objective(_ strips: VGG19.Strips) throws -> Objective {
      try Objective(
        network: Fixture.network(), content: Self.picture(height, width, seed: 1),
        styles: [
          .init(
            Self.picture(90, 71, seed: 2), opacity: soft(5, 90, 71), region: soft(6, 90, 71), place: place),
          .init(Self.picture(64, 100, seed: 3), weight: 2, place: 1 - place),
        ],
        contentLayers: [.init(.convolution(4)), .init(.relu(6))],
        styleLayers: [1, 3, 5, 9].map { .init(.relu($0)) },
        weights: .init(content: 1, style: 3, totalVariation: 0.1, selfSimilarity: 2, laplacian: 1),
        statistic: statistic, normalization: .relative, isPeriodic: false, opacity: soft(8, height, width),
        seed: 3, strips: strips)
    }
    let image = Self.picture(height, width, seed: 4)
    let whole = try objective(.none).valueWithGradient(at: image)
    #expect(whole.value.scalar.isFinite && Vectors.squaredNorm(whole.gradient) > 0)
    #expect(whole.terms.selfSimilarity > 0 && whole.terms.laplacian > 0)
    for plan in Self.plans {
      let found = try objective(plan).valueWithGradient(at: image)
      #expect(found.terms == whole.terms, "\(plan)")
      #expect(
        zip(found.gradient.scalars, whole.gradient.scalars).allSatisfy { $0.bitPattern == $1.bitPattern },
        "\(plan)")
    }
  }

  @Test("strips: sizes that no group of rows divides", arguments: [(67, 130), (131, 40), (200, 36)])
  func sizes(height: Int, width: Int) throws {
    try Self.expectEqualBits(Self.study, height, width, pooling: .max, padding: .zero)
  }

  @Test("strips: the bits do not depend on the number of threads", arguments: [1, 2, 5])
  func threads(count: Int) throws {
    let layers = (content: ["conv_4"], style: ["conv_2", "conv_5"])
    let image = Self.picture(61, 70, seed: 4)
    var objective = try Self.objective(
      layers, 61, 70, statistic: .covariance, pooling: .max, padding: .reflect)
    let whole = try objective.valueWithGradient(at: image)
    objective.strips = Self.plans[1]
    let found = try withThreadCount(count) { try objective.valueWithGradient(at: image) }
    #expect(found.value.scalar == whole.value.scalar && found.gradient.scalars == whole.gradient.scalars)
  }

  @Test("strips: an objective that is made by strips is the one made in one piece")
  func targets() throws {
    let image = Self.picture(64, 64, seed: 4)
    for (layers, strips) in zip([Self.tutorial, Self.painterly], Self.plans) {
      func make(_ strips: VGG19.Strips) throws -> Objective {
        try Self.objective(
          layers, 64, 64, statistic: .gram, pooling: .max, padding: .zero, strips: strips)
      }
      let (whole, cut) = (try make(.none), try make(strips))
      #expect(whole.relativeScale == cut.relativeScale)
      let (a, b) = (try whole.valueWithGradient(at: image), try cut.valueWithGradient(at: image))
      #expect(a.value.scalar == b.value.scalar && a.gradient.scalars == b.gradient.scalars)
    }
  }

  @Test("strips: what a program or a picture is too short for is run in one piece")
  func short() throws {
    let image = Self.picture(40, 40, seed: 4)
    let layers = (content: ["conv_1"], style: ["conv_2"])
    var objective = try Self.objective(
      layers, 40, 40, statistic: .gram, pooling: .max, padding: .zero)
    let whole = try objective.valueWithGradient(at: image)
    objective.strips = Self.plans[0]
    #expect(try objective.valueWithGradient(at: image).gradient.scalars == whole.gradient.scalars)
  }
}
