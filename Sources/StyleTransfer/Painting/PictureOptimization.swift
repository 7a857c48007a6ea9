import NN
import StyleTransfer
import Tensor

/// Changes a picture step by step so that an objective falls: what all experiments share.
struct PictureOptimization {
  /// How a run ended.
  struct Outcome {
    /// The picture with the lowest objective that was seen, `[1, 3, H, W]`.
    let picture: Tensor<Float>
    let last: IterationRecord
    let ending: Ending
  }

  enum Ending: Equatable {
    /// All iterations were done.
    case completed
    /// Another iteration would change nothing; the sentence says why.
    case finished(String)
    case interrupted
  }

  typealias Objective = (Tensor<Float>) throws -> (
    terms: StyleTransferObjective.Terms, gradient: Tensor<Float>
  )

  let iterations: Int
  /// When a run ends before its iterations are done, because they bring nothing more; `nil` for never.
  var settling: Settling? = Settling()
  /// Asked before each evaluation; `true` ends the run with what it has.
  let shouldStop: () -> Bool

  private struct Stopped: Error {}

  /// Runs the optimiser from `start`.
  ///
  /// - Parameter onIteration: Called after the evaluation of the start (iteration 0) and after each iteration,
  ///   with the best picture so far.
  func run<Method: Optimizer>(
    from start: Tensor<Float>, with method: Method, objective: Objective,
    onIteration: (IterationRecord, Tensor<Float>) throws -> Void
  ) throws -> Outcome where Method.Scalar == Float {
    var method = method
    var picture = start
    var run = RunState()

    // The iteration whose picture the next evaluation is at; first the start's.
    var awaited: Int? = 0

    func evaluate(_ x: Tensor<Float>) throws -> (value: Tensor<Float>, gradient: Tensor<Float>) {
      if shouldStop() { throw Stopped() }
      let (terms, gradient) = try objective(x)
      run.note(terms, at: x)
      if let iteration = awaited {
        awaited = nil
        try onIteration(run.record(iteration: iteration), run.best!.picture)
      }
      return (Tensor(Float(terms.total)), gradient)
    }

    var ending = Ending.completed
    do {
      if iterations == 0 { _ = try evaluate(picture) }
      for iteration in 0..<iterations where ending == .completed {
        let iteration = iteration + 1
        let report = try method.step(&picture, evaluate: evaluate)
        if report.outcome.isFinished { ending = .finished(report.outcome.description) }
        // A method that evaluates before it moves, as Adam does, tells only at its next step how good this
        // iteration's picture is.
        if run.hasNews || report.outcome.isFinished {
          try onIteration(run.record(iteration: iteration), run.best!.picture)
        } else {
          awaited = iteration
        }
        if ending == .completed, let settling, let reason = settling.reason(run.totals) {
          ending = .finished(reason)
        }
      }
      if awaited != nil { _ = try evaluate(picture) }
    } catch is Stopped {
      // What an unfinished iteration found is left out: it could not be found again by stopping at its start.
      ending = .interrupted
    }
    guard let best = run.best else {
      throw StyleTransferError(
        .interrupted, "interrupted before the first evaluation; there is nothing to save")
    }
    return Outcome(picture: best.picture, last: run.lastRecord, ending: ending)
  }
}

/// What a run has seen so far.
private struct RunState {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private(set) var evaluations = 0
  /// The evaluations since the last record; the lowest is the one that the iteration took.
  private var lowest: (terms: StyleTransferObjective.Terms, picture: Tensor<Float>)?
  /// Whether there was an evaluation since the last record.
  var hasNews: Bool { lowest != nil }
  private var lastTerms = StyleTransferObjective.Terms()
  /// The lowest objective after each record.
  private(set) var totals: [Double] = []
  private(set) var lastRecord = IterationRecord(
    iteration: 0, evaluations: 0, seconds: 0, content: 0, style: 0, tv: 0, total: 0)
  private(set) var best: (total: Double, picture: Tensor<Float>)?

  init() { start = clock.now }

  mutating func note(_ terms: StyleTransferObjective.Terms, at picture: Tensor<Float>) {
    evaluations += 1
    if let lowest, !(terms.total < lowest.terms.total) { return }
    lowest = (terms, picture)
  }

  /// The record of an iteration that has just ended.
  mutating func record(iteration: Int) -> IterationRecord {
    let terms = lowest?.terms ?? lastTerms
    lastRecord = IterationRecord(
      iteration: iteration, evaluations: evaluations, seconds: (clock.now - start) / .seconds(1),
      content: terms.content, style: terms.style, tv: terms.totalVariation, total: terms.total,
      contentLayers: Self.named(terms.contentLayers), styleLayers: Self.named(terms.styleLayers))
    if let (terms, picture) = lowest {
      (lastTerms, lowest) = (terms, nil)
      if best == nil || terms.total < best!.total { best = (terms.total, picture) }
    }
    totals.append(best?.total ?? .infinity)
    return lastRecord
  }

  private static func named(_ values: [StyleTransferObjective.LayerValue]) -> [String: Double]? {
    values.isEmpty ? nil : Dictionary(values.map { ($0.layer.name, $0.value) }, uniquingKeysWith: +)
  }
}
