import NN
import Tensor
import Testing

@Suite struct StyleTransferStylesTests {
  private typealias Objective = StyleTransferObjective

  private func objective(
    content: Tensor<Float>? = nil, _ styles: [Objective.Style], layers: [Int] = [2, 4],
    statistic: StyleStatistic = .gram, normalization: LossNormalization = .relative
  ) throws -> Objective {
    try Objective(
      network: Fixture.network(), content: content, styles: styles,
      styleLayers: layers.map { .init(.convolution($0), weight: Double($0)) },
      weights: .init(content: content == nil ? 0 : 1, style: 1), statistic: statistic,
      normalization: normalization)
  }

  @Test("objective: styles of different sizes are blended by their parts of the weights' sum")
  func blend() throws {
    let (a, b) = (try Fixture.picture("style"), try Fixture.picture("noise"))
    let image = try Fixture.picture("image")
    func value(_ styles: [Objective.Style]) throws -> Double { try objective(styles)(image).terms.style }
    let (first, second) = (try value([.init(a)]), try value([.init(b)]))
    let blended = try value([.init(a, weight: 3), .init(b, weight: 7)])
    #expect(abs(blended / (0.3 * first + 0.7 * second) - 1) < 1e-5)
    #expect(try value([.init(a, weight: 2), .init(b, weight: 0)]) == first)
  }

  @Test(
    "objective: layers' values are those of the layers alone and add up to the terms",
    arguments: LossNormalization.allCases)
  func layerValues(normalization: LossNormalization) throws {
    let (style, image) = (try Fixture.picture("style"), try Fixture.picture("image"))
    let content = try Fixture.picture("content")
    let terms = try objective(content: content, [.init(style)], normalization: normalization)(image).terms
    #expect(terms.styleLayers.map(\.layer) == [.convolution(2), .convolution(4)])
    #expect(terms.contentLayers.map(\.layer) == [.convolution(9)])
    #expect(terms.contentLayers[0].value == terms.content)
    let sum = terms.styleLayers.reduce(0) { $0 + $1.value * ($1.layer == .convolution(2) ? 2 : 4) }
    let whole = normalization.averagesLayers ? 6.0 : 1
    #expect(abs(sum / whole / terms.style - 1) < 1e-6)
    let alone = try Objective(
      network: Fixture.network(), content: nil, styles: [.init(style)],
      styleLayers: [.init(.convolution(4))], weights: .init(content: 0, style: 1),
      normalization: normalization)(image).terms
    #expect(abs(alone.style / terms.styleLayers[1].value - 1) < 1e-6)
  }

  @Test(
    "objective: its scale is what the terms would be for features of zeros",
    arguments: StyleStatistic.allCases.filter { $0 != .crossLayer }, LossNormalization.allCases)
  func relativeScale(statistic: StyleStatistic, normalization: LossNormalization) throws {
    let (content, style) = (try Fixture.picture("content"), try Fixture.picture("style"))
    let objective = try objective(
      content: content, [.init(style)], statistic: statistic, normalization: normalization)
    let network = try Fixture.network()
    let features = try network(style, layers: [.convolution(2), .convolution(4)])
    var expected = 0.0
    for (layer, weight) in [(VGG19.Layer.convolution(2), 2.0), (.convolution(4), 4)] {
      let loss = StyleLoss(
        target: features[layer]!, statistic: statistic, normalization: normalization)
      expected += loss.zeroFeaturesLoss * (normalization.averagesLayers ? weight / 6 : weight)
    }
    #expect(abs(objective.relativeScale.style / expected - 1) < 1e-9)
    if normalization == .relative { #expect(abs(objective.relativeScale.content - 1) < 1e-6) }
    #expect(objective.relativeScale.content > 0)
    #expect(try self.objective([.init(style)]).relativeScale.content == 0)
  }

  @Test("objective: a texture has no content and may have any size")
  func texture() throws {
    let style = try Fixture.picture("style")
    let objective = try objective([.init(style)])
    let (_, gradient, terms) = try objective.valueWithGradient(
      at: Tensor(repeating: 0.5, shape: [1, 3, 40, 33]))
    #expect(terms.content == 0 && terms.contentLayers.isEmpty && terms.style > 0)
    #expect(gradient.shape == [1, 3, 40, 33] && norm(gradient) > 0)
  }

  @Test("objective: total variation means the same at all sizes, with a content and without")
  func totalVariation() throws {
    let content = try Fixture.picture("content")
    let image = try Fixture.picture("image")
    func larger(_ x: Tensor<Float>, _ scale: Int) -> Tensor<Float> {
      x.resampled(to: x.shape[2] * scale, axis: 2, method: .bicubic)
        .resampled(to: x.shape[3] * scale, axis: 3, method: .bicubic)
    }
    func variation(_ scale: Int, asStyle: Bool) throws -> Double {
      let reference = larger(content, scale)
      return try Objective(
        network: Fixture.network(), content: asStyle ? nil : reference,
        styles: asStyle ? [.init(reference)] : [],
        weights: .init(content: 0, style: 0, totalVariation: 1))(larger(image, scale)).terms.totalVariation
    }
    for asStyle in [false, true] {
      let plain = try variation(1, asStyle: asStyle)
      #expect(plain > 1)
      for scale in [2, 4] { #expect(abs(try variation(scale, asStyle: asStyle) / plain - 1) < 0.1) }
    }
  }
}
