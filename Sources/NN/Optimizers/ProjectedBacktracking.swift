/// A search along a direction that is bent by bounds: backtracking until the decrease is a part of what the
/// gradient promises for the step that was really made.
struct ProjectedBacktracking: Sendable {
  var sufficientDecrease = 1e-4
  var maximumEvaluations = 20

  /// - Parameters:
  ///   - probe: The evaluation at a step's length and g · Δx for the step.
  /// - Returns: A lower point, or `nil`.
  func search<Scalar, Failure: Error>(
    from start: Evaluation<Scalar>, firstLength: Double,
    probe: (Double) throws(Failure) -> (evaluation: Evaluation<Scalar>, promise: Double)
  ) throws(Failure) -> Evaluation<Scalar>? {
    var length = firstLength
    for _ in 0..<maximumEvaluations {
      let (trial, promise) = try probe(length)
      if promise == 0 { return nil }
      if trial.isFinite, promise < 0, trial.value < start.value,
        trial.value <= start.value + sufficientDecrease * promise
      {
        return trial
      }
      guard trial.isFinite else {
        length *= 0.1
        continue
      }
      // The minimum of the parabola with the start's value and slope and this value.
      let excess = trial.value - start.value - promise
      let shrink = excess > 0 ? -promise / (2 * excess) : 0.5
      length *= min(max(shrink, 0.1), 0.5)
    }
    return nil
  }
}
