import Tensor

/// Adam: gradient descent with a step of its own for every element, from running means of the gradient and of
/// its square.
///
///     m ← β₁ m + (1 − β₁) g          v ← β₂ v + (1 − β₂) g²
///     x ← x − rate · (m / (1 − β₁ᵏ)) / (√(v / (1 − β₂ᵏ)) + ε)        k: the number of the step
///
/// (Kingma and Ba, 2015, with PyTorch's place for ε.)
public struct Adam<Scalar: TensorScalar>: FirstOrderOptimizer {
  /// The learning rate: about how far an element moves in a step, in units of `x`.
  public var learningRate: Double
  /// β₁ and β₂: how much of the running means of the gradient and of its square is kept in a step.
  public var betas: (Double, Double)
  /// ε, which keeps the division from being one by zero; not negative.
  public var epsilon: Double
  /// The bounds that elements of `x` are clamped to after each step; `nil` for none.
  public var bounds: ClosedRange<Scalar>?
  public var descentGuard = DescentGuard<Scalar>()

  private var means = AdamMeans<Scalar>()

  /// An optimiser that has learned nothing; the defaults are Kingma and Ba's.
  ///
  /// - Precondition: `learningRate` > 0, both `betas` in 0 ..< 1, `epsilon` ≥ 0.
  public init(
    learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    bounds: ClosedRange<Scalar>? = nil
  ) {
    ShapeCheck.require(learningRate > 0) { "Adam: the learning rate \(learningRate) is not positive" }
    requireAdamFigures("Adam", learningRate, betas, epsilon)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.bounds = bounds
  }

  public mutating func reset() { (means, descentGuard) = (AdamMeans(), DescentGuard()) }

  public var state: NamedTensors<Scalar> { means.state(with: descentGuard) }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    (means, descentGuard) = try AdamMeans.restored(from: state, of: "Adam")
  }

  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    requireAdamFigures("Adam", learningRate, betas, epsilon)
    means.advance(
      &parameters, along: gradients, rate: learningRate, betas: betas, epsilon: epsilon, bounds: bounds,
      "Adam")
  }
}

/// The checks of figures that may be changed between steps.
func requireAdamFigures(
  _ optimizer: String, _ learningRate: Double, _ betas: (Double, Double), _ epsilon: Double
) {
  requireLearningRate(optimizer, learningRate)
  ShapeCheck.require((0..<1).contains(betas.0) && (0..<1).contains(betas.1)) {
    "\(optimizer): the betas \(betas) are not in 0 ..< 1"
  }
  ShapeCheck.require(epsilon >= 0) { "\(optimizer): epsilon \(epsilon) is negative" }
}
