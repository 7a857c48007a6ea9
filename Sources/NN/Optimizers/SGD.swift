import Tensor

/// Gradient descent, with or without momentum.
///
///     g ← gradient + weightDecay · x          v ← momentum · v + (1 − dampening) · g
///     x ← x − rate · v          Nesterov: x ← x − rate · (g + momentum · v)
///
/// The first v is g, as in PyTorch.
///
/// The gradients are often those of random batches, which the name is of: stochastic gradient descent.
public struct SGD<Scalar: TensorScalar>: FirstOrderOptimizer {
  public var learningRate: Double
  /// The momentum: how much of the velocity is kept in a step, 0 … 1; 0 for none.
  public var momentum: Double
  /// The dampening: how much of the gradient is kept out of the velocity, 0 … 1.
  public var dampening: Double
  /// Whether a step is Nesterov's, which looks ahead along the velocity.
  public var isNesterov: Bool
  /// The weight decay: the factor of ½‖x‖² that is minimised beside the function.
  public var weightDecay: Double
  /// The bounds that elements of `x` are clamped to after each step; `nil` for none.
  public var bounds: ClosedRange<Scalar>?
  public var descentGuard = DescentGuard<Scalar>()

  private var velocity = ParameterMemory<Scalar>()

  /// An optimiser that has learned nothing.
  ///
  /// - Precondition: `learningRate` > 0, `momentum` in 0 ..< 1, `dampening` in 0 ... 1, `weightDecay` ≥ 0; with
  ///   `isNesterov` the momentum is not 0 and the dampening is.
  public init(
    learningRate: Double, momentum: Double = 0, dampening: Double = 0, isNesterov: Bool = false,
    weightDecay: Double = 0, bounds: ClosedRange<Scalar>? = nil
  ) {
    ShapeCheck.require(learningRate > 0) { "SGD: the learning rate \(learningRate) is not positive" }
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
    self.bounds = bounds
    requireFigures()
  }

  /// Traps for figures out of range, which may be changed between steps.
  private func requireFigures() {
    requireLearningRate("SGD", learningRate)
    ShapeCheck.require((0..<1).contains(momentum)) { "SGD: the momentum \(momentum) is not in 0 ..< 1" }
    ShapeCheck.require(weightDecay >= 0) { "SGD: the weight decay \(weightDecay) is negative" }
    ShapeCheck.require((0...1).contains(dampening)) { "SGD: the dampening \(dampening) is not in 0 ... 1" }
    ShapeCheck.require(!isNesterov || (momentum > 0 && dampening == 0)) {
      "SGD: Nesterov's step needs momentum and no dampening; they are \(momentum) and \(dampening)"
    }
  }

  public mutating func reset() {
    (velocity, descentGuard) = (ParameterMemory(), DescentGuard())
  }

  public var state: NamedTensors<Scalar> {
    var writer = StateWriter<Scalar>()
    writer.add("velocity", velocity.named)
    writer.add("guard", descentGuard.state)
    return writer.state
  }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    var reader = StateReader(state, of: "SGD")
    let velocity = try reader.memory("velocity")
    let descentGuard = try DescentGuard(state: reader.part("guard"))
    try reader.finish()
    (self.velocity, self.descentGuard) = (velocity, descentGuard)
  }

  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    requireFigures()
    gradients.requireGradients(of: parameters, "SGD")
    let gain = velocity.names.isEmpty ? 1 : 1 - dampening
    if momentum > 0 { velocity.prepare(for: parameters, "SGD") }
    for index in parameters.indices {
      let gradient = decayed(gradients.tensors[index], weightDecay, parameters.tensors[index])
      if momentum == 0 {
        Vectors.add(gradient, times: -learningRate, to: &parameters.tensors[index])
        continue
      }
      Vectors.momentumStep(
        &parameters.tensors[index], velocity: &velocity.tensors[index], along: gradient, rate: learningRate,
        momentum: momentum, gain: gain, isNesterov: isNesterov)
    }
    if let bounds { parameters.clipValues(to: bounds) }
  }
}
