import Foundation
import NN
import Tensor
import TestSupport
import Testing

/// Parameter groups, means of weights and rates that fall on a plateau: the curves are PyTorch's.
@Suite("TrainingAid") struct TrainingAidTests {
  /// What Tests/Fixtures/generate_layers.py writes of them.
  private struct Curves: Decodable {
    let groups: [[Double]]
    let average: [[Double]]
    let plateaus: [String: [Double]]
  }

  private func curves() throws -> Curves { try FixtureFile.json("nn/training.json") }

  private static func numbers(_ shape: [Int], _ seed: Int) -> Tensor<Double> {
    FirstOrderOptimizerTests.numbers(shape, seed: seed)
  }

  private static func grouped() -> ParameterGroups<AdamW<Double>> {
    var optimizer = ParameterGroups(AdamW<Double>(learningRate: 0.03, weightDecay: 0.2))
    optimizer.addGroup("plain", where: { $0.hasSuffix("bias") }, configure: { $0.weightDecay = 0 })
    optimizer.addGroup("head", rateFactor: 10, where: { $0.hasPrefix("head") })
    return optimizer
  }

  private static let names = ["weight", "bias", "head.weight"]

  private func slopes(_ step: Int) -> NamedTensors<Double> {
    NamedTensors(
      names: Self.names,
      tensors: [
        Self.numbers([20, 3, 2], 3)[step], Self.numbers([20, 2], 4)[step], Self.numbers([20, 2, 3], 6)[step],
      ])
  }

  @Test("ParameterGroups: each has its figures, and the first 20 steps are PyTorch's")
  func groups() throws {
    var optimizer = Self.grouped()
    var parameters = NamedTensors(
      names: Self.names, tensors: [Self.numbers([3, 2], 1), Self.numbers([2], 2), Self.numbers([2, 3], 5)])
    let members = optimizer.members(of: parameters)
    #expect(members.map(\.group) == ["plain", "head", "rest"])
    #expect(members.map(\.names) == [["bias"], ["head.weight"], ["weight"]])
    for (step, values) in try curves().groups.enumerated() {
      optimizer.update(&parameters, along: slopes(step))
      // Each step adds a few roundings of numbers of size 1.
      #expect(zip(parameters.flatMap(\.tensor.scalars), values).allSatisfy { abs($0 - $1) < 1e-14 * 20 })
    }
  }

  @Test("ParameterGroups: go on from a state as without the break, and refuse another's")
  func groupState() throws {
    var optimizer = Self.grouped()
    var parameters = NamedTensors(
      names: Self.names, tensors: [Self.numbers([3, 2], 1), Self.numbers([2], 2), Self.numbers([2, 3], 5)])
    for step in 0..<3 { optimizer.update(&parameters, along: slopes(step)) }
    var (other, copy) = (Self.grouped(), parameters)
    try other.restore(optimizer.state)
    optimizer.update(&parameters, along: slopes(3))
    other.update(&copy, along: slopes(3))
    #expect(zip(parameters, copy).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
    var plain = ParameterGroups(AdamW<Double>(learningRate: 0.03))
    #expect(throws: OptimizerStateError.self) { try plain.restore(optimizer.state) }
    #expect(plain.state.isEmpty)
    optimizer.reset()
    #expect(optimizer.state.isEmpty)
  }

  @Test("ExponentialMovingAverage: is PyTorch's, and takes buffers over")
  func average() throws {
    struct Model: Module {
      var weight: Tensor<Double>
      var seen = Tensor<Double>(0)
      mutating func visitParts(_ visitor: PartVisitor<Double>) {
        visitor.parameter("weight", &weight)
        visitor.buffer("seen", &seen)
      }
    }
    let values = Self.numbers([20, 1, 2], 3)
    var average = ExponentialMovingAverage(of: Model(weight: values[0]), decay: 0.8)
    for (step, expected) in try curves().average.enumerated() {
      if step > 0 { average.update(with: Model(weight: values[step], seen: Tensor(Double(step)))) }
      #expect(zip(average.model.weight.scalars, expected).allSatisfy { abs($0 - $1) < 1e-14 })
    }
    #expect(average.model.seen.scalar == 19)
  }

  @Test("ReduceOnPlateau: lowers the rate where PyTorch does, also from a kept state")
  func plateau() throws {
    let figures = [
      3, 2, 2, 2.5, 1.9999, 2, 1.5, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, Double.nan, 1.6, 1.6, 1.2, 1.2,
    ]
    let watchers = [
      "lower": ReduceOnPlateau(factor: 0.5, patience: 2),
      "cooldown": ReduceOnPlateau(factor: 0.1, patience: 1, cooldown: 3, minimumRate: 0.01),
      "higher": ReduceOnPlateau(.higher, factor: 0.5, patience: 3, threshold: 0.01),
    ]
    for (name, expected) in try curves().plateaus {
      var watcher = try #require(watchers[name])
      var rate = 0.4
      for (figure, wanted) in zip(figures, expected) {
        let before = rate
        let isLowered = watcher.adjust(&rate, after: figure)
        #expect(abs(rate - wanted) < 1e-15 && isLowered == (rate < before), "\(name)")
        watcher = try JSONDecoder().decode(ReduceOnPlateau.self, from: JSONEncoder().encode(watcher))
      }
      #expect(expected.last! < 0.4)
    }
  }

  @Test("a cycle whose rise is one step is at its top with it", arguments: [(10, 0.1), (20, 0.05), (2, 0.5)])
  func shortRise(steps: Int, rise: Double) {
    let schedule = LearningRateSchedule.oneCycle(peak: 0.5, over: steps, rise: rise)
    #expect(schedule(0) == 0.5)
    #expect((1..<steps).allSatisfy { schedule($0) < schedule($0 - 1) })
  }
}
