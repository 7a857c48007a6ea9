import Tensor

/// A learning rate for every step: `optimizer.learningRate = schedule(step)`, where the first step is 0.
public struct LearningRateSchedule: Sendable {
  private let rate: @Sendable (Int) -> Double

  /// Any function from the number of a step to its rate.
  public init(_ rate: @escaping @Sendable (_ step: Int) -> Double) { self.rate = rate }

  /// The rate of a step.
  ///
  /// - Precondition: `step` is not negative.
  public func callAsFunction(_ step: Int) -> Double {
    ShapeCheck.require(step >= 0) { "LearningRateSchedule: the step \(step) is negative" }
    return rate(step)
  }

  /// The same rate for ever.
  public static func constant(_ rate: Double) -> LearningRateSchedule { LearningRateSchedule { _ in rate } }

  /// A rate that is multiplied by `factor` after every `interval` steps: rate · factor^⌊k / interval⌋ for step k.
  ///
  /// - Precondition: `interval` is positive.
  public static func step(_ rate: Double, every interval: Int, factor: Double = 0.1) -> LearningRateSchedule {
    ShapeCheck.require(interval > 0) { "LearningRateSchedule: the interval \(interval) is not positive" }
    return LearningRateSchedule { rate * Double.pow(factor, Double($0 / interval)) }
  }

  /// A rate that is multiplied by `factor` after every step: rate · factorᵏ for step k.
  public static func exponential(_ rate: Double, factor: Double) -> LearningRateSchedule {
    LearningRateSchedule { rate * Double.pow(factor, Double($0)) }
  }

  /// Half a cosine from `rate` down to `end` (Loshchilov and Hutter, 2017), after a straight climb to `rate`.
  ///
  /// Step k of W steps of warm-up has rate · (k + 1) / (W + 1); from step W on, with
  /// t = (k − W) / (steps − W), it is end + (rate − end) · (1 + cos πt) / 2, and `end` after the last.
  ///
  /// - Parameters:
  ///   - rate: The highest rate.
  ///   - steps: How many steps there are, those of the warm-up included.
  ///   - warmUp: W.
  ///   - end: The lowest rate.
  /// - Precondition: 0 ≤ `warmUp` < `steps`.
  public static func cosine(
    _ rate: Double, over steps: Int, warmUp: Int = 0, end: Double = 0
  ) -> LearningRateSchedule {
    ShapeCheck.require(0 <= warmUp && warmUp < steps) {
      "LearningRateSchedule: \(warmUp) steps of warm-up do not leave any of \(steps)"
    }
    return LearningRateSchedule { step in
      if step < warmUp { return rate * Double(step + 1) / Double(warmUp + 1) }
      return halfCosine(from: rate, to: end, Double(step - warmUp) / Double(steps - warmUp))
    }
  }

  /// One cycle (Smith and Topin, 2018): half a cosine up from `peak` / `startDivisor`, then half a cosine down to
  /// `peak` / (`startDivisor` · `endDivisor`).
  ///
  /// - Parameters:
  ///   - peak: The highest rate.
  ///   - steps: How many steps there are; the last has the lowest rate.
  ///   - rise: Which part of them the rate goes up.
  ///   - startDivisor: The highest rate over the first.
  ///   - endDivisor: The first rate over the last.
  /// - Precondition: `steps` is at least 2, `rise` is in 0 ... 1, and the divisors are positive.
  public static func oneCycle(
    peak: Double, over steps: Int, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4
  ) -> LearningRateSchedule {
    ShapeCheck.require(steps >= 2 && (0...1).contains(rise) && startDivisor > 0 && endDivisor > 0) {
      "LearningRateSchedule: no cycle has \(steps) steps, a rise of \(rise) and divisors \(startDivisor) and "
        + "\(endDivisor)"
    }
    let start = peak / startDivisor
    let (top, last) = (rise * Double(steps) - 1, Double(steps - 1))
    return LearningRateSchedule { step in
      // A rise of one step is at its top with it.
      Double(step) <= top
        ? halfCosine(from: start, to: peak, top > 0 ? Double(step) / top : 1)
        : halfCosine(from: peak, to: start / endDivisor, (Double(step) - top) / (last - top))
    }
  }

  /// Half a cosine from `start` at t = 0 to `end` at t = 1 and beyond.
  private static func halfCosine(from start: Double, to end: Double, _ t: Double) -> Double {
    end + (start - end) * (1 + Double.cos(.pi * min(t, 1))) / 2
  }
}
