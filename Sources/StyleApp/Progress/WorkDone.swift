import StyleTransfer

/// How much of a run's work is done, where an iteration costs in proportion to its pixels.
struct WorkDone: Equatable {
  private let stages: [StageSize]
  private var stage = 0
  /// The iterations done before the present size.
  private var before = 0
  private var last = 0

  init(_ stages: [StageSize]) { self.stages = stages }

  /// Begins where an earlier run was stopped.
  ///
  /// - Parameter earlier: The iterations that the sizes before this one took.
  mutating func begin(at iteration: Iteration, after earlier: Int) {
    stage = stages.firstIndex { $0.side == iteration.side } ?? 0
    (before, last) = (earlier, iteration.number)
  }

  mutating func update(_ iteration: Iteration) {
    // At a new size; those before may have ended early.
    if let come = stages.firstIndex(where: { $0.side == iteration.side }), come > stage {
      (stage, before) = (come, last)
    }
    last = iteration.number
  }

  /// The iterations of the whole run, as far as is known.
  var plannedIterations: Int { before + stages[stage...].reduce(0) { $0 + $1.iterations } }

  /// The part of the work that is done, 0 … 1.
  var fraction: Double {
    let done = stages[..<stage].reduce(0) { $0 + $1.cost * Double($1.iterations) } + doneHere
    return done / stages.reduce(0) { $0 + $1.cost * Double($1.iterations) }
  }

  private var doneHere: Double { stages[stage].cost * Double(last - before) }

  /// `nil` while there is nothing to tell it from.
  func secondsLeft(_ iteration: Iteration) -> Double? {
    let fraction = fraction
    return fraction > 0 && iteration.number > 0 ? iteration.seconds * (1 - fraction) / fraction : nil
  }
}
