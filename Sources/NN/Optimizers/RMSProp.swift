import Tensor

/// RMSProp: gradient descent with a step of its own for every element, from a running mean of the gradient's square.
///
///     g ← gradient + weightDecay · x          s ← decay · s + (1 − decay) · g²
///     v ← momentum · v + g / (√s + ε)          x ← x − rate · v
///
/// (Hinton, Srivastava and Swersky's lecture of 2012, with PyTorch's place for ε.) Centred, with
/// m ← decay · m + (1 − decay) · g, it takes the gradient's variance s − m² in place of s (Graves, 2013).
public struct RMSProp<Scalar: TensorScalar>: FirstOrderOptimizer {
  public var learningRate: Double
  /// The decay of the running mean: how much of the mean square is kept in a step, 0 … 1.
  public var decay: Double
  /// Whether RMSProp is centred: the gradient's variance takes the place of its mean square.
  public var isCentered: Bool
  /// The momentum: how much of the velocity is kept in a step, 0 … 1; 0 for none.
  public var momentum: Double
  /// ε, which keeps the division from being one by zero; not negative.
  public var epsilon: Double
  /// The weight decay: the factor of ½‖x‖² that is minimised beside the function.
  public var weightDecay: Double
  /// The bounds that elements of `x` are clamped to after each step; `nil` for none.
  public var bounds: ClosedRange<Scalar>?
  public var descentGuard = DescentGuard<Scalar>()

  private var meanSquare = ParameterMemory<Scalar>()
  private var mean = ParameterMemory<Scalar>()
  private var velocity = ParameterMemory<Scalar>()

  /// An optimiser that has learned nothing; the defaults are PyTorch's.
  ///
  /// - Precondition: `learningRate` > 0, `decay` and `momentum` in 0 ..< 1, `epsilon` ≥ 0, `weightDecay` ≥ 0.
  public init(
    learningRate: Double = 0.01, decay: Double = 0.99, isCentered: Bool = false, momentum: Double = 0,
    epsilon: Double = 1e-8, weightDecay: Double = 0, bounds: ClosedRange<Scalar>? = nil
  ) {
    ShapeCheck.require(learningRate > 0) { "RMSProp: the learning rate \(learningRate) is not positive" }
    self.learningRate = learningRate
    self.decay = decay
    self.isCentered = isCentered
    self.momentum = momentum
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.bounds = bounds
    requireFigures()
  }

  /// Traps for figures out of range, which may be changed between steps.
  private func requireFigures() {
    requireLearningRate("RMSProp", learningRate)
    ShapeCheck.require((0..<1).contains(decay) && (0..<1).contains(momentum)) {
      "RMSProp: the decay \(decay) or the momentum \(momentum) is not in 0 ..< 1"
    }
    ShapeCheck.require(epsilon >= 0 && weightDecay >= 0) {
      "RMSProp: epsilon \(epsilon) or the weight decay \(weightDecay) is negative"
    }
  }

  public mutating func reset() {
    (meanSquare, mean, velocity) = (ParameterMemory(), ParameterMemory(), ParameterMemory())
    descentGuard = DescentGuard()
  }

  public var state: NamedTensors<Scalar> {
    var writer = StateWriter<Scalar>()
    writer.add("meanSquare", meanSquare.named)
    writer.add("mean", mean.named)
    writer.add("velocity", velocity.named)
    writer.add("guard", descentGuard.state)
    return writer.state
  }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    var reader = StateReader(state, of: "RMSProp")
    let meanSquare = try reader.memory("meanSquare")
    let mean = try reader.memory("mean", like: meanSquare)
    let velocity = try reader.memory("velocity", like: meanSquare)
    guard !meanSquare.names.isEmpty || mean.names.isEmpty && velocity.names.isEmpty else {
      throw reader.error("it is not complete")
    }
    let descentGuard = try DescentGuard(state: reader.part("guard"))
    try reader.finish()
    (self.meanSquare, self.mean, self.velocity) = (meanSquare, mean, velocity)
    self.descentGuard = descentGuard
  }

  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    requireFigures()
    gradients.requireGradients(of: parameters, "RMSProp")
    meanSquare.prepare(for: parameters, "RMSProp")
    if isCentered { mean.prepare(for: parameters, "RMSProp") }
    if momentum > 0 { velocity.prepare(for: parameters, "RMSProp") }
    for index in parameters.indices {
      let gradient = decayed(gradients.tensors[index], weightDecay, parameters.tensors[index])
      Vectors.average(squaresOf: gradient, into: &meanSquare.tensors[index], keeping: decay)
      var square = meanSquare.tensors[index]
      if isCentered {
        Vectors.add(gradient, times: 1 - decay, to: &mean.tensors[index], keeping: decay)
        square = Vectors.variance(meanSquare: square, mean: mean.tensors[index])
      }
      if momentum == 0 {
        Vectors.add(
          gradient, overRootOf: square, epsilon: epsilon, times: -learningRate,
          to: &parameters.tensors[index],
          keeping: 1)
      } else {
        Vectors.add(
          gradient, overRootOf: square, epsilon: epsilon, times: 1, to: &velocity.tensors[index],
          keeping: momentum)
        Vectors.add(velocity.tensors[index], times: -learningRate, to: &parameters.tensors[index])
      }
    }
    if let bounds { parameters.clipValues(to: bounds) }
  }
}
