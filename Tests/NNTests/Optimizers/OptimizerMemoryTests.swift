import NN
import Tensor
import Testing

@Suite struct OptimizerMemoryTests {
  // In a process of their own, because the counters are the process's and other tests run at the same time.

  @Test("Adam: 200 steps leave no live storage behind, and a steady step takes none from the system")
  func adam() async {
    await #expect(processExitsWith: .success) {
      let (left, fromSystem) = storage(after: 200, of: Adam<Float>(learningRate: 0.1))
      #expect(left == 0)
      #expect(fromSystem == 0)
    }
  }

  @Test("LBFGS: 200 steps leave no live storage behind, and a steady step takes none from the system")
  func lbfgs() async {
    await #expect(processExitsWith: .success) {
      let optimizer = LBFGS<Float>(gradientTolerance: 0, changeTolerance: 0)
      let (left, fromSystem) = storage(after: 200, of: optimizer)
      #expect(left == 0)
      #expect(fromSystem == 0)
    }
  }

  @Test(
    "training: 200 steps of a model leave no live storage behind, and a steady step takes none from the system"
  )
  func model() async {
    await #expect(processExitsWith: .success) {
      let (left, fromSystem) = trainingStorage(after: 200)
      #expect(left == 0)
      #expect(fromSystem == 0)
    }
  }
}

/// Bytes that training a model left behind, and blocks that the last half of it took from the system.
private func trainingStorage(after steps: Int) -> (left: Int, fromSystem: Int) {
  let before = TensorMemory.counters.live
  var halfway = 0
  do {
    var generator = RandomGenerator(seed: 1)
    var model = Sequential<Float> {
      Linear(inputs: 64, outputs: 128, using: &generator)
      BatchNorm(channels: 128)
      Apply { $0.relu() }
      Dropout(probability: 0.5)
      Linear(inputs: 128, outputs: 8, using: &generator)
    }
    let (x, y) = (
      Tensor<Float>.normal([32, 64], using: &generator), Tensor<Float>.normal([32, 8], using: &generator)
    )
    var optimizer = AdamW<Float>()
    for step in 0..<steps {
      if step == steps / 2 { halfway = TensorMemory.counters.systemAllocations }
      let (_, slope) = valueWithGradient(at: &model) { model in
        Loss.squaredError(model(x, training: &generator), y)
      }
      optimizer.update(&model, along: slope)
    }
  }
  let counters = TensorMemory.counters
  return (counters.live - before, counters.systemAllocations - halfway)
}

/// Bytes that steps of an optimiser left behind, and blocks that the last half of them took from the system.
private func storage(
  after steps: Int, of optimizer: some Optimizer<Float>
) -> (left: Int, fromSystem: Int) {
  let before = TensorMemory.counters.live
  var halfway = 0
  do {
    let count = 20_000
    var optimizer = optimizer
    var x = Tensor<Float>.zeros([count])
    let target = Tensor<Float>((0..<count).map { Float($0 % 31) })
    let weight = Tensor<Float>((0..<count).map { 1 + Float($0 % 101) })
    for step in 0..<steps {
      if step == steps / 2 { halfway = TensorMemory.counters.systemAllocations }
      _ = optimizer.step(&x) { x in
        valueWithGradient(at: x) { x in
          let difference = x - target
          return (weight * difference * difference).sum()
        }
      }
    }
  }
  let counters = TensorMemory.counters
  return (counters.live - before, counters.systemAllocations - halfway)
}
