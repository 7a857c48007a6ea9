import Tensor

/// The L-BFGS method: Newton's method with an inverse Hessian worked out from the last few steps.
///
/// Each step goes along d = −H g, where H starts as a multiple of the identity (or of
/// ``initialInverseHessian``) and is corrected by the pairs s = Δx, y = Δg of the last ``historySize`` steps
/// (Nocedal and Wright, Numerical Optimization, algorithm 7.4). How far is found by a line search for the strong
/// Wolfe conditions; along a good d the first try nearly always does, so a step costs one evaluation.
///
/// What keeps it going where the textbook's method stops:
/// - the first step is scaled to the gradient, so that it is a small part of the size of `x`;
/// - a pair without clear curvature is left out;
/// - when the search fails along d, the pairs are dropped and the gradient's direction is tried;
/// - values that are not finite count as infinite: the search comes back towards the last good point, and the
///   report says that it met them.
///
/// With ``bounds`` the elements of `x` are kept in a range (a projected L-BFGS): those that are at a bound and
/// would leave it stay out of the step and of ``initialInverseHessian``, the others follow d and are clamped.
///
/// An `x` that was changed since the last step is noticed; the method then starts afresh from it.
///
/// - Complexity: a step costs its evaluations and 4 · `historySize` passes over the elements of `x`; memory for
///   2 · `historySize` + 5 tensors of the size of `x`, and what ``initialInverseHessian`` works in.
public struct LBFGS<Scalar: TensorScalar>: Optimizer {
  /// The size of the history: how many pairs of steps and gradient changes are kept.
  public let historySize: Int
  /// The part of the first gradient's largest element that no element of the gradient exceeds when the method has
  /// finished.
  public var gradientTolerance: Double
  /// The part of the value that a step lowers it by less than when the method has finished.
  public var changeTolerance: Double
  /// The bounds that the elements of `x` are kept in; `nil` for none.
  public let bounds: ClosedRange<Scalar>?
  /// A first guess of the inverse Hessian: a symmetric positive definite, linear function of a direction, up to
  /// a factor, which is found from the last pair. `nil` is the identity.
  public let initialInverseHessian: (@Sendable (Tensor<Scalar>) -> Tensor<Scalar>)?

  private var history: LBFGSHistory<Scalar>
  /// Where the last step led.
  private var current: Evaluation<Scalar>?
  private var firstGradientMagnitude = 0.0
  /// How far the last step went, as a norm: the first try of a step along the gradient after a restart.
  private var lastStepNorm: Double?
  private var hasRolledBack = false
  /// Whether the value and the gradient of ``current`` are another function's.
  private var isOutdated = false

  /// An optimiser that has learned nothing.
  ///
  /// - Parameters:
  ///   - historySize: 10 to 20 do for pictures.
  ///   - gradientTolerance: See ``gradientTolerance``; with 0 only a gradient of zeros ends it.
  ///   - changeTolerance: See ``changeTolerance``.
  ///   - bounds: See ``bounds``.
  ///   - initialInverseHessian: See ``initialInverseHessian``.
  /// - Precondition: `historySize` ≥ 1; the tolerances are not negative.
  public init(
    historySize: Int = 20, gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9,
    bounds: ClosedRange<Scalar>? = nil,
    initialInverseHessian: (@Sendable (Tensor<Scalar>) -> Tensor<Scalar>)? = nil
  ) {
    ShapeCheck.require(historySize >= 1) { "LBFGS: the history size \(historySize) is less than 1" }
    ShapeCheck.require(gradientTolerance >= 0 && changeTolerance >= 0) {
      "LBFGS: the tolerances \(gradientTolerance) and \(changeTolerance) must not be negative"
    }
    self.historySize = historySize
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.bounds = bounds
    self.initialInverseHessian = initialInverseHessian
    history = LBFGSHistory(capacity: historySize)
  }

  public mutating func reset() {
    history.removeAll()
    (current, lastStepNorm, firstGradientMagnitude, hasRolledBack) = (nil, nil, 0, false)
    isOutdated = false
  }

  /// Tells the method that the function is from now on a slightly different one: the next step asks for the value and
  /// the gradient where it stands, so that no pair is a difference of two functions' gradients. What the pairs say of
  /// the curvature is kept.
  package mutating func functionHasChanged() { isOutdated = true }

