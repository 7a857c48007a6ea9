import Tensor

/// The running means that ``Adam`` and ``AdamW`` keep, and the steps that follow from them.
struct AdamMeans<Scalar: TensorScalar>: Sendable {
  private var stepCount = 0
  private var mean = ParameterMemory<Scalar>()
  private var meanSquare = ParameterMemory<Scalar>()

  init() {}

  /// What ``state(with:)`` of an optimiser of the same name was made of.
  static func restored(
    from state: NamedTensors<Scalar>, of optimizer: String
  ) throws(OptimizerStateError) -> (AdamMeans, DescentGuard<Scalar>) {
    var reader = StateReader(state, of: optimizer)
    let means = try AdamMeans(from: &reader)
    let descentGuard = try DescentGuard(state: reader.part("guard"))
    try reader.finish()
    return (means, descentGuard)
  }

  private init(from reader: inout StateReader<Scalar>) throws(OptimizerStateError) {
    mean = try reader.memory("mean")
    meanSquare = try reader.memory("meanSquare", like: mean)
    if reader.has("step") { stepCount = try reader.count("step") }
    guard mean.names.isEmpty == meanSquare.names.isEmpty, mean.names.isEmpty || stepCount > 0 else {
      throw reader.error("it is not complete")
    }
  }

  /// The state of an optimiser that has these means and this guard.
  func state(with descentGuard: DescentGuard<Scalar>) -> NamedTensors<Scalar> {
    var writer = StateWriter<Scalar>()
    if stepCount > 0 { writer.add("step", Double(stepCount)) }
    writer.add("mean", mean.named)
    writer.add("meanSquare", meanSquare.named)
    writer.add("guard", descentGuard.state)
    return writer.state
  }

  /// One step of all parameters.
  ///
  /// - Parameters:
  ///   - keep: What the parameters are multiplied by first.
  ///   - bounds: Where they are kept by clamping.
  mutating func advance(
    _ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>, rate: Double,
    betas: (Double, Double), epsilon: Double, keep: Double = 1, bounds: ClosedRange<Scalar>?,
    _ optimizer: String
  ) {
    gradients.requireGradients(of: parameters, optimizer)
    mean.prepare(for: parameters, optimizer)
    meanSquare.prepare(for: parameters, optimizer)
    stepCount += 1
    let correction = 1 - Double.pow(betas.0, Double(stepCount))
    let squareCorrection = 1 - Double.pow(betas.1, Double(stepCount))
    let everywhere = -Double.infinity...Double.infinity
    let step = AdamStep(
      betas: betas, keep: keep, rate: rate / correction, rootCorrection: squareCorrection.squareRoot(),
      epsilon: epsilon, bounds: bounds.map { Double($0.lowerBound)...Double($0.upperBound) } ?? everywhere)
    for index in parameters.indices {
      step(
        &parameters.tensors[index], mean: &mean.tensors[index], meanSquare: &meanSquare.tensors[index],
        along: gradients.tensors[index])
    }
  }
}
