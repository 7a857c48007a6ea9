import Tensor

/// What the step of a ``FirstOrderOptimizer`` remembers, so that it comes back from where the function is not finite.
public struct DescentGuard<Scalar: TensorScalar>: Sendable {
  /// The last place with a finite gradient.
  fileprivate var lastGood: Tensor<Scalar>?
  /// How many steps were made since the optimiser was new or rolled back.
  fileprivate var steps = 0
  /// What the learning rate is multiplied by: halved each time that a step is rolled back.
  fileprivate var rateScale = 1.0
  /// How many steps in a row were rolled back.
  fileprivate var rollbacks = 0
  /// Whether x was put back, so that it will be evaluated a second time.
  fileprivate var isRetrying = false

  /// A guard that remembers nothing.
  public init() {}

  /// The guard's state, for that of an optimiser that has it: no tensors while it remembers nothing.
  public var state: NamedTensors<Scalar> {
    var writer = StateWriter<Scalar>()
    if let lastGood { writer.add("lastGood", lastGood) }
    if lastGood != nil || rollbacks > 0 {
      writer.add("steps", Double(steps))
      writer.add("rateScale", rateScale)
      writer.add("rollbacks", Double(rollbacks))
      writer.add("isRetrying", isRetrying ? 1 : 0)
    }
    return writer.state
  }

  /// A guard that remembers what ``state`` was made of.
  public init(state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    if state.isEmpty { return }
    var reader = StateReader(state, of: "DescentGuard")
    if reader.has("lastGood") { lastGood = try reader.tensor("lastGood") }
    steps = try reader.count("steps")
    rateScale = try reader.number("rateScale")
    rollbacks = try reader.count("rollbacks")
    isRetrying = try reader.count("isRetrying") == 1
    try reader.finish()
  }
}

/// How often in a row a step may be rolled back before it is given up.
private let rollbackLimit = 10

extension FirstOrderOptimizer {
  /// Evaluates once and moves `x` against the gradient.
  ///
  /// Where the gradient is not finite, `x` goes back to the last good place, what was learned is forgotten, and the
  /// steps are half as long from then on.
  public mutating func step<Failure: Error>(
    _ x: inout Tensor<Scalar>,
    evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> StepReport {
    let here = try Evaluation(at: x.detached(), evaluate)
    var report = StepReport(
      value: here.value, gradientMagnitude: here.gradientMagnitude, evaluations: 1, outcome: .advanced)
    guard here.isFinite else {
      report.nonFiniteEvaluations = 1
      report.outcome = rollBack(&x)
      return report
    }
    if !descentGuard.isRetrying { descentGuard.rollbacks = 0 }
    descentGuard.isRetrying = false
    descentGuard.lastGood = here.x
    if here.gradientMagnitude == 0, descentGuard.steps == 0 {
      report.outcome = .converged
      return report
    }
    descentGuard.steps += 1
    let rate = learningRate
    learningRate = rate * descentGuard.rateScale
    update(&x, along: here.gradient)
    learningRate = rate
    return report
  }

  private mutating func rollBack(_ x: inout Tensor<Scalar>) -> StepReport.Outcome {
    descentGuard.rollbacks += 1
    guard let lastGood = descentGuard.lastGood, descentGuard.rollbacks <= rollbackLimit else {
      return .stalled
    }
    x = lastGood
    var memory = descentGuard
    reset()
    memory.steps = 0
    memory.rateScale /= 2
    memory.isRetrying = true
    descentGuard = memory
    return .rolledBack
  }
}
