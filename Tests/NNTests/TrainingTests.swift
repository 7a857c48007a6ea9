import NN
import Tensor
import Testing

/// Whole trainings of small models.
@Suite struct TrainingTests {
  /// Points on two spirals, one for each class: nothing linear tells them apart.
  private func spirals(_ count: Int) -> (points: Tensor<Float>, classes: Tensor<Int64>) {
    var generator = RandomGenerator(seed: 11)
    let noise = Tensor<Double>.normal([count, 2], standardDeviation: 0.02, using: &generator).scalars
    let points = (0..<count).flatMap { index in
      let t = 0.25 + 0.75 * Double(index / 2) / Double(count / 2)
      let angle = 1.5 * .pi * t + (index.isMultiple(of: 2) ? 0 : .pi)
      return [
        Float(t * Double.cos(angle) + noise[2 * index]), Float(t * Double.sin(angle) + noise[2 * index + 1]),
      ]
    }
    return (Tensor(points, shape: [count, 2]), Tensor(integers: (0..<count).map { $0 % 2 }))
  }

  private func accuracy(_ model: Sequential<Float>, _ points: Tensor<Float>, _ classes: Tensor<Int64>)
    -> Float
  {
    Tensor<Float>(model(points).argmax(axis: 1) .== classes).mean().scalar
  }

  @Test("training: a small net with dropout and batch normalisation tells two spirals apart")
  func spiralNet() {
    let (points, classes) = spirals(400)
    var generator = RandomGenerator(seed: 1)
    var model = Sequential<Float> {
      Linear(inputs: 2, outputs: 32, using: &generator)
      BatchNorm(channels: 32)
      Apply { $0.relu() }
      Dropout(probability: 0.05)
      Linear(inputs: 32, outputs: 32, initializer: .kaimingNormal(), using: &generator)
      Apply { $0.relu() }
      Linear(inputs: 32, outputs: 2, using: &generator)
    }
    #expect(accuracy(model, points, classes) < 0.8)
    let (epochs, size) = (40, 50)
    let schedule = LearningRateSchedule.oneCycle(peak: 0.02, over: epochs * 400 / size)
    var optimizer = AdamW<Float>()
    var step = 0
    for _ in 0..<epochs {
      for rows in Batches(of: size, from: 400, using: &generator) {
        optimizer.learningRate = schedule(step)
        let (_, slope) = valueWithGradient(at: &model) { model in
          Loss.crossEntropy(model(points[rows], training: &generator), classes: classes[rows])
        }
        optimizer.update(&model, along: slope)
        step += 1
      }
    }
    #expect(accuracy(model, points, classes) > 0.97)
  }

  @Test("training: the same seed gives the same model, to the bit")
  func reproducible() {
    func trained() -> [Float] {
      let (points, classes) = spirals(60)
      var generator = RandomGenerator(seed: 4)
      var model = Sequential<Float> {
        Linear(inputs: 2, outputs: 8, using: &generator)
        Apply { $0.tanh() }
        Dropout(probability: 0.2)
        Linear(inputs: 8, outputs: 2, using: &generator)
      }
      var optimizer = SGD<Float>(learningRate: 0.1, momentum: 0.9)
      for rows in Batches(of: 16, from: 60, using: &generator) {
        let (_, slope) = valueWithGradient(at: &model) { model in
          Loss.crossEntropy(model(points[rows], training: &generator), classes: classes[rows])
        }
        optimizer.update(&model, along: slope)
      }
      return model.parameters.flatMap(\.tensor.scalars)
    }
    #expect(trained() == trained())
  }

  @Test("LBFGS: fits a model's parameters as it does one tensor")
  func lbfgs() {
    var generator = RandomGenerator(seed: 2)
    let x = Tensor<Double>.normal([20, 3], using: &generator)
    let truth = Linear<Double>(inputs: 3, outputs: 2, using: &generator)
    let y = truth(x)
    var model = Linear<Double>(inputs: 3, outputs: 2, using: &generator)
    var optimizer = LBFGS<Double>()
    for _ in 0..<50 {
      let report = optimizer.step(&model) { model in
        valueWithGradient(at: model) { model in Loss.squaredError(model(x), y) }
      }
      if report.outcome.isFinished { break }
    }
    // The gradient is as good as zero when 1e-7 of the first is left; so are the parameters of a well-posed fit.
    for (found, expected) in zip(model.parameters, truth.parameters) {
      #expect(found.name == expected.name)
      #expect(zip(found.tensor.scalars, expected.tensor.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}
