import Tensor

/// A method that lowers a function of a tensor, or of a model's parameters, step by step.
///
/// ```swift
/// var optimizer = LBFGS<Double>()
/// var x = Tensor<Double>([-1.2, 1])
/// for _ in 0..<100 {
///   let report = optimizer.step(&x) { x in
///     valueWithGradient(at: x) { x in
///       let (a, b) = (x[0], x[1])
///       return (1 - a).square() + 100 * (b - a.square()).square()
///     }
///   }
///   if report.outcome.isFinished { break }
/// }
/// ```
///
/// An optimiser keeps what it knows about one function: call ``reset()`` before using it for another. It is a value: a
/// copy goes its own way. ``save(to:metadata:)-(String,_)`` keeps what it knows in a file.
public protocol Optimizer<Scalar>: Sendable {
  /// The element type of what is moved.
  associatedtype Scalar: TensorScalar

  /// Moves `x` to where the function is lower.
  ///
  /// - Parameters:
  ///   - x: Where to start; the better place on return. It is never left where the function is not finite,
  ///     unless it started there.
  ///   - evaluate: The function's value, one element, and its gradient, of the shape of `x`. It is called once
  ///     or several times.
  /// - Returns: What happened.
  /// - Throws: What `evaluate` throws; `x` and the optimiser are then as they were before the step.
  mutating func step<Failure: Error>(
    _ x: inout Tensor<Scalar>,
    evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> StepReport

  /// Forgets what was learned of the function, as after a change of it.
  mutating func reset()

  /// The optimiser's state: what was learned of the function, as named tensors; none at first and after ``reset()``.
  ///
  /// The optimiser's own figures, such as a learning rate, are not among them: one that goes on from a state is made
  /// with the same figures.
  var state: NamedTensors<Scalar> { get }

  /// Goes on from what was learned by another optimiser of the same type and figures: what follows is to the bit what
  /// would have followed there.
  ///
  /// - Parameter state: The other's ``state``, in any order.
  /// - Throws: ``OptimizerStateError`` when the tensors are not the state of such an optimiser, which then stays as it
  ///   was.
  mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError)
}

/// What a step of an ``Optimizer`` did.
public struct StepReport: Sendable, Equatable {
  /// The value of the function: after the step for ``LBFGS``, before it for a
  /// ``FirstOrderOptimizer``, which evaluates once.
  public var value: Double
  /// The largest magnitude of an element of the gradient at the same place.
  public var gradientMagnitude: Double
  /// How many times the function was evaluated.
  public var evaluations: Int
  /// How many of the evaluations gave a value or a gradient that is not finite.
  public var nonFiniteEvaluations: Int
  /// How the step ended.
  public var outcome: Outcome

  /// A report of these figures, as an optimiser of one's own makes it.
  public init(
    value: Double, gradientMagnitude: Double, evaluations: Int, nonFiniteEvaluations: Int = 0,
    outcome: Outcome
  ) {
    self.value = value
    self.gradientMagnitude = gradientMagnitude
    self.evaluations = evaluations
    self.nonFiniteEvaluations = nonFiniteEvaluations
    self.outcome = outcome
  }

  /// How a step ended.
  public enum Outcome: Sendable, Equatable {
    /// The function is lower, or, for a ``FirstOrderOptimizer``, a step was taken.
    case advanced
    /// The function is lower, but only along the gradient: what was learned of its curvature led nowhere, and
    /// was dropped.
    case restarted
    /// The function was not finite wherever it was tried; `x` is the last good one and the next step will be
    /// shorter.
    case rolledBack
    /// The gradient is as good as zero.
    case converged
    /// The function no longer changes by an amount that matters, or that the scalar type can tell.
    case settled
    /// No lower value was found, not even along the gradient.
    case stalled

    /// Whether another step would do nothing more.
    public var isFinished: Bool {
      switch self {
      case .advanced, .restarted, .rolledBack: false
      case .converged, .settled, .stalled: true
      }
    }
  }
}

extension StepReport.Outcome: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .advanced: "the loss went down"
    case .restarted: "the line search failed and was restarted along the gradient"
    case .rolledBack: "the loss was not finite; back at the last good point"
    case .converged: "converged: the gradient is as good as zero"
    case .settled: "settled: the loss no longer changes"
    case .stalled: "stopped: no lower loss was found along the gradient"
    }
  }
}

/// A place with the function's value and gradient there.
struct Evaluation<Scalar: TensorScalar> {
  let x: Tensor<Scalar>
  let value: Double
  let gradient: Tensor<Scalar>
  let gradientMagnitude: Double

  init<Failure: Error>(
    at x: Tensor<Scalar>,
    _ evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) {
    let result = try evaluate(x)
    ShapeCheck.require(result.gradient.shape == x.shape) {
      "Optimizer: the gradient has the shape \(result.gradient.shape), the point \(x.shape)"
    }
    self.init(x: x, value: Double(result.value.scalar), gradient: result.gradient.detached())
  }

  init(x: Tensor<Scalar>, value: Double, gradient: Tensor<Scalar>) {
    self.x = x
    self.value = value
    self.gradient = gradient
    gradientMagnitude = Vectors.largestMagnitude(gradient)
  }

  var isFinite: Bool { value.isFinite && gradientMagnitude.isFinite }

  /// The same with its gradient where it may stay until the step after the next evaluation.
  var lasting: Evaluation { Evaluation(self, gradient: gradient.lasting()) }

  private init(_ other: Evaluation, gradient: Tensor<Scalar>) {
    (x, value, gradientMagnitude) = (other.x, other.value, other.gradientMagnitude)
    self.gradient = gradient
  }
}

/// Counts a step's evaluations.
struct EvaluationCounter {
  private(set) var total = 0
  private(set) var nonFinite = 0

  mutating func evaluation<Scalar, Failure: Error>(
    at x: Tensor<Scalar>,
    _ evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> Evaluation<Scalar> {
    let evaluation = try Evaluation(at: x, evaluate)
    total += 1
    if !evaluation.isFinite { nonFinite += 1 }
    return evaluation
  }

  func report<Scalar: TensorScalar>(_ point: Evaluation<Scalar>, _ outcome: StepReport.Outcome) -> StepReport
  {
    StepReport(
      value: point.value, gradientMagnitude: point.gradientMagnitude, evaluations: total,
      nonFiniteEvaluations: nonFinite, outcome: outcome)
  }
}
