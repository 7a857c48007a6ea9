import NN
import Tensor
import TestSupport
import Testing

@Suite struct FirstOrderOptimizerTests {
  /// What Tests/Fixtures/generate_layers.py writes of training.
  struct Curves: Decodable {
    /// For each optimiser the elements of both parameters after every step.
    let optimizers: [String: [[Double]]]
    let schedules: [String: [Double]]
    let clipping: Clipping

    struct Clipping: Decodable {
      let norm: Double
      let gradient: [Double]
    }
  }

  static func curves() throws -> Curves { try FixtureFile.json("nn/training.json") }

  static func numbers(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1), shape: shape)
  }

  static let optimizers: [(String, @Sendable () -> any FirstOrderOptimizer<Double>)] = [
    ("SGD", { SGD(learningRate: 0.1, weightDecay: 0.01) }),
    ("SGD, momentum", { SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01) }),
    ("SGD, Nesterov", { SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true, weightDecay: 0.01) }),
    ("SGD, dampening", { SGD(learningRate: 0.1, momentum: 0.9, dampening: 0.3) }),
    ("RMSProp", { RMSProp(learningRate: 0.02, decay: 0.9, weightDecay: 0.01) }),
    ("RMSProp, momentum", { RMSProp(learningRate: 0.02, decay: 0.9, momentum: 0.8) }),
    ("RMSProp, centred", { RMSProp(learningRate: 0.02, decay: 0.9, isCentered: true, weightDecay: 0.01) }),
    (
      "RMSProp, centred, momentum",
      { RMSProp(learningRate: 0.01, decay: 0.9, isCentered: true, momentum: 0.5) }
    ),
    ("Adam", { Adam(learningRate: 0.03, betas: (0.8, 0.95)) }),
    ("AdamW", { AdamW(learningRate: 0.03, betas: (0.8, 0.95), weightDecay: 0.2) }),
  ]

  static func optimizer(_ name: String) -> any FirstOrderOptimizer<Double> {
    optimizers.first { $0.0 == name }!.1()
  }

  @Test("optimisers: the first 20 steps are PyTorch's", arguments: optimizers.map(\.0))
  func steps(name: String) throws {
    var optimizer = Self.optimizer(name)
    let expected = try #require(Self.curves().optimizers[name])
    let names = ["weight", "bias"]
    var parameters = NamedTensors(
      names: names, tensors: [Self.numbers([3, 2], seed: 1), Self.numbers([2], seed: 2)])
    let (weights, biases) = (Self.numbers([20, 3, 2], seed: 3), Self.numbers([20, 2], seed: 4))
    for (step, values) in expected.enumerated() {
      optimizer.update(
        &parameters, along: NamedTensors(names: names, tensors: [weights[step], biases[step]]))
      // Each step adds a few roundings of numbers of size 1.
      #expect(zip(parameters.flatMap(\.tensor.scalars), values).allSatisfy { abs($0 - $1) < 1e-14 * 20 })
    }
  }

  @Test(
    "optimisers: all find the minimum of a function, through the one protocol", arguments: optimizers.map(\.0)
  )
  func minimum(name: String) {
    var optimizer = Self.optimizer(name)
    var x = Tensor<Double>([3, -2])
    for step in 0..<600 {
      optimizer.learningRate = 0.05 * Double.pow(0.99, Double(step))
      _ = optimizer.step(&x) { x in valueWithGradient(at: x) { ($0 - Tensor([1, 2])).square().sum() } }
    }
    // Weight decay moves the minimum of Σ(x − t)² by a part of decay / 2; AdamW's, of the signed step, by more.
    #expect(abs(x.scalars[0] - 1) < 0.1 && abs(x.scalars[1] - 2) < 0.1)
  }

  @Test("optimisers: a NaN goes back to the last good point, for every one", arguments: optimizers.map(\.0))
  func injectedNaN(name: String) {
    var optimizer = Self.optimizer(name)
    var x = Tensor<Double>([3, -2])
    func evaluate(_ x: Tensor<Double>) -> (value: Tensor<Double>, gradient: Tensor<Double>) {
      valueWithGradient(at: x) { $0.square().sum() }
    }
    _ = optimizer.step(&x, evaluate: evaluate)
    let good = x
    _ = optimizer.step(&x, evaluate: evaluate)
    let report = optimizer.step(&x) { x in (Tensor(.nan), x) }
    #expect(report.outcome == .rolledBack && x.scalars == good.scalars)
    #expect(optimizer.step(&x, evaluate: evaluate).outcome == .advanced)
  }

  static let bounded: [(String, @Sendable () -> any FirstOrderOptimizer<Float>)] = [
    ("SGD", { SGD(learningRate: 0.3, bounds: 0...1) }),
    ("SGD, momentum", { SGD(learningRate: 0.3, momentum: 0.5, bounds: 0...1) }),
    ("RMSProp", { RMSProp(learningRate: 0.1, momentum: 0.5, bounds: 0...1) }),
    ("Adam", { Adam(learningRate: 0.3, bounds: 0...1) }),
    ("AdamW", { AdamW(learningRate: 0.3, bounds: 0...1) }),
  ]

  @Test("optimisers: bounds hold after every step", arguments: bounded.map(\.0))
  func bounds(name: String) {
    var optimizer = Self.bounded.first { $0.0 == name }!.1()
    var x = Tensor<Float>([0.5, 0.5])
    for _ in 0..<20 {
      _ = optimizer.step(&x) { x in (x.sum(), Tensor([1, -1])) }
      #expect(x.scalars.allSatisfy { (0...1).contains($0) })
    }
    #expect(x.scalars == [0, 1])
  }

  @Test("update: a tensor that nobody else sees is changed in place, and copies keep their numbers")
  func inPlace() {
    var x = Tensor<Double>([1, 2])
    let copy = x
    var optimizer = SGD<Double>(learningRate: 1)
    optimizer.update(&x, along: Tensor([1, 1]))
    #expect(copy.scalars == [1, 2] && x.scalars == [0, 1])
    let before = x.withUnsafeScalars { UInt(bitPattern: $0.baseAddress) }
    optimizer.update(&x, along: Tensor([1, 1]))
    #expect(x.withUnsafeScalars { UInt(bitPattern: $0.baseAddress) } == before)
    var model = Linear(weight: x.reshaped(to: [1, 2]))
    x = Tensor(0)
    for _ in 0..<2 {
      let (_, slope) = valueWithGradient(at: &model) { model in model(Tensor([[1, 1]])).sum() }
      optimizer.update(&model, along: slope)
    }
    #expect(model.weight.scalars == [-3, -2])
    #expect(model.weight.withUnsafeScalars { UInt(bitPattern: $0.baseAddress) } == before)
  }

  @Test("reset: the next step is again the first")
  func reset() {
    var optimizer = AdamW<Double>(learningRate: 0.1)
    var x = Tensor<Double>([1])
    optimizer.update(&x, along: Tensor([1]))
    let first = x
    optimizer.update(&x, along: Tensor([-7]))
    optimizer.reset()
    x = Tensor([1])
    optimizer.update(&x, along: Tensor([1]))
    #expect(x.scalars == first.scalars)
  }

  @Test("clipNorm: keeps the direction and gives PyTorch's gradient; shorter ones stay")
  func clipNorm() throws {
    let expected = try Self.curves().clipping
    var gradient = NamedTensors(
      names: ["a", "b"], tensors: [2 * Self.numbers([4, 3], seed: 7), 2 * Self.numbers([5], seed: 8)])
    #expect(abs(gradient.clipNorm(to: 1.5) - expected.norm) < 1e-14)
    // PyTorch adds 1e-6 to the norm that it divides by.
    let found = gradient.flatMap(\.tensor.scalars)
    #expect(zip(found, expected.gradient).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(abs(gradient.norm - 1.5) < 1e-15 * 10)
    let before = gradient.tensors[0].scalars
    gradient.clipNorm(to: 2)
    #expect(gradient.tensors[0].scalars == before)
  }

  @Test("clipValues: moves elements to the nearest number of the range")
  func clipValues() {
    var gradient = NamedTensors<Float>(names: ["a"], tensors: [Tensor([-3, 0.5, 2])])
    gradient.clipValues(to: -1...1)
    #expect(gradient.tensors[0].scalars == [-1, 0.5, 1])
  }

  static let schedules: [String: LearningRateSchedule] = [
    "constant": .constant(0.4),
    "step": .step(0.4, every: 3, factor: 0.5),
    "exponential": .exponential(0.4, factor: 0.9),
    "cosine": .cosine(0.4, over: 20, end: 0.01),
    "cosine, warm-up": .cosine(0.4, over: 20, warmUp: 5),
    "oneCycle": .oneCycle(peak: 0.4, over: 21),
  ]

  @Test("schedules: the rates are PyTorch's", arguments: schedules.keys.sorted())
  func schedule(name: String) throws {
    let schedule = Self.schedules[name]!
    let expected = try #require(Self.curves().schedules[name])
    // PyTorch multiplies from step to step, which adds up 20 roundings.
    for (step, rate) in expected.enumerated() { #expect(abs(schedule(step) - rate) < 1e-14) }
  }

  @Test("schedules: stay at their end when the steps are over")
  func scheduleEnds() {
    #expect(LearningRateSchedule.cosine(1, over: 10, end: 0.25)(1000) == 0.25)
    #expect(LearningRateSchedule.oneCycle(peak: 1, over: 10)(1000) == 1 / 25 / 1e4)
    #expect(LearningRateSchedule.oneCycle(peak: 1, over: 10)(2) == 1)
  }
}
