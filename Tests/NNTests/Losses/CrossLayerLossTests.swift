import Tensor
import TestSupport
import Testing

@testable import NN

@Suite("Cross-layer loss")
struct CrossLayerLossTests {
  private typealias Objective = StyleTransferObjective

  private func features(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...2), shape: shape)
  }

  /// The loss as the paper writes it: the deeper features made larger, each pixel standing for those that it was pooled from.
  private func formula(
    _ f: (deep: Tensor<Double>, before: Tensor<Double>), _ s: (deep: Tensor<Double>, before: Tensor<Double>),
    factor: Int
  ) -> Double {
    func products(_ deep: Tensor<Double>, _ before: Tensor<Double>) -> [Double] {
      let (height, width) = (deep.shape[2] * factor, deep.shape[3] * factor)
      var result: [Double] = []
      for c in 0..<deep.shape[1] {
        for d in 0..<before.shape[1] {
          var sum = 0.0
          for y in 0..<height {
            for x in 0..<width {
              sum += deep[0, c, y / factor, x / factor].scalar * before[0, d, y, x].scalar
            }
          }
          result.append(sum / Double(height * width))
        }
      }
      return result
    }
    let (own, wanted) = (products(f.deep, f.before), products(s.deep, s.before))
    let distance = zip(own, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return 64 * distance / wanted.reduce(0) { $0 + $1 * $1 }
  }

  @Test("it is the paper's formula, also where a pooling leaves a row out", arguments: [1, 2, 4])
  func formula(factor: Int) {
    let extra = factor == 1 ? 0 : 1
    func pair(_ seed: Int) -> (deep: Tensor<Double>, before: Tensor<Double>) {
      (
        features([1, 3, 2, 3], seed: seed),
        features([1, 2, 2 * factor + extra, 3 * factor], seed: seed + 10)
      )
    }
    let (f, s) = (pair(1), pair(2))
    let loss = CrossLayerLoss(target: s.deep, before: s.before)
    let rows = ..<(2 * factor)
    let wanted = formula(
      (f.deep, f.before[..., rows, 0...]), (s.deep, s.before[..., rows, 0...]), factor: factor)
    #expect(abs(loss(f.deep, before: f.before).scalar / wanted - 1) < 1e-12)
    #expect(abs(loss(s.deep, before: s.before).scalar) < 1e-20)
    #expect(abs(loss.zeroFeaturesLoss / 64 - 1) < 1e-12)
  }

  @Test("its scale is that of Gram matrices in every normalisation", arguments: LossNormalization.allCases)
  func scale(normalization: LossNormalization) {
    // Of one layer with itself it is the loss of its Gram matrix.
    let (f, s) = (features([1, 3, 4, 5], seed: 1), features([1, 3, 4, 5], seed: 2))
    let own = CrossLayerLoss(target: s, before: s, normalization: normalization)
    let gram = StyleLoss(target: s, normalization: normalization)
    #expect(abs(own(f, before: f).scalar / gram(f).scalar - 1) < 1e-12)
    #expect(abs(own.zeroFeaturesLoss / gram.zeroFeaturesLoss - 1) < 1e-12)
  }

  @Test("both layers' gradients agree with differences, the second ones too")
  func derivatives() {
    let loss = CrossLayerLoss(
      target: features([1, 3, 2, 2], seed: 3), before: features([1, 2, 4, 5], seed: 4))
    for order in [GradientCheck.Order.first, .second] {
      let result = GradientCheck.check(
        at: [features([1, 3, 2, 2], seed: 5), features([1, 2, 4, 5], seed: 6)], order: order
      ) { loss($0[0], before: $0[1]) }
      #expect(result.passed, "\(result)")
      #expect(result.inputs.allSatisfy { $0.analytic.magnitude > 1e-6 })
    }
  }

  @Test("objective: each layer is compared with the next, with the weight of the deeper")
  func objective() throws {
    let (style, image) = (try Fixture.picture("style"), try Fixture.picture("image"))
    let network = try Fixture.network()
    let layers = [1, 2, 4].map { VGG19.Layer.convolution($0) }
    let objective = try Objective(
      network: network, content: nil, styles: [.init(style)],
      styleLayers: zip(layers, [5.0, 1, 3]).map { .init($0, weight: $1) },
      weights: .init(content: 0, style: 2), statistic: .crossLayer)
    let terms = try objective(image).terms
    #expect(terms.styleLayers.map(\.layer) == [layers[1], layers[2]])
    let (f, s) = (
      try network(image, layers: Set(layers)), try network(style, layers: Set(layers))
    )
    for (index, value) in terms.styleLayers.enumerated() {
      let loss = CrossLayerLoss(target: s[layers[index + 1]]!, before: s[layers[index]]!)
      let own = loss(f[layers[index + 1]]!, before: f[layers[index]]!)
      #expect(abs(value.value / Double(own.scalar) - 1) < 1e-5)
    }
    let sum = terms.styleLayers[0].value * 0.25 + terms.styleLayers[1].value * 0.75
    #expect(abs(terms.style / sum - 1) < 1e-6 && abs(terms.total / (2 * sum) - 1) < 1e-5)
    #expect(abs(objective.relativeScale.style / 64 - 1) < 1e-6)
    #expect(try objective(style).terms.style < 1e-6 * terms.style)
  }

  @Test("objective: two styles are blended by their parts")
  func blend() throws {
    let (a, b) = (try Fixture.picture("style"), try Fixture.picture("noise"))
    let image = try Fixture.picture("image")
    func value(_ styles: [Objective.Style]) throws -> Double {
      try Objective(
        network: Fixture.network(), content: nil, styles: styles,
        styleLayers: [.init(.convolution(2)), .init(.convolution(4))], weights: .init(content: 0, style: 1),
        statistic: .crossLayer)(image).terms.style
    }
    let blended = try value([.init(a, weight: 3), .init(b, weight: 7)])
    #expect(abs(blended / (0.3 * (try value([.init(a)])) + 0.7 * (try value([.init(b)]))) - 1) < 1e-5)
  }
}
