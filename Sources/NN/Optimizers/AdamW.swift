import Tensor

/// The AdamW optimiser: ``Adam`` with weights that decay by themselves, x ← (1 − rate · weightDecay) · x before each step.
///
/// (Loshchilov and Hutter, 2019.) A decay that was part of the gradient would be divided by its size, as Adam does
/// with all of it, and large gradients would decay least.
public struct AdamW<Scalar: TensorScalar>: FirstOrderOptimizer {
  /// The learning rate: about how far an element moves in a step, in units of `x`.
  public var learningRate: Double
  /// β₁ and β₂: how much of the running means of the gradient and of its square is kept in a step.
  public var betas: (Double, Double)
  /// ε, which keeps the division from being one by zero; not negative.
  public var epsilon: Double
  /// The weight decay: the part of `x` that a step takes off, for a learning rate of 1.
  public var weightDecay: Double
  /// The bounds that elements of `x` are clamped to after each step; `nil` for none.
  public var bounds: ClosedRange<Scalar>?
  public var descentGuard = DescentGuard<Scalar>()

  private var means = AdamMeans<Scalar>()

  /// An optimiser that has learned nothing; the defaults are PyTorch's.
  ///
  /// - Precondition: `learningRate` > 0, both `betas` in 0 ..< 1, `epsilon` ≥ 0, `weightDecay` ≥ 0.
  public init(
    learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, bounds: ClosedRange<Scalar>? = nil
  ) {
    ShapeCheck.require(learningRate > 0) { "AdamW: the learning rate \(learningRate) is not positive" }
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.bounds = bounds
    requireFigures()
  }

  /// Traps for figures out of range, which may be changed between steps.
  private func requireFigures() {
    requireAdamFigures("AdamW", learningRate, betas, epsilon)
    ShapeCheck.require(weightDecay >= 0) { "AdamW: the weight decay \(weightDecay) is negative" }
  }

  public mutating func reset() { (means, descentGuard) = (AdamMeans(), DescentGuard()) }

  public var state: NamedTensors<Scalar> { means.state(with: descentGuard) }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    (means, descentGuard) = try AdamMeans.restored(from: state, of: "AdamW")
  }

  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    requireFigures()
    means.advance(
      &parameters, along: gradients, rate: learningRate, betas: betas, epsilon: epsilon,
      keep: 1 - learningRate * weightDecay, bounds: bounds, "AdamW")
  }
}