  public mutating func step<Failure: Error>(
    _ x: inout Tensor<Scalar>,
    evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> StepReport {
    var counter = EvaluationCounter()
    // What a thrown error puts back. It is let go before a pair is added, so that the oldest one's memory is free.
    var before: (optimizer: Self, x: Tensor<Scalar>)?
    var start: Evaluation<Scalar>
    let isHere = current.map { $0.x.shape == x.shape && Vectors.squaredDistance($0.x, x) == 0 } ?? false
    if let current, isHere, !isOutdated {
      start = current
    } else {
      start = try counter.evaluation(at: constraints?.clamped(x) ?? x.detached(), evaluate)
      before = (self, x)
      if !isHere { reset() }
      isOutdated = false
      guard start.isFinite else { return counter.report(start, .stalled) }
      start = start.lasting
      if !isHere { firstGradientMagnitude = freeMagnitude(start) }
      (current, x) = (start, start.x)
    }
    if hasConverged(start) { return counter.report(start, .converged) }

    var isRestart = false
    var found: Evaluation<Scalar>?
    do throws(Failure) {
      found = try search(from: start, &counter, evaluate)
      if found == nil, !history.isEmpty {
        isRestart = true
        before = before ?? (self, x)
        history.removeAll()
        found = try search(from: start, &counter, evaluate)
      }
    } catch {
      if let before { (self, x) = before }
      throw error
    }
    before = nil
    guard let found else { return counter.report(start, failure(at: start, counter)) }
    return counter.report(found, accept(found, from: start, &x, isRestart: isRestart))
  }
}

extension LBFGS {
  public var state: NamedTensors<Scalar> {
    var writer = StateWriter<Scalar>()
    guard let current else { return writer.state }
    writer.add("x", current.x)
    writer.add("value", current.value)
    writer.add("gradient", current.gradient)
    writer.add("firstGradientMagnitude", firstGradientMagnitude)
    if let lastStepNorm { writer.add("lastStepNorm", lastStepNorm) }
    writer.add("hasRolledBack", hasRolledBack ? 1 : 0)
    history.write(to: &writer)
    return writer.state
  }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    if state.isEmpty { return reset() }
    var reader = StateReader(state, of: "LBFGS")
    var restored = self
    let x = try reader.tensor("x")
    restored.current = Evaluation(
      x: x, value: try reader.number("value"), gradient: try reader.tensor("gradient", shape: x.shape))
    restored.firstGradientMagnitude = try reader.number("firstGradientMagnitude")
    restored.lastStepNorm = try reader.has("lastStepNorm") ? reader.number("lastStepNorm") : nil
    restored.hasRolledBack = try reader.count("hasRolledBack") == 1
    restored.history = try LBFGSHistory(
      capacity: historySize, from: &reader, shape: x.shape, initialInverseHessian: initialInverseHessian)
    try reader.finish()
    self = restored
  }
}

extension LBFGS {
  private var constraints: BoundConstraints<Scalar>? { bounds.map { BoundConstraints($0) } }

  /// A lower point along the direction that the history gives, if there is one.
  private func search<Failure: Error>(
    from start: Evaluation<Scalar>, _ counter: inout EvaluationCounter,
    _ evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> Evaluation<Scalar>? {
    let direction = direction(from: start)
    let slope = Vectors.dot(start.gradient, direction)
    // Not so when rounding has spoiled the pairs, or the given inverse Hessian is not positive definite.
    guard slope < 0, slope.isFinite else { return nil }
    let firstLength = history.isEmpty ? firstStepNorm(at: start) / Vectors.norm(direction) : 1

    if let constraints {
      return try ProjectedBacktracking().search(from: start, firstLength: firstLength) {
        length throws(Failure) in
        let trial = try counter.evaluation(
          at: constraints.moved(start.x, by: length, along: direction), evaluate)
        return (trial, Vectors.dot(start.gradient, trial.x) - Vectors.dot(start.gradient, start.x))
      }
    }
    let origin = Trial(length: 0, evaluation: start, slope: slope)
    return try StrongWolfe().search(from: origin, firstLength: firstLength) { length throws(Failure) in
      let trial = try counter.evaluation(at: Vectors.moved(start.x, by: length, along: direction), evaluate)
      return Trial(length: length, evaluation: trial, slope: Vectors.dot(trial.gradient, direction))
    }?.evaluation
  }

  private func direction(from start: Evaluation<Scalar>) -> Tensor<Scalar> {
    guard let constraints else {
      return history.direction(for: start.gradient, initialInverseHessian: initialInverseHessian)
    }
    var direction = history.direction(for: start.gradient, initialInverseHessian: initialInverseHessian) {
      constraints.freeze(&$0, at: start)
    }
    constraints.freezeOutward(&direction, at: start)
    return direction
  }

  /// How far to go along a direction of which only the sense is known: as far as the last step or, at first, a
  /// hundredth of the size of `x`. Tied to `x`, it is the same whatever the function is multiplied by.
  private func firstStepNorm(at start: Evaluation<Scalar>) -> Double {
    if let lastStepNorm { return lastStepNorm }
    let norm = 0.01 * Vectors.norm(start.x)
    return norm > 0 ? norm : 0.01
  }

  private mutating func accept(
    _ found: Evaluation<Scalar>, from start: Evaluation<Scalar>, _ x: inout Tensor<Scalar>, isRestart: Bool
  ) -> StepReport.Outcome {
    lastStepNorm = history.insert(from: start, to: found, initialInverseHessian: initialInverseHessian)
    (current, x, hasRolledBack) = (found.lasting, found.x, false)
    if hasConverged(found) { return .converged }
    if start.value - found.value <= changeTolerance * abs(start.value) { return .settled }
    return isRestart ? .restarted : .advanced
  }

  /// Why not even the gradient's direction led to a lower point.
  private mutating func failure(at start: Evaluation<Scalar>, _ counter: EvaluationCounter)
    -> StepReport.Outcome
  {
    let norm = firstStepNorm(at: start)
    if counter.nonFinite > 0 {
      lastStepNorm = norm / 10
      defer { hasRolledBack = true }
      return hasRolledBack ? .stalled : .rolledBack
    }
    // The decrease that the slope promises is less than a few roundings of the value.
    let promise = Vectors.norm(start.gradient) * norm
    return promise <= 16 * Double(Scalar.ulpOfOne) * abs(start.value) ? .settled : .stalled
  }

  private func hasConverged(_ point: Evaluation<Scalar>) -> Bool {
    freeMagnitude(point) <= gradientTolerance * firstGradientMagnitude
  }

  /// The largest magnitude of the gradient's elements that the bounds leave free.
  private func freeMagnitude(_ point: Evaluation<Scalar>) -> Double {
    constraints?.freeMagnitude(at: point) ?? point.gradientMagnitude
  }
}
