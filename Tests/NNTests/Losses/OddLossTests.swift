import NN
import Tensor
import TestSupport
import Testing

@Suite("Losses of odd numbers")
struct OddLossTests {
  @Test("a class that is impossible and not asked for costs nothing, and has no gradient")
  func impossibleClasses() {
    let logits = Tensor<Double>([[0, -.infinity, 0], [1, 2, 3]])
    let targets = Tensor<Double>([[0.5, 0, 0.5], [0.25, 0.25, 0.5]])
    let likely = Loss.crossEntropy(logits, distributions: targets, reduction: .none)
    #expect(abs(likely[0].scalar - Double.log(2)) < 1e-15)
    let capped = Tensor<Double>([[0, -1e308, 0], [1, 2, 3]])
    #expect(likely.scalars == Loss.crossEntropy(capped, distributions: targets, reduction: .none).scalars)

    let slope = gradient(at: logits) { Loss.crossEntropy($0, distributions: targets, reduction: .sum) }
    // softmax(z) − t.
    let expected = logits.softmax(axis: 1) - targets
    #expect((slope - expected).abs().max().scalar < 1e-15)
    // A class that is asked for and impossible stays infinitely wrong.
    let wrong = Tensor<Double>([[0.5, 0.5, 0], [0.25, 0.25, 0.5]])
    #expect(Loss.crossEntropy(logits, distributions: wrong).scalar == .infinity)
    // A target of 0 has a derivative where the class is possible.
    let byTarget = gradient(at: Tensor<Double>([[1, 0, 0]])) {
      Loss.crossEntropy(Tensor([[0, -.infinity, 0]]), distributions: $0, reduction: .sum)
    }
    #expect(byTarget.scalars.map { ($0 * 1e12).rounded() / 1e12 } == [0.693147180560, 0, 0.693147180560])
  }

  @Test("an infinite logit that is right costs nothing, one that is wrong is infinitely wrong")
  func certainTruths() {
    let logits = Tensor<Double>([.infinity, -.infinity, .infinity, -.infinity, 0])
    let targets = Tensor<Double>([1, 0, 0, 1, 0.5])
    let value = Loss.binaryCrossEntropy(logits, targets: targets, reduction: .none)
    let slope = gradient(at: logits) { Loss.binaryCrossEntropy($0, targets: targets, reduction: .sum) }
    #expect(value.scalars.prefix(4) == [0, 0, .infinity, .infinity])
    #expect(abs(value.scalars[4] - Double.log(2)) < 1e-15)
    // σ(z) − t.
    #expect(slope.scalars == [0, 0, 1, -1, 0])
  }

  @Test("beside impossible classes a number and a distribution that is certain of it cost the same")
  func certainClasses() {
    let logits = Tensor<Float>([[0, -.infinity, 1], [2, 0, -.infinity]])
    let certain = Tensor<Float>([[0, 0, 1], [0, 1, 0]])
    let classes = Tensor<Int64>([2, 1])
    let costs = [
      Loss.crossEntropy(logits, distributions: certain, reduction: .none),
      Loss.crossEntropy(logits, classes: classes, reduction: .none),
    ]
    #expect(costs[0].scalars == costs[1].scalars && costs[0].scalars.allSatisfy { $0.isFinite })
    let slopes = [
      gradient(at: logits) { Loss.crossEntropy($0, distributions: certain) },
      gradient(at: logits) { Loss.crossEntropy($0, classes: classes) },
    ]
    #expect((slopes[0] - slopes[1]).abs().max().scalar < 1e-7)
    #expect(slopes[0].scalars[1] == 0 && slopes[0].scalars[5] == 0)
  }

  @Test("the divergence from a prediction with an impossible class is finite, and so are its gradients")
  func divergence() {
    let logits = Tensor<Double>([[0, -.infinity, 0]])
    let targets = Tensor<Double>([[0.25, 0, 0.75]])
    let value = Loss.klDivergence(logits.logSoftmax(axis: 1), distributions: targets).scalar
    #expect(abs(value - (Double.log(2) + 0.25 * Double.log(0.25) + 0.75 * Double.log(0.75))) < 1e-15)
    let slope = gradient(at: logits) { Loss.klDivergence($0.logSoftmax(axis: 1), distributions: targets) }
    #expect((slope - (logits.softmax(axis: 1) - targets)).abs().max().scalar < 1e-15)
    let byTarget = gradient(at: targets) { Loss.klDivergence(logits.logSoftmax(axis: 1), distributions: $0) }
    #expect(byTarget.scalars.allSatisfy { $0.isFinite })
  }

