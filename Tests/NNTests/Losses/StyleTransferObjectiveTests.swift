import NN
import Tensor
import TestSupport
import Testing

@Suite struct StyleTransferObjectiveTests {
  private typealias Objective = StyleTransferObjective

  /// Of a loss, and of a gradient in relative L2, by the project's promise.
  private static let (lossTolerance, gradientTolerance) = (1e-4, 1e-3)
  /// Of Adam's loss in each of 20 steps, whose errors add up.
  private static let curveTolerance = 1e-3

  @Test("objective: terms, total and gradient are PyTorch's", arguments: LossNormalization.allCases)
  func agreement(normalization: LossNormalization) throws {
    let file = try Fixture.file("losses.safetensors")
    let objective = try Objective(
      network: Fixture.network(), content: Fixture.picture("content"), style: Fixture.picture("style"),
      weights: .init(totalVariation: 0.25), normalization: normalization)
    let (value, gradient, terms) = try objective.valueWithGradient(at: Fixture.picture("image"))

    let expected = try file.tensor("\(normalization).terms", as: Double.self).scalars
    for (ours, theirs) in zip([terms.content, terms.style, terms.totalVariation, terms.total], expected) {
      #expect(abs(ours / theirs - 1) < Self.lossTolerance)
    }
    #expect(Double(value.scalar) == terms.total)
    #expect(
      abs(terms.content + 0.5 * terms.style + 0.25 * terms.totalVariation - terms.total) < 1e-6 * terms.total)

