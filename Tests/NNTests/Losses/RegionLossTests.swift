import Tensor
import TestSupport
import Testing

@testable import NN

/// Statistics of weighted pixels, and how masks come to the layers.
@Suite("Regions") struct RegionLossTests {
  private func features(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...2), shape: shape)
  }

  /// 1 in the columns, 0 elsewhere.
  private func columns<Scalar: TensorScalar>(_ range: Range<Int>, _ height: Int, _ width: Int) -> Tensor<
    Scalar
  > {
    var map = Tensor<Scalar>.zeros([1, 1, height, width])
    map[..., range] = Tensor(1)
    return map
  }

  @Test(
    "StyleLoss: weights of 1 and 0 make it that of the pixels with 1, in value and gradient",
    arguments: StyleStatistic.allCases.filter(\.isMadeOfSums), LossNormalization.allCases)
  func halves(statistic: StyleStatistic, normalization: LossNormalization) {
    let (f, s) = (features([1, 4, 6, 8], seed: 1), features([1, 4, 5, 7], seed: 2))
    let whole = StyleLoss(
      target: s, statistic: statistic, normalization: normalization, weights: columns(2..<7, 5, 7))
    let cut = StyleLoss(target: s[..., 2..<7], statistic: statistic, normalization: normalization)
    #expect(abs(whole.zeroFeaturesLoss / cut.zeroFeaturesLoss - 1) < 1e-9)
    let (x, y) = (f.tracked(), f[..., 0..<3].tracked())
    let (a, b) = (whole(x, weights: columns(0..<3, 6, 8)), cut(y))
    #expect(abs(a.scalar / b.scalar - 1) < 1e-9)
    let (g, h) = (
      gradient(of: a, withRespectTo: [x])[0], gradient(of: b, withRespectTo: [y])[0]
    )
    #expect((g[..., 0..<3] - h).abs().max().scalar < 1e-9 * h.abs().max().scalar)
    #expect(g[..., 3...].scalars.allSatisfy { $0 == 0 })
  }

  @Test(
    "StyleLoss: derivatives of weighted pixels are right",
    arguments: StyleStatistic.allCases.filter(\.isMadeOfSums))
  func styleGradient(statistic: StyleStatistic) {
    let weights = Tensor<Double>(DeterministicValues(seed: 5).uniform(30, in: 0...1), shape: [1, 1, 6, 5])
    let loss = StyleLoss(target: features([1, 3, 4, 5], seed: 2), statistic: statistic)
    let result = GradientCheck.check(at: features([1, 3, 6, 5], seed: 1)) { loss($0, weights: weights) }
    #expect(result.passed && result.inputs[0].analytic != 0)
  }

  @Test(
    "ContentLoss: weights of 1 and 0 make it that of the pixels with 1, and derivatives are right",
    arguments: LossNormalization.allCases)
  func content(normalization: LossNormalization) {
    let (f, p) = (features([1, 3, 6, 5], seed: 1), features([1, 3, 6, 5], seed: 2))
    let part = ContentLoss(target: p, normalization: normalization, weights: columns(1..<3, 6, 5))
    let cut = ContentLoss(target: p[..., 1..<3], normalization: normalization)
    #expect(abs(part(f).scalar / cut(f[..., 1..<3]).scalar - 1) < 1e-12)
    #expect(abs(part.zeroFeaturesLoss / cut.zeroFeaturesLoss - 1) < 1e-12)
    let weights = Tensor<Double>(DeterministicValues(seed: 5).uniform(30, in: 0...1), shape: [1, 1, 6, 5])
    let soft = ContentLoss(target: p, normalization: normalization, weights: weights)
    let result = GradientCheck.check(at: f) { soft($0) }
    #expect(result.passed && result.inputs[0].analytic != 0)
  }

  @Test("maps: a wire of one pixel has half of its pixels after all poolings, a mean would leave a sixteenth")
  func wire() {
    let wire: Tensor<Float> = columns(37..<38, 64, 64)
    let weights = RegionMaps(opacity: nil, regions: [wire, 1 - wire]).weights(poolings: 4)
    let (own, ground) = (weights[0]!, weights[1]!)
    #expect(own.shape == [1, 1, 4, 4])
    for row in 0..<4 {
      for column in 0..<4 {
        #expect(own[0, 0, row, column].scalar == (column == 2 ? 0.5 : 0))
        #expect(ground[0, 0, row, column].scalar == (column == 2 ? 0.5 : 1))
      }
    }
  }

  @Test(
    "maps: a wire in an odd last row or column, which poolings leave out, stays",
    arguments: [(65, 67), (33, 1)])
  func oddWire(height: Int, width: Int) {
    var wire = Tensor<Float>.zeros([1, 1, height, width])
    wire[0, 0, height - 1, width - 1] = Tensor(1)
    let map = RegionMaps(opacity: nil, regions: [wire]).weights(poolings: 4)[0]!
    #expect(map.shape == [1, 1, height / 16, max(1, width / 16)])
    #expect(map[0, 0, -1, -1].scalar == 1 && map.sum().scalar == 1)
  }

  @Test("maps: halves that poolings do not cut are halves at every layer; soft and overlapping ones blend")
  func overlaps() {
    let left: Tensor<Float> = columns(0..<32, 64, 64)
    let halves = RegionMaps(opacity: nil, regions: [left, 1 - left])
    for poolings in 0...4 {
      let weights = halves.weights(poolings: poolings)
      let expected: Tensor<Float> = columns(0..<32 >> poolings, 64 >> poolings, 64 >> poolings)
      #expect(weights[0]!.scalars == expected.scalars && weights[1]!.scalars == (1 - expected).scalars)
    }
    let soft = Tensor<Float>(repeating: 0.3, shape: [1, 1, 8, 8])
    let blended = RegionMaps(opacity: soft, regions: [soft, nil]).weights(poolings: 1)
    #expect(blended[0]!.scalars.allSatisfy { abs($0 - 0.3 * 0.3 / 1.3) < 1e-6 })
    #expect(blended[1]!.scalars.allSatisfy { abs($0 - 0.3 / 1.3) < 1e-6 })
    #expect(RegionMaps(opacity: nil, regions: [nil]).weights(poolings: 2)[0] == nil)
  }

  @Test("maps: opacity is averaged")
  func opacity() {
    let wire: Tensor<Float> = columns(5..<6, 16, 16)
    let map = RegionMaps(opacity: wire, regions: [nil]).weights(poolings: 2)[0]!
    #expect(map.scalars == (0..<16).map { $0 % 4 == 1 ? 0.25 : 0 })
  }

  // MARK: - The objective

  private func objective(
    _ styles: [StyleTransferObjective.Style], statistic: StyleStatistic, opacity: Tensor<Float>? = nil
  ) throws -> StyleTransferObjective {
    try StyleTransferObjective(
      network: Fixture.network(), content: nil, styles: styles,
      styleLayers: [1, 4, 9, 16].map { .init(.convolution($0)) }, weights: .init(content: 0, style: 1),
      statistic: statistic, opacity: opacity)
  }

  @Test(
    "objective: a half's loss is that of the layers' features cut in half, down to conv_16",
    arguments: StyleStatistic.allCases.filter(\.isMadeOfSums))
  func objectiveHalf(statistic: StyleStatistic) throws {
    func larger(_ x: Tensor<Float>) -> Tensor<Float> {
      x.resampled(to: 64, axis: 2, method: .lanczos3).resampled(to: 64, axis: 3, method: .lanczos3)
    }
    let (style, image) = (larger(try Fixture.picture("style")), larger(try Fixture.picture("image")))
    let left: Tensor<Float> = columns(0..<32, 64, 64)
    let terms = try objective([.init(style, region: 1 - left, place: left)], statistic: statistic)(image)
      .terms
    let network = try Fixture.network()
    let layers = [1, 4, 9, 16].map { VGG19.Layer.convolution($0) }
    let (wanted, found) = (try network(style, layers: layers), try network(image, layers: layers))
    for (layer, value) in terms.styleLayers.map({ ($0.layer, $0.value) }) {
      let (s, f) = (wanted[layer]!, found[layer]!)
      let half = s.shape[3] / 2
      let expected = StyleLoss(target: s[..., half...], statistic: statistic)(f[..., ..<half]).scalar
      // Single precision; roots of eigenvalues lose more.
      #expect(abs(value / Double(expected) - 1) < (statistic == .wasserstein ? 1e-3 : 1e-4), "\(layer)")
    }
  }

  @Test("objective: places of several styles count by their pixels, and a wire has a loss at conv_16")
  func places() throws {
    let (a, b) = (try Fixture.picture("style"), try Fixture.picture("noise"))
    let image = try Fixture.picture("image")
    let (height, width) = (image.shape[2], image.shape[3])
    let wire: Tensor<Float> = columns(width / 2..<width / 2 + 1, height, width)
    func values(_ styles: [StyleTransferObjective.Style]) throws -> [Double] {
      try objective(styles, statistic: .gram)(image).terms.styleLayers.map(\.value)
    }
    let both = try values([.init(a, place: wire), .init(b, place: 1 - wire)])
    let ground = try values([.init(b, place: 1 - wire)])
    let other = try values([.init(b, place: wire), .init(b, place: 1 - wire)])
    for layer in 0..<4 {
      #expect(both[layer] != ground[layer] && both[layer].isFinite)
      #expect(abs(both[layer] / other[layer] - 1) > 1e-4, "the wire's own style matters at layer \(layer)")
    }
  }

  @Test("objective: what does not count has no gradient beyond what layers see")
  func hidden() throws {
    let image = try Fixture.picture("image")
    let (height, width) = (image.shape[2], image.shape[3])
    let seen: Tensor<Float> = columns(0..<8, height, width)
    let objective = try StyleTransferObjective(
      network: Fixture.network(), content: Fixture.picture("content"),
      styles: [.init(try Fixture.picture("style"))],
      contentLayers: [.init(.convolution(2))], styleLayers: [.init(.convolution(1)), .init(.convolution(2))],
      weights: .init(content: 1, style: 1), opacity: seen)
    let gradient = try objective.valueWithGradient(at: image).gradient
    // conv_2 sees two pixels more; Winograd's method rounds in tiles of four.
    let most = gradient.abs().max().scalar
    #expect(most > 0 && gradient[..., 10...].abs().max().scalar < 1e-5 * most)
    #expect(gradient[..., 16...].scalars.allSatisfy { $0 == 0 })
  }
}
