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
    let descend = Descend(
      keep: keep, rate: rate / correction, rootCorrection: squareCorrection.squareRoot(), epsilon: epsilon,
      bounds: bounds.map { Double($0.lowerBound)...Double($0.upperBound) } ?? Descend.everywhere)
    for index in parameters.indices {
      let gradient = gradients.tensors[index]
      Flat.update(&mean.tensors[index], gradient, Decay(keep: betas.0))
      Flat.update(&meanSquare.tensors[index], gradient, DecaySquare(keep: betas.1))
      Flat.update(&parameters.tensors[index], mean.tensors[index], meanSquare.tensors[index], descend)
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

private struct Descend: ElementUpdate {
  let keep: Double
  let rate: Double
  let rootCorrection: Double
  let epsilon: Double
  let bounds: ClosedRange<Double>
  static let everywhere = -Double.infinity...Double.infinity

  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    let moved = S(keep) * r - S(rate) * a / (b.squareRoot() / S(rootCorrection) + S(epsilon))
    return min(max(moved, S(bounds.lowerBound)), S(bounds.upperBound))
  }
}