  @Test("the cosine of large, of small and of parallel vectors is within −1 and 1")
  func cosines() {
    let large = Tensor<Float>([2.0775e38, 3.0262e38])
    let expected = (2.0775 + 3.0262) / ((2.0775 * 2.0775 + 3.0262 * 3.0262) * 2).squareRoot()
    #expect(abs(Double(large.cosineSimilarity(to: Tensor([1, 1])).scalar) - expected) < 1e-6)
    #expect(Tensor<Float>([1e20, 0]).cosineSimilarity(to: Tensor([1e20, 0])).scalar == 1)
    #expect(Tensor<Double>([1e200, -1e200]).cosineSimilarity(to: Tensor([-1e200, 1e200])).scalar >= -1)
    #expect(Tensor<Float>([1e-30, 0]).cosineSimilarity(to: Tensor([1, 0]), epsilon: 1e-37).scalar == 1)
    #expect(Tensor<Float>([0, 0]).cosineSimilarity(to: Tensor([1, 0])).scalar == 0)
    // Norms count as ε at least.
    #expect(abs(Tensor<Double>([1e-9, 0]).cosineSimilarity(to: Tensor([3, 0])).scalar - 0.1) < 1e-15)
    var generator = RandomGenerator(seed: 1)
    let x = Tensor<Float>.normal([20_000, 7], using: &generator)
    #expect(x.cosineSimilarity(to: 3 * x).max().scalar == 1)
    #expect(x.cosineSimilarity(to: -3 * x).min().scalar == -1)
    #expect(x.cosineSimilarity(to: 3 * x).min().scalar > 1 - 1e-5)
  }

  @Test("the cosine's derivatives are right at any size")
  func cosineGradients() {
    let x = Tensor<Double>([[1, 2, -0.5], [0.25, -1, 3]])
    let y = Tensor<Double>([[0.5, -1, 2], [2, 1, 1]])
    for order in [GradientCheck.Order.first, .second] {
      let result = GradientCheck.check(at: [x, y], order: order) { $0[0].cosineSimilarity(to: $0[1]) }
      #expect(result.passed, "\(result)")
    }
    let small = gradient(at: x) { $0.cosineSimilarity(to: y).sum() }
    let large = gradient(at: 0x1p600 * x) { $0.cosineSimilarity(to: y).sum() }
    #expect((large * 0x1p600 - small).abs().max().scalar < 1e-14)
    let zero = gradient(at: Tensor<Double>.zeros([3])) { $0.cosineSimilarity(to: Tensor([1, 2, 3])) }
    #expect(zero.scalars.allSatisfy { $0.isFinite })
  }

  @Test(
    "losses with labels, and Embedding, are those of a loop inside of a mapped function, and so are their gradients"
  )
  func mapped() {
    var generator = RandomGenerator(seed: 4)
    let x = Tensor<Double>.normal([5, 3], using: &generator)
    let w = Tensor<Double>.normal([3, 4], using: &generator)
    let labels = Tensor<Int64>([0, 3, 1, 1, 2])
    let truths = Tensor<Double>.uniform([5, 4], using: &generator)
    let embedding = Embedding<Double>(weight: w.transposed())

    func check(_ loss: (Tensor<Double>, Tensor<Double>, Tensor<Int64>, Tensor<Double>) -> Tensor<Double>) {
      let all = vmap(over: x, labels, truths) { x, label, truths in
        gradient(at: w) { loss($0, x, label, truths) }
      }
      for index in 0..<5 {
        let single = gradient(at: w) { loss($0, x[index], labels[index], truths[index]) }
        #expect((all[index] - single).abs().max().scalar < 1e-14)
      }
    }
    check { w, x, label, _ in Loss.crossEntropy(x.matrixProduct(w), classes: label) }
    check { w, x, label, _ in
      Loss.crossEntropy(x.matrixProduct(w), classes: label, labelSmoothing: 0.1, ignoring: 1, reduction: .sum)
    }
    check { w, x, label, _ in
      Loss.negativeLogLikelihood(x.matrixProduct(w).logSoftmax(axis: -1), classes: label)
    }
    check { w, x, _, truths in Loss.binaryCrossEntropy(x.matrixProduct(w), targets: truths) }
    check { w, x, _, truths in x.matrixProduct(w).cosineSimilarity(to: truths) }
    check { w, _, label, _ in Embedding<Double>(weight: w.transposed())(label).square().sum() }
    let rows = vmap(over: labels) { embedding($0) }
    #expect(rows.scalars == embedding(labels).scalars && rows.shape == [5, 3])
  }
}
