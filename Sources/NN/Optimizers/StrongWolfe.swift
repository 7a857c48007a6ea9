import Tensor

/// A point on the line from a start along a direction.
struct Trial<Scalar: TensorScalar> {
  /// How many times the direction it is from the start.
  let length: Double
  let evaluation: Evaluation<Scalar>
  /// The derivative along the direction.
  let slope: Double

  var value: Double { evaluation.value }
  var isFinite: Bool { evaluation.isFinite }
}

/// A line search for the strong Wolfe conditions:
///
///     f(x + t d) ≤ f(x) + c₁ t g·d      and      |g(x + t d)·d| ≤ c₂ |g·d|
///
/// First the step grows until an interval is known to hold such a point, then the interval shrinks by cubic
/// interpolation (Nocedal and Wright, algorithms 3.5 and 3.6). A value that is not finite counts as infinite.
struct StrongWolfe: Sendable {
  /// c₁: the part of the decrease promised by the slope that must be had.
  var sufficientDecrease = 1e-4
  /// c₂: the part of the slope that may be left.
  var curvature = 0.9
  var maximumEvaluations = 20

  /// The point found: one that meets both conditions or, when evaluations run out, the lowest that meets the
  /// first; `nil` when there is none.
  func search<Scalar, Failure: Error>(
    from start: Trial<Scalar>, firstLength: Double, probe: (Double) throws(Failure) -> Trial<Scalar>
  ) throws(Failure) -> Trial<Scalar>? {
    var previous = start
    var current = try probe(firstLength)
    var evaluations = 1
    while true {
      if !decreasesEnough(current, start) || (evaluations > 1 && current.value >= previous.value) {
        return try zoom(start, low: previous, high: current, evaluations, probe)
      }
      if meetsCurvature(current, start) { return current }
      if current.slope >= 0 { return try zoom(start, low: current, high: previous, evaluations, probe) }
      if evaluations >= maximumEvaluations { return current }
      let shortest = current.length + 0.01 * (current.length - previous.length)
      let guess = cubicMinimum(previous, current) ?? 10 * current.length
      let next = min(max(guess, shortest), 10 * current.length)
      previous = current
      current = try probe(next)
      evaluations += 1
    }
  }

  /// Shrinks an interval that holds a point of both conditions. `low` is its better end.
  private func zoom<Scalar, Failure: Error>(
    _ start: Trial<Scalar>, low: Trial<Scalar>, high: Trial<Scalar>, _ evaluations: Int,
    _ probe: (Double) throws(Failure) -> Trial<Scalar>
  ) throws(Failure) -> Trial<Scalar>? {
    var (low, high) = (low, high)
    for _ in evaluations..<max(maximumEvaluations, evaluations) {
      let width = abs(high.length - low.length)
      if width <= 1e-12 * max(high.length, low.length) { break }
      let trial = try probe(insideLength(low, high))
      if !decreasesEnough(trial, start) || trial.value >= low.value {
        high = trial
      } else {
        if meetsCurvature(trial, start) { return trial }
        if trial.slope * (high.length - low.length) >= 0 { high = low }
        low = trial
      }
    }
    return low.length > 0 ? low : nil
  }

  private func decreasesEnough<Scalar: TensorScalar>(_ trial: Trial<Scalar>, _ start: Trial<Scalar>) -> Bool {
    trial.isFinite && trial.value <= start.value + sufficientDecrease * trial.length * start.slope
      && trial.value < start.value
  }

  private func meetsCurvature<Scalar: TensorScalar>(_ trial: Trial<Scalar>, _ start: Trial<Scalar>) -> Bool {
    abs(trial.slope) <= curvature * abs(start.slope)
  }

  /// Where to look in an interval: the cubic's minimum, at least a tenth of the interval from its ends.
  private func insideLength<Scalar: TensorScalar>(_ low: Trial<Scalar>, _ high: Trial<Scalar>) -> Double {
    let (left, right) = (min(low.length, high.length), max(low.length, high.length))
    guard high.isFinite else {
      // Nothing is known but that it is too far: a tenth of the way, so that few evaluations are lost.
      return low.length + 0.1 * (high.length - low.length)
    }
    let margin = 0.1 * (right - left)
    let guess = cubicMinimum(low, high) ?? (left + right) / 2
    return min(max(guess, left + margin), right - margin)
  }
}

/// Where the cubic through two points with their slopes has its minimum, if it has one.
private func cubicMinimum<Scalar: TensorScalar>(_ a: Trial<Scalar>, _ b: Trial<Scalar>) -> Double? {
  let width = b.length - a.length
  let d1 = a.slope + b.slope - 3 * (b.value - a.value) / width
  let square = d1 * d1 - a.slope * b.slope
  guard square >= 0 else { return nil }
  let d2 = width > 0 ? square.squareRoot() : -square.squareRoot()
  let minimum = b.length - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
  return minimum.isFinite ? minimum : nil
}
