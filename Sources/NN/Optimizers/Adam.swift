import Tensor

/// Adam: gradient descent with a step of its own for every element, from running means of the gradient and of
/// its square.
///
///     m ← β₁ m + (1 − β₁) g          v ← β₂ v + (1 − β₂) g²
///     x ← x − rate · (m / (1 − β₁ᵏ)) / (√(v / (1 − β₂ᵏ)) + ε)        k: the number of the step
///
/// (Kingma and Ba, 2015, with PyTorch's place for ε.) A departure: where the gradient is not finite, `x` goes
/// back to the last good place, the means start again and the rate is halved from then on.
public struct Adam<Scalar: TensorScalar>: Optimizer {
  /// About how far an element moves in a step, in units of `x`.
  public var learningRate: Double
  /// How much of the means is kept in a step: β₁ of the gradient's, β₂ of its square's.
  public var betas: (Double, Double)
  /// Keeps the division from being one by zero.
  public var epsilon: Double

  /// Where elements of `x` are kept by clamping after each step; `nil` for anywhere.
  public var bounds: ClosedRange<Scalar>?

  private var stepCount = 0
  private var mean: Tensor<Scalar>?
  private var meanSquare: Tensor<Scalar>?
  /// The last place with a finite gradient.
  private var lastGood: Tensor<Scalar>?
  private var rateScale = 1.0
  private var rollbacks = 0
  /// Whether `x` was put back, so that it will be evaluated a second time.
  private var isRetrying = false

  /// How often in a row a step may be rolled back before it is given up.
  private static var rollbackLimit: Int { 10 }

  /// - Precondition: `learningRate` > 0, both `betas` in 0 ..< 1, `epsilon` ≥ 0.
  public init(
    learningRate: Double = 0.02, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    bounds: ClosedRange<Scalar>? = nil
  ) {
    precondition(learningRate > 0, "Adam: the learning rate \(learningRate) is not positive")
    precondition(
      (0..<1).contains(betas.0) && (0..<1).contains(betas.1), "Adam: the betas \(betas) are not in 0 ..< 1")
    precondition(epsilon >= 0, "Adam: epsilon \(epsilon) is negative")
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.bounds = bounds
  }

  public mutating func reset() {
    self = Adam(learningRate: learningRate, betas: betas, epsilon: epsilon, bounds: bounds)
  }

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
    if !isRetrying { rollbacks = 0 }
    isRetrying = false
    lastGood = here.x
    if here.gradientMagnitude == 0, mean == nil {
      report.outcome = .converged
      return report
    }
    advance(&x, here.gradient)
    return report
  }

  private mutating func advance(_ x: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>) {
    stepCount += 1
    var (first, second) = (mean ?? .zeros(x.shape), meanSquare ?? .zeros(x.shape))
    // Out of the properties, so that the loops find them unshared and write in place.
    (mean, meanSquare) = (nil, nil)
    Flat.update(&first, gradient, Decay(keep: betas.0))
    Flat.update(&second, gradient, DecaySquare(keep: betas.1))
    let (correction, squareCorrection) = (
      1 - Self.power(betas.0, stepCount), 1 - Self.power(betas.1, stepCount)
    )
    Flat.update(
      &x, first, second,
      Descend(
        rate: learningRate * rateScale / correction, rootCorrection: squareCorrection.squareRoot(),
        epsilon: epsilon,
        bounds: bounds.map { Double($0.lowerBound)...Double($0.upperBound) } ?? Descend.everywhere))
    (mean, meanSquare) = (first, second)
  }

  private mutating func rollBack(_ x: inout Tensor<Scalar>) -> StepReport.Outcome {
    rollbacks += 1
    guard let lastGood, rollbacks <= Self.rollbackLimit else { return .stalled }
    x = lastGood
    isRetrying = true
    (stepCount, mean, meanSquare) = (0, nil, nil)
    rateScale /= 2
    return .rolledBack
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double { Double.pow(base, Double(exponent)) }
}

private struct Decay: ElementUpdate {
  let keep: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    S(keep) * r + S(1 - keep) * a
  }
}

private struct DecaySquare: ElementUpdate {
  let keep: Double
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    S(keep) * r + S(1 - keep) * a * a
  }
}

private struct Descend: ElementUpdate {
  let rate: Double
  let rootCorrection: Double
  let epsilon: Double
  let bounds: ClosedRange<Double>
  static let everywhere = -Double.infinity...Double.infinity

  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    let moved = r - S(rate) * a / (b.squareRoot() / S(rootCorrection) + S(epsilon))
    return min(max(moved, S(bounds.lowerBound)), S(bounds.upperBound))
  }
}
