import NN
import Tensor
import Testing

@Suite struct TrainingLossTests {
  /// A loss of differentiable inputs, which are named as in the fixtures.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let inputs: [String]
    var reductions: [Loss.Reduction] = [.mean, .sum, .none]
    let loss: @Sendable ([Tensor<Double>], Loss.Reduction) throws -> Tensor<Double>

    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "crossEntropy", inputs: ["logits"]) { x, reduction in
      Loss.crossEntropy(
        x[0], classes: Tensor<Int64>(try LayerFixture.tensor("classes")), reduction: reduction)
    },
    Case(name: "crossEntropy, smoothed", inputs: ["logits"]) { x, reduction in
      Loss.crossEntropy(
        x[0], classes: Tensor<Int64>(try LayerFixture.tensor("classes")), labelSmoothing: 0.1,
        reduction: reduction)
    },
    Case(name: "crossEntropy, ignoring", inputs: ["picture"]) { x, reduction in
      Loss.crossEntropy(
        x[0], classes: Tensor<Int64>(try LayerFixture.tensor("pixels")), axis: 1, labelSmoothing: 0.2,
        ignoring: -1,
        reduction: reduction)
    },
    Case(name: "crossEntropy, distributions", inputs: ["logits", "distributions"]) { x, reduction in
      Loss.crossEntropy(x[0], distributions: x[1], labelSmoothing: 0.1, reduction: reduction)
    },
    Case(name: "negativeLogLikelihood", inputs: ["logits"]) { x, reduction in
      Loss.negativeLogLikelihood(
        x[0].logSoftmax(axis: 1), classes: Tensor<Int64>(try LayerFixture.tensor("classes")),
        reduction: reduction)
    },
    Case(name: "binaryCrossEntropy", inputs: ["logits"]) { x, reduction in
      Loss.binaryCrossEntropy(x[0], targets: try LayerFixture.tensor("truths"), reduction: reduction)
    },
    Case(name: "binaryCrossEntropy, weighted", inputs: ["logits"]) { x, reduction in
      Loss.binaryCrossEntropy(
        x[0], targets: try LayerFixture.tensor("distributions"), positiveWeight: 2.5, reduction: reduction)
    },
    Case(name: "klDivergence", inputs: ["logits"], reductions: [.mean, .none]) { x, reduction in
      Loss.klDivergence(
        x[0].logSoftmax(axis: 1), distributions: try LayerFixture.tensor("certain"), reduction: reduction)
    },
    Case(name: "klDivergence", inputs: ["logits", "distributions"], reductions: [.sum]) { x, reduction in
      Loss.klDivergence(x[0].logSoftmax(axis: 1), distributions: x[1], reduction: reduction)
    },
    Case(name: "squaredError", inputs: ["a", "b"]) { x, reduction in
      Loss.squaredError(x[0], x[1], reduction: reduction)
    },
    Case(name: "absoluteError", inputs: ["a", "b"]) { x, reduction in
      Loss.absoluteError(x[0], x[1], reduction: reduction)
    },
    Case(name: "huber", inputs: ["a", "b"]) { x, reduction in
      Loss.huber(x[0], x[1], delta: 0.7, reduction: reduction)
    },
    Case(name: "cosineEmbedding", inputs: ["a", "b"]) { x, reduction in
      let alike = try LayerFixture.tensor("alike").scalars.map { $0 == 1 }
      return Loss.cosineEmbedding(x[0], x[1], areAlike: alike, margin: 0.1, reduction: reduction)
    },
    Case(name: "cosineSimilarity", inputs: ["a", "b"], reductions: [.none]) { x, _ in
      x[0].cosineSimilarity(to: x[1], axis: 0)
    },
  ]

  @Test("losses: values and gradients are PyTorch's, for every reduction", arguments: cases)
  func values(testCase: Case) throws {
    let inputs = try testCase.inputs.map(LayerFixture.tensor)
    for reduction in testCase.reductions {
      let name = "loss.\(testCase.name).\(reduction)"
      try LayerFixture.expect(testCase.loss(inputs, reduction), is: name, #_sourceLocation)
      let weight = try LayerFixture.tensor("\(name).weight")
      let (_, slopes) = try valueWithGradient(at: inputs) { x in
        try (testCase.loss(x, reduction) * weight).sum()
      }
      for (index, slope) in slopes.enumerated() {
        try LayerFixture.expect(slope, is: "\(name).gradient.\(index)", #_sourceLocation)
      }
    }
  }

  @Test("binaryCrossEntropy: a sure and right logit has a tiny loss and no more, a wrong one its own size")
  func extremeLogits() {
    let (logits, targets) = (Tensor<Float>([200, -200, 200, -200]), Tensor<Float>([1, 0, 0, 1]))
    let losses = Loss.binaryCrossEntropy(logits, targets: targets, reduction: .none)
    #expect(losses.scalars == [0, 0, 200, 200])
  }

  @Test("crossEntropy: a class with the logit −∞ does no harm where it is not the class")
  func impossibleClass() {
    let logits = Tensor<Double>([[0, -.infinity, 0]])
    let (value, slope) = valueWithGradient(at: logits) { Loss.crossEntropy($0, classes: Tensor<Int64>([2])) }
    #expect(abs(value.scalar - Double.log(2)) < 1e-15)
    #expect(slope.scalars == [0.5, 0, -0.5])
  }

  @Test("cosineSimilarity: vectors of zeros have the cosine and the derivative 0")
  func zeroVectors() {
    let (value, slope) = valueWithGradient(at: Tensor<Double>([[0, 0]])) { x in
      x.cosineSimilarity(to: Tensor([[0, 0]])).sum()
    }
    #expect(value.scalar == 0 && slope.scalars == [0, 0])
  }
}
