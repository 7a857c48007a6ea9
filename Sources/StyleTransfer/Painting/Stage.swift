import NN
import Tensor

/// One size of a painting while it is worked on: a picture that an optimiser moves so that an objective falls.
///
/// A step of an optimiser evaluates the objective where it stands, or where it has come to, or both; an iteration
/// here is told when its picture has been evaluated. So an evaluation that the next step will ask for first is made
/// beforehand and handed to it: of the start, and after each step of a method that evaluates before it moves.
struct Stage: Sendable {
  /// How the size ended.
  enum Ending: Equatable, Sendable {
    /// All iterations were done.
    case completed
    /// Another iteration would change nothing; the sentence says why.
    case settled(String)
  }

  /// What became of a wish for another iteration.
  enum Answer {
    case iteration(Iteration)
    /// The size had ended already.
    case ended(Ending)
    /// It was stopped; nothing of the unfinished iteration is kept.
    case stopped
  }

  private var targets: StageTargets
  private var iterations: Int
  private let settling: Settling?
  /// What is still to come of the end that is done otherwise.
  private var refinement: StageRefinement?
  /// The iteration after which the size went on otherwise.
  private var refinedAt: Int?
  /// Why the size had settled when it went on otherwise.
  private var settledBefore: String?
  private var method: any Optimizer<Float>
  private var picture: Tensor<Float>
  private var observer = StageObserver()
  /// Along which directions the style is looked at.
  private var turn = 0
  /// Whether `picture` has not been looked at yet: at the start, and where a stop came between a step and that.
  private var awaitsEvaluation = true
  private var ending: Ending?

  /// - Parameters:
  ///   - iterations: The most that are done.
  ///   - settling: When the size ends before that; `nil` for never.
  ///   - refinement: How the last iterations are done otherwise; `nil` for alike.
  init(
    _ targets: StageTargets, from picture: Tensor<Float>, iterations: Int, settling: Settling?,
    refinement: StageRefinement? = nil
  ) {
    (self.targets, self.picture) = (targets, picture)
    (self.iterations, self.settling, self.refinement) = (iterations, settling, refinement)
    method = targets.optimizer()
  }

  /// Lets Adam go on with the means of another stage, where its picture has the same size. They forget the other
  /// objective within some steps, while what L-BFGS remembers of it would stay and mislead.
  mutating func takeOver(from other: Stage) {
    if other.method is Adam<Float>, method is Adam<Float>, other.picture.shape == picture.shape {
      method = other.method
    }
  }

  /// What the size would have started from if it had been the first.
  var start: Tensor<Float>? { targets.start }
  /// The picture with the lowest objective of all told iterations; the start before the first.
  var best: Tensor<Float> { observer.progress.best?.picture ?? picture }
  /// The iteration that ``best`` comes from.
  var bestIteration: Iteration? { observer.progress.best?.iteration }
  /// The last iteration that was told.
  var last: Iteration? { observer.progress.last }

  /// Makes one more iteration; the first is number 0, the start.
  ///
  /// - Parameter shouldStop: Asked before each evaluation.
  mutating func next(shouldStop: () -> Bool) throws -> Answer {
    if !awaitsEvaluation {
      do { try refineWhereDue(shouldStop) } catch is StageObserver.Stopped { return .stopped }
      if let ending { return .ended(ending) }
      if let last, last.number >= iterations {
        let ending = settledBefore.map(Ending.settled) ?? .completed
        self.ending = ending
        return .ended(ending)
      }
    }
    let clock = ContinuousClock()
    let begin = clock.now
    defer { observer.progress.seconds += (clock.now - begin) / .seconds(1) }
    do {
      if !awaitsEvaluation {
        try turnWhereDue(shouldStop)
        try step(shouldStop)
      }
      if awaitsEvaluation { try evaluateAhead(shouldStop) }
    } catch is StageObserver.Stopped {
      return .stopped
    }
    return .iteration(observer.progress.tell(after: (clock.now - begin) / .seconds(1)))
  }

  /// Goes over to the last iterations, where the others are done or have settled.
  ///
  /// What is known is another function's then, so that one evaluation more is made, where the picture is.
  private mutating func refineWhereDue(_ shouldStop: () -> Bool) throws {
    guard let due = refinement, let last else { return }
    guard ending != nil || last.number >= due.firstIteration, last.number < iterations else { return }
    var targets = try due.targets()
    if turn > 0 { targets.turn(to: turn) }
    var observer = observer
    observer.known = nil
    let (value, gradient) = try observer.evaluation(of: targets, at: picture, shouldStop)
    observer.known = KnownEvaluation(picture: picture, value: value, gradient: gradient)
    self.observer = observer
    if case .settled(let reason) = ending { settledBefore = reason }
    ending = nil
    refine(due, targets, after: last.number)
    tellOfRefinement()
  }

  /// Looks at the style along other directions, where those before have been held long enough. As in
  /// ``refineWhereDue(_:)``, what is known becomes another function's.
  private mutating func turnWhereDue(_ shouldStop: () -> Bool) throws {
    guard targets.hasTurns, let last, StageTargets.turn(after: last.number) != turn else { return }
    var (targets, observer) = (targets, observer)
    let next = StageTargets.turn(after: last.number)
    targets.turn(to: next)
    observer.known = nil
    let (value, gradient) = try observer.evaluation(of: targets, at: picture, shouldStop)
    observer.known = KnownEvaluation(picture: picture, value: value, gradient: gradient)
    (self.targets, self.observer, turn) = (targets, observer, next)
    tellOfRefinement()
  }

