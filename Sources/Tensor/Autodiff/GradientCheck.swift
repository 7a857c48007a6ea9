/// Compares the derivatives that a function's operations record with differences of its values.
///
/// The function's result is weighed with a random covector w, and each input is moved along a random direction v.
/// The recorded derivative ⟨∇(Σ w·f), v⟩ and the central difference (Σ w·f(x + εv) − Σ w·f(x − εv)) / 2ε are then
/// two numbers that must agree, whatever the number of elements.
///
/// ```swift
/// let x = Tensor<Double>([0.5, -1.5])
/// print(GradientCheck.report(at: x) { ($0.exp() + 1).log() })
/// ```
///
/// Choose the point away from kinks, such as 0 for `abs()`, where the difference sees both sides.
public enum GradientCheck {
  /// What a check found.
  public struct Result: Sendable {
    /// The figures of one input.
    public struct Input: Sendable {
      /// The derivative along the direction by the recorded rules.
      public let analytic: Double
      /// The same by a central difference.
      public let numeric: Double
      /// |analytic − numeric| over the larger of their magnitudes; 0 when both are 0.
      public let relativeError: Double
      /// ε: half the distance of the two points whose values are compared, in units of the direction.
      public let step: Double
      /// Whether the two agree to ``GradientCheck/tolerance``, or as well as rounding lets the difference be.
      public let passed: Bool
    }

    /// One for each input of the function, in order.
    public let inputs: [Input]

    /// Whether all inputs passed.
    public var passed: Bool { inputs.allSatisfy(\.passed) }
  }

  /// Which derivative is checked.
  public enum Order: Sendable {
    /// The gradient of Σ w·f.
    case first
    /// The derivative of ⟨∇ Σ w·(½f² + f), u⟩ for a random direction u. The square makes it depend on every rule,
    /// also where f is linear; f itself keeps it from being 0 where f² is.
    case second
  }

  /// The relative error that passes. A central difference with the best step, ε = ∛(machine epsilon), is right to
  /// about ε² ≈ 4e-11; the rest is room for large higher derivatives.
  public static let tolerance = 1e-6

  /// Checks the derivative of `function` at `x`.
  ///
  /// - Parameters:
  ///   - x: The point, away from kinks.
  ///   - order: The first derivative, or the second.
  ///   - seed: Chooses the random direction and covector.
  ///   - function: Any function made of differentiable operations; its result may have any shape.
  public static func check(
    at x: Tensor<Double>, order: Order = .first, seed: UInt64 = 0,
    in function: (Tensor<Double>) -> Tensor<Double>
  ) -> Result {
    check(at: [x], order: order, seed: seed) { function($0[0]) }
  }

  /// Checks the derivatives of `function` with respect to each of several tensors.
  public static func check(
    at x: [Tensor<Double>], order: Order = .first, seed: UInt64 = 0,
    in function: ([Tensor<Double>]) -> Tensor<Double>
  ) -> Result {
    let point = x.map { $0.detached() }
    var random = RandomGenerator(seed: seed)
    let covector = Tensor<Double>.normal(function(point).shape, using: &random)
    switch order {
    case .first:
      return compare(at: point, &random) { (function($0) * covector).sum() }
    case .second:
      let directions = point.map { Tensor<Double>.normal($0.shape, using: &random) }
      return compare(at: point, &random) { x in
        let variables = x.map { $0.isTracked ? $0 : $0.tracked() }
        let y = function(variables)
        let energy = ((0.5 * y.square() + y) * covector).sum()
        let slopes = gradient(
          of: energy, withRespectTo: variables, differentiable: true, allowingIndependent: true)
        return zip(slopes, directions).map { ($0 * $1).sum() }.reduce(Tensor(0), +)
      }
    }
  }

  /// The figures of a check in words, a line for each input.
  public static func report(
    at x: Tensor<Double>, order: Order = .first, seed: UInt64 = 0,
    in function: (Tensor<Double>) -> Tensor<Double>
  ) -> String {
    check(at: x, order: order, seed: seed, in: function).description
  }

  /// The figures of a check of several inputs in words, a line for each input.
  public static func report(
    at x: [Tensor<Double>], order: Order = .first, seed: UInt64 = 0,
    in function: ([Tensor<Double>]) -> Tensor<Double>
  ) -> String {
    check(at: x, order: order, seed: seed, in: function).description
  }

  /// Compares for each input of a function with one result, moving the others not at all.
  private static func compare(
    at point: [Tensor<Double>], _ random: inout RandomGenerator,
    _ function: ([Tensor<Double>]) -> Tensor<Double>
  ) -> Result {
    let (value, gradients) = valueWithGradient(at: point, in: function)
    let inputs = point.indices.map { index in
      let direction = Tensor<Double>.normal(point[index].shape, using: &random)
      let analytic = (gradients[index] * direction).sum().scalar
      let scale = point[index].square().sum().scalar / Double(max(point[index].count, 1))
      let step = stepUnit * (scale > 0 ? scale.squareRoot() : 1)
      func moved(by distance: Double) -> Double {
        var x = point
        x[index] = x[index] + distance * direction
        return function(x).scalar
      }
      let (ahead, behind) = (moved(by: step), moved(by: -step))
      let numeric = (ahead - behind) / (2 * step)
      let error = (analytic - numeric).magnitude
      let size = max(analytic.magnitude, numeric.magnitude)
      // What rounding of the values alone may do to their difference.
      let noise = 8 * Double.ulpOfOne * max(ahead.magnitude, behind.magnitude, value.scalar.magnitude) / step
      return Result.Input(
        analytic: analytic, numeric: numeric, relativeError: size == 0 ? 0 : error / size, step: step,
        passed: error <= tolerance * size + noise)
    }
    return Result(inputs: inputs)
  }

  /// ∛(machine epsilon), where rounding and the third derivative do equal harm.
  private static let stepUnit = 6.055e-6
}

extension GradientCheck.Result: CustomStringConvertible {
  /// A line for each input: its figures and whether they agree.
  public var description: String {
    inputs.enumerated().map { index, input in
      "input \(index): \(input.passed ? "agrees" : "DIFFERS"), analytic \(input.analytic), "
        + "numeric \(input.numeric), relative error \(input.relativeError), step \(input.step)"
    }.joined(separator: "\n")
  }
}
