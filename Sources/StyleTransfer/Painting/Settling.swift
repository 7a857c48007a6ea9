import Foundation

/// When an objective counts as settled: the last iterations lowered it by so small a part that nobody would see
/// the next ones.
struct Settling: Equatable, Sendable {
  /// How many iterations are looked back at.
  var window = 20
  /// The part of the objective that they must bring.
  var part = 0.01

  /// Why a run has settled, or `nil` while it has not.
  ///
  /// - Parameter totals: The lowest objective after each iteration; the first is the start's.
  func reason(_ totals: [Double]) -> String? {
    guard totals.count > window, let last = totals.last else { return nil }
    let before = totals[totals.count - 1 - window]
    guard before - last < part * before else { return nil }
    return String(
      format: "settled: %d iterations lowered the objective by %.1f %%", window,
      100 * (before - last) / before)
  }
}
