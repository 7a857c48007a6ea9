import Tensor

/// Lowers a learning rate when a figure, such as the loss of unseen examples, has not become better for a while.
///
/// ```swift
/// var plateau = ReduceOnPlateau(factor: 0.5, patience: 5)
/// for epoch in 0..<100 {
///   // … train, and measure
///   plateau.adjust(&optimizer.learningRate, after: unseenLoss)
/// }
/// ```
///
/// It is a value that a file can keep: `Codable`.
public struct ReduceOnPlateau: Hashable, Codable, Sendable {
  /// Which figures are better.
  public enum Goal: String, Hashable, Codable, Sendable {
    /// The lower, as a loss.
    case lower
    /// The higher, as a share of right answers.
    case higher
  }

  /// Which figures are better.
  public let goal: Goal
  /// What the rate is multiplied by.
  public let factor: Double
  /// How many figures in a row may be no better before the rate is lowered at the next one.
  public let patience: Int
  /// By which part of the best figure another must be better to count as such.
  public let threshold: Double
  /// After how many more figures after a lowering counting begins again.
  public let cooldown: Int
  /// The rate that is not gone below.
  public let minimumRate: Double
  /// The best figure so far; `nil` before the first.
  public private(set) var best: Double?
  /// How many figures in a row were no better.
  private var waited = 0
  private var cooling = 0

  /// A watcher that has seen nothing; the defaults are PyTorch's.
  ///
  /// - Parameters:
  ///   - goal: Which figures are better.
  ///   - factor: What the rate is multiplied by.
  ///   - patience: How many figures in a row may be no better before the rate is lowered at the next one.
  ///   - threshold: By which part of the best figure another must be better to count as such.
  ///   - cooldown: After how many more figures after a lowering counting begins again.
  ///   - minimumRate: The rate that is not gone below.
  /// - Precondition: `factor` is in 0 ..< 1, and no other figure is negative.
  public init(
    _ goal: Goal = .lower, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    cooldown: Int = 0, minimumRate: Double = 0
  ) {
    ShapeCheck.require((0..<1).contains(factor)) { "ReduceOnPlateau: the factor \(factor) is not in 0 ..< 1" }
    ShapeCheck.require(patience >= 0 && threshold >= 0 && cooldown >= 0 && minimumRate >= 0) {
      "ReduceOnPlateau: a patience of \(patience), a threshold of \(threshold), a cooldown of \(cooldown) or a minimum of "
        + "\(minimumRate) is negative"
    }
    self.goal = goal
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimumRate = minimumRate
  }

  /// Takes the next figure, and lowers `rate` if it is time. A figure that is not a number is no better than any.
  ///
  /// - Returns: Whether the rate was lowered.
  @discardableResult
  public mutating func adjust(_ rate: inout Double, after figure: Double) -> Bool {
    if isBetter(figure) {
      best = figure
      waited = 0
    } else {
      waited += 1
    }
    if cooling > 0 {
      cooling -= 1
      waited = 0
    }
    guard waited > patience else { return false }
    (waited, cooling) = (0, cooldown)
    let lowered = max(rate * factor, minimumRate)
    guard lowered < rate else { return false }
    rate = lowered
    return true
  }

  private func isBetter(_ figure: Double) -> Bool {
    guard let best else { return !figure.isNaN }
    return switch goal {
    case .lower: figure < best * (1 - threshold)
    case .higher: figure > best * (1 + threshold)
    }
  }
}
