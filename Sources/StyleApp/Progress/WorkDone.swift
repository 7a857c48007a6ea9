/// How much of a run's work is done, where an iteration costs in proportion to its pixels.
struct WorkDone: Equatable {
  private let schedule: Schedule
  private var step = 0
  /// The iterations done before the present size.
  private var before = 0
  private var last = 0

  init(_ schedule: Schedule) { self.schedule = schedule }

  /// A size was come to; those before may have ended early.
  mutating func begin(_ step: Int) { (self.step, before) = (step, last) }

  mutating func update(_ record: IterationRecord) { last = record.iteration }

  /// The iterations of the whole run, as far as is known.
  var plannedIterations: Int { before + schedule.steps[step...].reduce(0) { $0 + $1.iterations } }

  /// The part of the work that is done, 0 … 1.
  var fraction: Double {
    let done = schedule.steps[..<step].reduce(0) { $0 + $1.cost * Double($1.iterations) } + doneHere
    return done / schedule.steps.reduce(0) { $0 + $1.cost * Double($1.iterations) }
  }

  private var doneHere: Double { schedule.steps[step].cost * Double(last - before) }

  /// `nil` while there is nothing to tell it from.
  func secondsLeft(_ record: IterationRecord) -> Double? {
    let fraction = fraction
    return fraction > 0 && record.iteration > 0 ? record.seconds * (1 - fraction) / fraction : nil
  }
}
