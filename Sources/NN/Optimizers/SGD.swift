import Tensor

/// Gradient descent, with or without momentum.
///
///     g ← gradient + weightDecay · x          v ← momentum · v + g
///     x ← x − rate · v          Nesterov: x ← x − rate · (g + momentum · v)
///
/// The gradients are often those of random batches, which the name is of: stochastic gradient descent.
public struct SGD<Scalar: TensorScalar>: FirstOrderOptimizer {
  public var learningRate: Double
  /// How much of the velocity is kept in a step; 0 for none.
  public var momentum: Double
  /// Whether the step looks ahead along the velocity.
  public var isNesterov: Bool
  /// The factor of ½‖x‖² that is minimised as well.
  public var weightDecay: Double
  /// Where elements of `x` are kept by clamping after each step; `nil` for anywhere.
  public var bounds: ClosedRange<Scalar>?
  public var descentGuard = DescentGuard<Scalar>()

  private var velocity = ParameterMemory<Scalar>()

  /// - Precondition: `learningRate` > 0, `momentum` in 0 ..< 1, `weightDecay` ≥ 0.
  public init(
    learningRate: Double, momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0,
    bounds: ClosedRange<Scalar>? = nil
  ) {
    ShapeCheck.require(learningRate > 0) { "SGD: the learning rate \(learningRate) is not positive" }
    ShapeCheck.require((0..<1).contains(momentum)) { "SGD: the momentum \(momentum) is not in 0 ..< 1" }
    ShapeCheck.require(weightDecay >= 0) { "SGD: the weight decay \(weightDecay) is negative" }
    self.learningRate = learningRate
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    self.bounds = bounds
  }

  public mutating func reset() {
    (velocity, descentGuard) = (ParameterMemory(), DescentGuard())
  }

  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    gradients.requireGradients(of: parameters, "SGD")
    if momentum > 0 { velocity.prepare(for: parameters, "SGD") }
    for index in parameters.indices {
      let gradient = decayed(gradients.tensors[index], weightDecay, parameters.tensors[index])
      if momentum == 0 {
        Flat.add(gradient, times: -learningRate, to: &parameters.tensors[index])
        continue
      }
      Flat.update(&velocity.tensors[index], gradient, Accumulate(keep: momentum))
      if isNesterov {
        Flat.update(
          &parameters.tensors[index], gradient, velocity.tensors[index],
          Nesterov(rate: learningRate, momentum: momentum))
      } else {
        Flat.add(velocity.tensors[index], times: -learningRate, to: &parameters.tensors[index])
      }
    }
    if let bounds { parameters.clipValues(to: bounds) }
  }
}

private struct Accumulate: ElementUpdate {
  let keep: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S { S(keep) * r + a }
}

private struct Nesterov: ElementUpdate {
  let rate: Double
  let momentum: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    r - S(rate) * (a + S(momentum) * b)
  }
}
