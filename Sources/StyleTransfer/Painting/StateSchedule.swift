/// When the state of a painting is written: first when it has taken long, and then so seldom that writing takes a small part
/// of the time.
package struct StateSchedule {
  /// The seconds after which a painting takes long.
  package static let patience = 120.0
  /// The seconds from one state to the next.
  package static let interval = 180.0
  /// What part of the time writing may take.
  private static let share = 0.05

  private let clock = ContinuousClock()
  private let interval: Double
  private let longAfter: ContinuousClock.Instant
  private var due: ContinuousClock.Instant

  /// - Parameters:
  ///   - first: The seconds to the first state; `nil` for when the painting takes long.
  ///   - patience: The seconds after which it does.
  ///   - interval: The seconds from one state to the next.
  package init(
    first: Double? = nil, patience: Double = Self.patience, interval: Double = Self.interval
  ) {
    let begin = clock.now
    self.interval = interval
    longAfter = begin + .seconds(patience)
    due = begin + .seconds(first ?? patience)
  }

  /// Whether it is time to write a state.
  package var isDue: Bool { clock.now >= due }

  /// Whether the painting has taken long.
  package var hasTakenLong: Bool { clock.now >= longAfter }

  /// Writes a state by `write`, and sets the time of the next one.
  package mutating func writing<Failure: Error>(_ write: () throws(Failure) -> Void) throws(Failure) {
    let start = clock.now
    defer {
      let seconds = (clock.now - start) / .seconds(1)
      due = clock.now + .seconds(max(interval, seconds / Self.share))
    }
    try write()
  }
}