    let slope = try file.tensor("\(normalization).gradient", as: Double.self)
    let stored = gradient[..., (0...).strided(by: 4), 0...]
    #expect(stored.shape == slope.shape)
    #expect(relativeDistance(stored.scalars.map(Double.init), slope.scalars) < Self.gradientTolerance)
    let length = try file.tensor("\(normalization).gradient.norm", as: Double.self).scalar
    #expect(abs(norm(gradient) / length - 1) < Self.gradientTolerance)
  }

  /// The three cases of generate_network.py, with where they start.
  private static func cases() throws -> [String: (objective: Objective, start: Tensor<Float>)] {
    let content = try Fixture.picture("content")[..., 8..<72, 16..<80]
    let style = try Fixture.picture("style")[..., ..<64]
    let noise = try Fixture.picture("noise")
    let texture = [1, 3, 5, 9].map { Objective.WeightedLayer(.convolution($0)) }
    return [
      "content start, relative": (
        try Objective(network: Fixture.network(), content: content, style: style), content
      ),
      "noise start, mean": (
        try Objective(
          network: Fixture.network(), content: content, style: style,
          weights: .init(style: 10, totalVariation: 1), normalization: .mean), noise
      ),
      "texture from noise, average pooling, study": (
        try Objective(
          network: Fixture.network(.average), content: content, style: style, styleLayers: texture,
          weights: .init(content: 0), normalization: .study), noise
      ),
    ]
  }

  @Test("Adam: the loss curves of 20 steps are PyTorch's")
  func adam() throws {
    let curves = try Fixture.curves()
    for (name, (objective, start)) in try Self.cases() {
      var optimizer = Adam<Float>(learningRate: 0.005)
      var x = start
      for (step, expected) in try #require(curves[name]).adam.enumerated() {
        let report = try optimizer.step(&x) { x in
          let (value, gradient, _) = try objective.valueWithGradient(at: x)
          return (value, gradient)
        }
        #expect(abs(report.value / expected - 1) < Self.curveTolerance, "\(name), step \(step)")
      }
    }
  }

  @Test("LBFGS: reaches at most PyTorch's loss after as many evaluations, in three cases")
  func lbfgs() throws {
    let curves = try Fixture.curves()
    for (name, (objective, start)) in try Self.cases() {
      let theirs = try #require(curves[name]).lbfgs
      let budget = Int(theirs.last![0])
      var optimizer = LBFGS<Float>()
      var x = start
      var (evaluations, best) = (0, Double.infinity)
      while true {
        let report = try optimizer.step(&x) { x in
          let (value, gradient, _) = try objective.valueWithGradient(at: x)
          return (value, gradient)
        }
        evaluations += report.evaluations
        if evaluations > budget { break }
        best = report.value
        try #require(!report.outcome.isFinished, "\(name): \(report.outcome)")
      }
      #expect(best <= theirs.last![1], "\(name)")
    }
  }

  @Test(
    "objective: layer weights are shares of an average in relative and sum, factors elsewhere",
    arguments: LossNormalization.allCases)
  func layerWeights(normalization: LossNormalization) throws {
    let (content, style) = (try Fixture.picture("content"), try Fixture.picture("style"))
    func styleTerm(_ layers: [(Int, Double)]) throws -> Double {
      try Objective(
        network: Fixture.network(), content: content, style: style,
        styleLayers: layers.map { .init(.convolution($0.0), weight: $0.1) },
        weights: .init(content: 0, style: 1),
        normalization: normalization)(content).terms.style
    }
    let (a, b) = (try styleTerm([(1, 1)]), try styleTerm([(3, 1)]))
    let expected = normalization.averagesLayers ? (a + 0.5 * b) / 1.5 : a + 0.5 * b
    #expect(abs(try styleTerm([(1, 1), (3, 0.5)]) / expected - 1) < 1e-6)
    #expect(try styleTerm([(1, 1), (3, 0)]) == a)
  }

  @Test(
    "objective: a term of weight 0 is neither computed nor reported, and total variation alone needs no network"
  )
  func unusedTerms() throws {
    let image = try Fixture.picture("image")
    let objective = try Objective(
      network: Fixture.network(), content: image, style: image,
      weights: .init(content: 0, style: 0, totalVariation: 2))
    let (value, gradient, terms) = try objective.valueWithGradient(at: image)
    #expect(terms.content == 0 && terms.style == 0)
    #expect(abs(terms.totalVariation - 1) < 1e-6 && abs(value.scalar - 2) < 1e-6)
    #expect(norm(gradient) > 0)
  }

  @Test("objective: a picture or a style too small for its layers is an error")
  func tooSmall() throws {
    let image = try Fixture.picture("image")
    let small = image[..., ..<10, 0...]
    #expect(throws: VGG19.ImageTooSmall.self) {
      try Objective(network: Fixture.network(), content: image, style: small)
    }
    // Deep enough for conv_9, where alone the content is looked at, but not for the style's conv_16.
    let objective = try Objective(network: Fixture.network(), content: small, style: image)
    #expect(throws: VGG19.ImageTooSmall.self) { try objective.valueWithGradient(at: small) }
  }

  @Test("objective: where a painting's opposite edges would meet is no part of the manner of a tile")
  func tile() throws {
    // A ramp from dark to light, and the same up and down again, which meets itself.
    let ramp = Tensor<Float>.linspace(from: 0, through: 1, count: 32).reshaped(to: [1, 1, 1, 32])
      .broadcast(to: [1, 3, 32, 32])
    let meeting = Tensor.concatenated([ramp, ramp.flipped(axes: [3])], axis: 3)
    var network = try Fixture.network()
    network.padding = .circular
    func loss(_ image: Tensor<Float>, isPeriodic: Bool) throws -> Double {
      try Objective(
        network: network, content: nil, styles: [.init(ramp)], styleLayers: [.init(.convolution(2))],
        weights: .init(content: 0, style: 1), isPeriodic: isPeriodic)(image).terms.style
    }
    // The ramp itself has the edge; what is asked for is a tile without it.
    #expect(try loss(ramp, isPeriodic: false) == 0)
    #expect(try loss(meeting, isPeriodic: true) < 0.2 * loss(ramp, isPeriodic: true))
  }

  @Test("objective: 200 steps of either optimiser leave no live storage behind")
  func memory() async {
    await #expect(processExitsWith: .success) {
      let image = try Fixture.picture("content")[..., ..<16, ..<16]
      let objective = try StyleTransferObjective(
        network: Fixture.network(), content: image, style: try Fixture.picture("style"),
        contentLayers: [.init(.convolution(3))],
        styleLayers: [.init(.convolution(2)), .init(.convolution(4))],
        weights: .init(totalVariation: 1))
      // What is made once for the weights is not what is measured.
      try takeSteps(1, of: Adam<Float>(), image, objective)
      let before = TensorMemory.counters.live
      try takeSteps(200, of: Adam<Float>(), image, objective)
      #expect(TensorMemory.counters.live == before)
      try takeSteps(200, of: LBFGS<Float>(gradientTolerance: 0, changeTolerance: 0), image, objective)
      #expect(TensorMemory.counters.live == before)
    }
  }
}

private func takeSteps(
  _ count: Int, of optimizer: some Optimizer<Float>, _ start: Tensor<Float>,
  _ objective: StyleTransferObjective
) throws {
  var (x, optimizer) = (start, optimizer)
  for _ in 0..<count {
    _ = try optimizer.step(&x) { x in
      let (value, gradient, _) = try objective.valueWithGradient(at: x)
      return (value, gradient)
    }
  }
}