  private mutating func refine(_ due: StageRefinement, _ targets: StageTargets, after number: Int) {
    (self.targets, refinement, refinedAt) = (targets, nil, number)
    if turn > 0 { self.targets.turn(to: turn) }
    iterations = min(iterations, number + due.iterations)
  }

  private mutating func tellOfRefinement() {
    observer.progress.measureAnew()
    guard var lbfgs = method as? LBFGS<Float> else { return }
    lbfgs.functionHasChanged()
    method = lbfgs
  }

  /// Moves the picture once.
  private mutating func step(_ shouldStop: () -> Bool) throws {
    // What an unfinished step found is left out: it could not be found again by stopping at its start. The method and
    // the picture are then as they were; a copy of them would only keep the method from letting go of its oldest pair,
    // or from changing what it remembers in place.
    var observer = observer
    let targets = targets
    let report: StepReport
    do {
      report = try method.step(&picture) { try observer.evaluation(of: targets, at: $0, shouldStop) }
    } catch {
      self.observer.progress.evaluations = observer.progress.evaluations
      throw error
    }
    self.observer = observer
    if report.outcome.isFinished { ending = .settled(report.outcome.description) }
    // A method that evaluates before it moves, as Adam does, does not know how good its picture has become.
    awaitsEvaluation = !observer.progress.hasNews && ending == nil
    if refinedAt == nil, ending == nil, let reason = settling?.reason(observer.progress.totalsWithNews) {
      ending = .settled(reason)
    }
  }

  /// Looks at the picture as it is, and keeps that for the step which will ask for it first.
  private mutating func evaluateAhead(_ shouldStop: () -> Bool) throws {
    let (value, gradient) = try observer.evaluation(of: targets, at: picture, shouldStop)
    observer.known = KnownEvaluation(picture: picture, value: value, gradient: gradient)
    awaitsEvaluation = false
  }
}

// MARK: - Checkpoints

extension Stage {
  /// What a checkpoint keeps of a size beside tensors.
  struct State: Codable {
    let evaluations: Int
    let seconds: Double
    let totals: [Double]
    let last: Iteration?
    let best: Iteration?
    let knownValue: Float?
    let awaitsEvaluation: Bool
    /// Why the size has settled; empty where its iterations are done.
    let ending: String?
    /// After which iteration the size went on otherwise, and why it had settled then.
    let refinedAt: Int?
    let settledBefore: String?
    /// Along which directions the style is looked at; missing where there are none.
    let turn: Int?
  }

  /// Puts tensors into a checkpoint, between two iterations.
  func store(in tensors: inout CheckpointTensors) -> State {
    tensors.add("picture", picture)
    if let origin = targets.origin { tensors.add("origin", origin) }
    if let best = observer.progress.best { tensors.add("best", best.picture) }
    if let known = observer.known {
      tensors.add("known.picture", known.picture)
      tensors.add("known.gradient", known.gradient)
    }
    for (name, tensor) in method.state { tensors.add("optimizer.\(name)", tensor) }
    let progress = observer.progress
    return State(
      evaluations: progress.evaluations, seconds: progress.seconds, totals: progress.totals,
      last: progress.last, best: progress.best?.iteration, knownValue: observer.known?.value.scalar,
      awaitsEvaluation: awaitsEvaluation, ending: ending?.text, refinedAt: refinedAt,
      settledBefore: settledBefore, turn: targets.hasTurns ? turn : nil)
  }

  /// Goes on from what ``store(in:)`` put into a checkpoint.
  mutating func restore(_ state: State, from tensors: borrowing CheckpointTensors) throws {
    picture = try tensors.tensor("picture")
    observer.progress = StageProgress(
      evaluations: state.evaluations, seconds: state.seconds, totals: state.totals, last: state.last,
      best: try state.best.map { ($0, try tensors.tensor("best")) })
    if let value = state.knownValue {
      observer.known = KnownEvaluation(
        picture: try tensors.tensor("known.picture"), value: Tensor(value),
        gradient: try tensors.tensor("known.gradient"))
    }
    try method.restore(tensors.part("optimizer."))
    (awaitsEvaluation, ending) = (state.awaitsEvaluation, state.ending.map(Ending.init(text:)))
    settledBefore = state.settledBefore
    if let number = state.turn, number > 0 {
      turn = number
      targets.turn(to: number)
      // Where nothing came of it yet, what was told is in no state.
      if let last = state.last, StageTargets.turn(after: last.number - 1) != number { tellOfRefinement() }
    }
    guard let number = state.refinedAt, let due = refinement else { return }
    refine(due, try due.targets(), after: number)
    // Where nothing came of it yet, what was told is in no state.
    if number == state.last?.number { tellOfRefinement() }
  }
}

extension Stage.Ending {
  /// The ending as a checkpoint keeps it.
  fileprivate var text: String {
    switch self {
    case .completed: ""
    case .settled(let reason): reason
    }
  }

  fileprivate init(text: String) { self = text.isEmpty ? .completed : .settled(text) }
}
