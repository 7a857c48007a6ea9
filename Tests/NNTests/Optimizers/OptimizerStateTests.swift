import Foundation
import NN
import Tensor
import Testing

/// A break in a training or a minimisation, after which it goes on from files.
@Suite("Optimizer state")
struct OptimizerStateTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)")

  private func path(_ name: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path
  }

  static let optimizers: [(String, @Sendable () -> any FirstOrderOptimizer<Float>)] = [
    ("SGD", { SGD(learningRate: 0.05) }),
    ("SGD, momentum", { SGD(learningRate: 0.05, momentum: 0.9, dampening: 0.2) }),
    ("SGD, Nesterov", { SGD(learningRate: 0.05, momentum: 0.9, isNesterov: true) }),
    ("RMSProp", { RMSProp() }),
    ("RMSProp, centred, momentum", { RMSProp(isCentered: true, momentum: 0.8) }),
    ("Adam", { Adam(learningRate: 0.01) }),
    ("AdamW", { AdamW(learningRate: 0.01) }),
  ]

  static func optimizer(_ name: String) -> any FirstOrderOptimizer<Float> {
    optimizers.first { $0.0 == name }!.1()
  }

  /// A model in training, with all that its next step depends on.
  private struct Training {
    var generator = RandomGenerator(seed: 3)
    var model: Sequential<Float>
    var optimizer: any FirstOrderOptimizer<Float>

    init(_ optimizer: any FirstOrderOptimizer<Float>) {
      // More than ten layers: a file has their names in another order.
      var layers: [any Layer<Float>] = [Linear(inputs: 4, outputs: 6, using: &generator)]
      for _ in 0..<5 {
        layers += [Linear(inputs: 6, outputs: 6, using: &generator), Apply { $0.tanh() }]
      }
      layers += [BatchNorm(channels: 6), Dropout(probability: 0.2)]
      model = Sequential(layers)
      self.optimizer = optimizer
    }

    mutating func train(_ epochs: Int) {
      for _ in 0..<epochs {
        for rows in Batches(of: 8, from: 32, using: &generator) {
          let x = FirstOrderOptimizerTests.numbers([32, 4], seed: 1)
          let (_, slope) = valueWithGradient(at: &model) { model in
            model(Tensor<Float>(x)[rows], training: &generator).square().mean()
          }
          optimizer.update(&model, along: slope)
        }
      }
    }
  }

  @Test("a training that is interrupted gives the bits of one that is not", arguments: optimizers.map(\.0))
  func interruptedTraining(name: String) throws {
    var whole = Training(Self.optimizer(name))
    whole.train(5)
    var first = Training(Self.optimizer(name))
    first.train(2)
    try first.model.save(to: path("model.safetensors"))
    try first.optimizer.save(to: path("optimizer.safetensors"))
    let generator = try JSONEncoder().encode(first.generator)

    var second = Training(Self.optimizer(name))
    try second.model.load(contentsOf: path("model.safetensors"))
    try second.optimizer.load(contentsOf: path("optimizer.safetensors"))
    second.generator = try JSONDecoder().decode(RandomGenerator.self, from: generator)
    second.train(3)
    #expect(second.model.state.map(\.tensor.scalars) == whole.model.state.map(\.tensor.scalars))
    #expect(first.model.state.map(\.tensor.scalars) != whole.model.state.map(\.tensor.scalars))
  }

  /// A function that is not finite in a part of the way that optimisers take.
  private static func wall(_ x: Tensor<Float>) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    if x.scalars[0] < 1 && x.scalars[0] > 0.5 { return (Tensor(.nan), x) }
    let (value, gradient) = valueWithGradient(at: x) { ($0.square() * Tensor([1, 30, 4])).sum() }
    return (value, gradient)
  }

  @Test(
    "step: what is remembered of a place that is not finite survives a break", arguments: optimizers.map(\.0))
  func interruptedDescent(name: String) throws {
    func steps(breaking: Bool) throws -> [(outcome: StepReport.Outcome, place: [Float])] {
      var (optimizer, x) = (Self.optimizer(name), Tensor<Float>([1.1, 0.4, -0.2]))
      return try (0..<60).map { _ in
        if breaking {
          let state = optimizer.state
          optimizer = Self.optimizer(name)
          try optimizer.restore(state)
        }
        return (optimizer.step(&x, evaluate: Self.wall).outcome, x.scalars)
      }
    }
    let whole = try steps(breaking: false)
    #expect(try steps(breaking: true).elementsEqual(whole, by: ==))
    #expect(whole.contains { $0.outcome == .rolledBack })
  }

  @Test(
    "LBFGS: a minimisation that is interrupted gives the bits of one that is not", arguments: [false, true])
  func interruptedLBFGS(isBounded: Bool) throws {
    let make = {
      LBFGS<Float>(historySize: 12, bounds: isBounded ? -1.5...0.9 : nil) { $0 * Tensor([1, 2, 1, 1]) }
    }
    func valley(_ x: Tensor<Float>) -> Tensor<Float> {
      (100 * (x[1...] - x[..<3].square()).square() + (1 - x[..<3]).square()).sum()
    }
    let start = Tensor<Float>([-1.2, 0.9, 0.8, -0.7])
    var (optimizer, x) = (make(), start)
    let whole = minimize(&optimizer, &x, limit: 30) { valueWithGradient(at: $0, in: valley) }

    var (first, y) = (make(), start)
    var reports = minimize(&first, &y, limit: 14) { valueWithGradient(at: $0, in: valley) }
    try first.save(to: path("lbfgs.safetensors"))
    var second = make()
    try second.load(contentsOf: path("lbfgs.safetensors"))
    reports += minimize(&second, &y, limit: 16) { valueWithGradient(at: $0, in: valley) }
    #expect(reports == whole && y.scalars == x.scalars)
    #expect(whole.count > 14)
  }

  @Test("a new optimiser has no state, and reset() forgets one that was read")
  func empty() throws {
    var optimizer = AdamW<Float>()
    #expect(optimizer.state.isEmpty && LBFGS<Float>().state.isEmpty)
    try optimizer.save(to: path("empty.safetensors"))
    var x = Tensor<Float>([1, 2])
    optimizer.update(&x, along: Tensor([1, 1]))
    #expect(optimizer.state.names == ["step", "mean.x", "meanSquare.x"])
    try optimizer.load(contentsOf: path("empty.safetensors"))
    #expect(optimizer.state.isEmpty)
    optimizer.update(&x, along: Tensor([1, 1]))
    optimizer.reset()
    #expect(optimizer.state.isEmpty)
  }

  @Test("prefix: the state of a part of a file is read, and of nothing else")
  func prefix() throws {
    var optimizer = SGD<Float>(learningRate: 1, momentum: 0.5)
    var x = Tensor<Float>([1, 2])
    optimizer.update(&x, along: Tensor([3, 4]))
    var tensors = ["model.x": x]
    for (name, tensor) in optimizer.state { tensors["optimizer.\(name)"] = tensor }
    try Safetensors.write(tensors, to: path("all.safetensors"))
    var other = SGD<Float>(learningRate: 1, momentum: 0.5)
    try other.load(contentsOf: path("all.safetensors"), prefix: "optimizer.")
    #expect(other.state["velocity.x"]?.scalars == [3, 4])
  }

  @Test("restore: a state of another optimiser, or half of one, is an error that says what is wrong")
  func mismatch() throws {
    var (sgd, adam) = (SGD<Float>(learningRate: 1, momentum: 0.5), Adam<Float>())
    var x = Tensor<Float>([1, 2])
    sgd.update(&x, along: Tensor([3, 4]))
    adam.update(&x, along: Tensor([3, 4]))
    let before = adam.state
    func cause(_ state: NamedTensors<Float>) -> String? {
      do throws(OptimizerStateError) {
        try adam.restore(state)
        return nil
      } catch {
        return "\(error)"
      }
    }
    let heading = "the tensors are not a state of Adam: "
    #expect(cause(sgd.state) == heading + "'velocity.x' is none of its tensors")
    func changed(_ name: String, _ tensor: Tensor<Float>?) -> NamedTensors<Float> {
      let kept = before.filter { $0.name != name }
      return NamedTensors(
        names: kept.map(\.name) + (tensor == nil ? [] : [name]),
        tensors: kept.map(\.tensor) + (tensor.map { [$0] } ?? []))
    }
    #expect(cause(changed("step", nil)) == heading + "it is not complete")
    #expect(cause(changed("mean.x", nil)) == heading + "it is not complete")
    #expect(cause(changed("step", Tensor(1))) == heading + "'step' has the shape [], not [3]")
    #expect(cause(changed("step", Tensor([0.5, 0, 0]))) == heading + "'step' is 0.5")
    #expect(cause(changed("step", Tensor([.nan, 0, 0]))) == heading + "'step' is nan")
    #expect(
      cause(changed("mean.x", Tensor(0))) == heading
        + "what is under 'meanSquare' does not belong to the other tensors")
    #expect(adam.state.map(\.tensor.scalars) == before.map(\.tensor.scalars))

    try sgd.save(to: path("sgd.safetensors"))
    var lbfgs = LBFGS<Float>()
    let error = #expect(throws: OptimizerStateError.self) {
      try lbfgs.load(contentsOf: path("sgd.safetensors"))
    }
    #expect(error?.file == (try path("sgd.safetensors")) && error?.optimizer == "LBFGS")
    #expect(error?.cause == "'x' is missing")
  }
}
