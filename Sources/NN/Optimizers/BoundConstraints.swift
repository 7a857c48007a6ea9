import Tensor

/// A range for the elements of a tensor, and what follows from it for a step that must stay inside.
struct Box<Scalar: TensorScalar>: Sendable {
  let bounds: ClosedRange<Double>

  init(_ bounds: ClosedRange<Scalar>) { self.bounds = Double(bounds.lowerBound)...Double(bounds.upperBound) }

  /// x + t · d, each element clamped to the range.
  func moved(_ x: Tensor<Scalar>, by t: Double, along d: Tensor<Scalar>) -> Tensor<Scalar> {
    Flat.combined(x, d, ClampedMove(length: t, bounds: bounds))
  }

  /// x with each element clamped to the range.
  func clamped(_ x: Tensor<Scalar>) -> Tensor<Scalar> { moved(x, by: 0, along: x) }

  /// The gradient, with zeros for the elements that are at a bound and that descent would push out.
  func freeGradient(at point: Evaluation<Scalar>) -> Tensor<Scalar> {
    var gradient = point.gradient
    freeze(&gradient, at: point)
    return gradient
  }

  /// Puts zeros in `direction` where the gradient keeps an element at its bound.
  func freeze(_ direction: inout Tensor<Scalar>, at point: Evaluation<Scalar>) {
    Flat.update(&direction, point.x, point.gradient, Freeze(sense: -1, bounds: bounds))
  }

  /// Puts zeros in `direction` where the gradient keeps an element at its bound, and where it leads out itself.
  func freezeOutward(_ direction: inout Tensor<Scalar>, at point: Evaluation<Scalar>) {
    freeze(&direction, at: point)
    Flat.update(&direction, point.x, direction, Freeze(sense: 1, bounds: bounds))
  }
}

// Outside of Box: a type inside a generic one is generic as well, and would keep the loops so.

private struct ClampedMove: ElementUpdate {
  let length: Double
  let bounds: ClosedRange<Double>
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    min(max(a + S(length) * b, S(bounds.lowerBound)), S(bounds.upperBound))
  }
}

/// Zero where the element `a` of x is at a bound and `sense` · `b` points outwards.
private struct Freeze: ElementUpdate {
  let sense: Double
  let bounds: ClosedRange<Double>
  @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S {
    let outward = S(sense) * b
    let isFrozen = (a <= S(bounds.lowerBound) && outward < 0) || (a >= S(bounds.upperBound) && outward > 0)
    return isFrozen ? 0 : r
  }
}

/// A search along a direction that is bent by the box: backtracking until the decrease is a part of what the
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
