import Tensor

/// The running means that ``Adam`` and ``AdamW`` keep, and the steps that follow from them.
struct AdamMeans<Scalar: TensorScalar>: Sendable {
  private var stepCount = 0
  private var mean = ParameterMemory<Scalar>()
  private var meanSquare = ParameterMemory<Scalar>()

  init() {}

  init(from reader: inout StateReader<Scalar>) throws(OptimizerStateError) {
    mean = try reader.memory("mean")
    meanSquare = try reader.memory("meanSquare", like: mean)
    if reader.has("step") { stepCount = try reader.count("step") }
    guard mean.names.isEmpty == meanSquare.names.isEmpty, mean.names.isEmpty || stepCount > 0 else {
      throw reader.error("it is not complete")
    }
  }

  func write(to writer: inout StateWriter<Scalar>) {
    if stepCount > 0 { writer.add("step", Double(stepCount)) }
    writer.add("mean", mean.named)
    writer.add("meanSquare", meanSquare.named)
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

/// A step of a running mean.
struct Decay: ElementUpdate {
  let keep: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    S(keep) * r + S(1 - keep) * a
  }
}

/// A step of a running mean of squares.
struct DecaySquare: ElementUpdate {
  let keep: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    S(keep) * r + S(1 - keep) * a * a
  }
}
