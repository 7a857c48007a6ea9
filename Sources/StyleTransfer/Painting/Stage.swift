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

  private let targets: StageTargets
  private let iterations: Int
  private let settling: Settling?
  private var method: any Optimizer<Float>
  private var picture: Tensor<Float>
  /// The evaluation at `picture` that the next step asks for first.
  private var known: KnownEvaluation?
  private var progress = StageProgress()
  private var ending: Ending?

  /// - Parameters:
  ///   - iterations: The most that are done.
  ///   - settling: When the size ends before that; `nil` for never.
  init(_ targets: StageTargets, from picture: Tensor<Float>, iterations: Int, settling: Settling?) {
    (self.targets, self.picture) = (targets, picture)
    (self.iterations, self.settling) = (iterations, settling)
    method = targets.optimizer()
  }

  /// What the size would have started from if it had been the first.
  var start: Tensor<Float>? { targets.start }
  /// The picture with the lowest objective of all told iterations; the start before the first.
  var best: Tensor<Float> { progress.best?.picture ?? picture }
  /// The iteration that ``best`` comes from.
  var bestIteration: Iteration? { progress.best?.iteration }
  /// The last iteration that was told.
  var last: Iteration? { progress.last }

  /// Makes one more iteration; the first is number 0, the start.
  ///
  /// - Parameter shouldStop: Asked before each evaluation.
  mutating func next(shouldStop: () -> Bool) throws -> Answer {
    if let ending { return .ended(ending) }
    let clock = ContinuousClock()
    let begin = clock.now
    let before = self
    do {
      if let last {
        guard last.number < iterations else {
          ending = .completed
          return .ended(.completed)
        }
        try step(shouldStop)
      } else {
        try evaluateAhead(shouldStop)
      }
      progress.seconds += (clock.now - begin) / .seconds(1)
      return .iteration(progress.tell())
    } catch is Stopped {
      // What an unfinished iteration found is left out: it could not be found again by stopping at its start.
      let (evaluations, seconds) = (progress.evaluations, (clock.now - begin) / .seconds(1))
      self = before
      progress.evaluations = evaluations
      progress.seconds += seconds
      return .stopped
    }
  }

  /// Moves the picture once.
  private mutating func step(_ shouldStop: () -> Bool) throws {
    let report = try move(method, shouldStop)
    if report.outcome.isFinished { ending = .settled(report.outcome.description) }
    let needsEvaluation = !progress.hasNews && ending == nil
    if let reason = settling?.reason(progress.totalsWithNews), ending == nil { ending = .settled(reason) }
    // A method that evaluates before it moves, as Adam does, does not know how good its picture has become.
    if needsEvaluation { try evaluateAhead(shouldStop) }
  }

  private mutating func move<Method: Optimizer>(
    _ method: Method, _ shouldStop: () -> Bool
  ) throws -> StepReport where Method.Scalar == Float {
    var (method, picture) = (method, picture)
    let report = try method.step(&picture) { try evaluation(at: $0, shouldStop) }
    (self.method, self.picture) = (method, picture)
    return report
  }

  private mutating func evaluateAhead(_ shouldStop: () -> Bool) throws {
    let (value, gradient) = try evaluation(at: picture, shouldStop)
    known = KnownEvaluation(picture: picture, value: value, gradient: gradient)
  }

  private mutating func evaluation(
    at picture: Tensor<Float>, _ shouldStop: () -> Bool
  ) throws -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    if let known {
      self.known = nil
      if known.isAt(picture) { return (known.value, known.gradient) }
    }
    if shouldStop() { throw Stopped() }
    let (gradient, terms) = try targets.valueWithGradient(at: picture)
    progress.note(terms, at: picture)
    return (Tensor(Float(terms.total)), gradient)
  }
}

/// Thrown through an optimiser's step to end it.
private struct Stopped: Error {}

/// An objective's value and gradient at a picture.
private struct KnownEvaluation: Sendable {
  let picture: Tensor<Float>
  let value: Tensor<Float>
  let gradient: Tensor<Float>

  func isAt(_ other: Tensor<Float>) -> Bool {
    picture.shape == other.shape && picture.scalars == other.scalars
  }
}

/// What a size has seen so far.
private struct StageProgress: Sendable {
  var evaluations = 0
  var seconds = 0.0
  /// The evaluations since the last iteration was told; the lowest is the one that the next takes.
  private var lowest: (terms: StyleTransferObjective.Terms, picture: Tensor<Float>)?
  private var lastTerms = StyleTransferObjective.Terms()
  /// The lowest objective after each iteration that was told; the first is the start's.
  private var totals: [Double] = []
  private(set) var last: Iteration?
  private(set) var best: (iteration: Iteration, picture: Tensor<Float>)?

  /// Whether there was an evaluation since the last iteration was told.
  var hasNews: Bool { lowest != nil }

  /// The lowest objective after each iteration, with the one to be told next where it is known.
  var totalsWithNews: [Double] {
    guard let lowest else { return totals }
    return totals + [best.map { min($0.iteration.total, lowest.terms.total) } ?? lowest.terms.total]
  }

  mutating func note(_ terms: StyleTransferObjective.Terms, at picture: Tensor<Float>) {
    evaluations += 1
    if let lowest, !(terms.total < lowest.terms.total) { return }
    lowest = (terms, picture)
  }

  /// The iteration that has just ended.
  mutating func tell() -> Iteration {
    let terms = lowest?.terms ?? lastTerms
    let iteration = Iteration(
      number: last.map { $0.number + 1 } ?? 0, evaluations: evaluations, seconds: seconds,
      content: terms.content, style: terms.style, totalVariation: terms.totalVariation, total: terms.total,
      contentLayers: Self.named(terms.contentLayers), styleLayers: Self.named(terms.styleLayers))
    if let (terms, picture) = lowest {
      (lastTerms, lowest) = (terms, nil)
      if best.map({ terms.total < $0.iteration.total }) ?? true { best = (iteration, picture) }
    }
    totals.append(best?.iteration.total ?? .infinity)
    last = iteration
    return iteration
  }

  private static func named(_ values: [StyleTransferObjective.LayerValue]) -> [String: Double]? {
    values.isEmpty ? nil : Dictionary(values.map { ($0.layer.name, $0.value) }, uniquingKeysWith: +)
  }
}
