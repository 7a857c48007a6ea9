import NN
import Tensor

/// Evaluates a size's objective for its optimiser, and notes what comes of it.
struct StageObserver: Sendable {
  /// Thrown through an optimiser's step to end it.
  struct Stopped: Error {}

  /// The evaluation that the next step asks for first.
  var known: KnownEvaluation?
  var progress = StageProgress()

  mutating func evaluation(
    of targets: StageTargets, at picture: Tensor<Float>, _ shouldStop: () -> Bool
  ) throws -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    if let known {
      self.known = nil
      if known.isAt(picture) { return (known.value, known.gradient) }
    }
    if shouldStop() { throw Stopped() }
    let shown = targets.shown(picture)
    let (gradient, terms) = try targets.valueWithGradient(
      at: shown, iteration: progress.last.map { $0.number + 1 } ?? 0)
    progress.note(terms, at: shown)
    return (Tensor(Float(terms.total)), targets.pulledBack(gradient))
  }
}

/// An objective's value and gradient at a picture.
struct KnownEvaluation: Sendable {
  let picture: Tensor<Float>
  let value: Tensor<Float>
  let gradient: Tensor<Float>

  func isAt(_ other: Tensor<Float>) -> Bool {
    picture.shape == other.shape && Vectors.squaredDistance(picture, other) == 0
  }
}

/// What a size has seen so far.
struct StageProgress: Sendable {
  var evaluations = 0
  var seconds = 0.0
  /// The evaluations since the last iteration was told; the lowest is the one that the next takes.
  private var lowest: (terms: StyleTransferObjective.Terms, picture: Tensor<Float>)?
  /// The lowest objective after each iteration that was told; the first is the start's.
  private(set) var totals: [Double] = []
  private(set) var last: Iteration?
  private(set) var best: (iteration: Iteration, picture: Tensor<Float>)?
  /// Whether the best is not compared with the next one.
  private var isMeasuredAnew = false

  init() {}

  /// What had been seen when an iteration had just been told.
  init(
    evaluations: Int, seconds: Double, totals: [Double], last: Iteration?,
    best: (iteration: Iteration, picture: Tensor<Float>)?
  ) {
    (self.evaluations, self.seconds, self.totals) = (evaluations, seconds, totals)
    (self.last, self.best) = (last, best)
  }

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

  /// Lets whatever is told next count as the best: totals from now on are another function's.
  mutating func measureAnew() { (lowest, isMeasuredAnew) = (nil, true) }

  /// The iteration that has just ended, so many seconds after it began.
  mutating func tell(after seconds: Double) -> Iteration {
    // A step that evaluated nothing has left the losses as they were.
    var iteration = lowest.map { Iteration($0.terms) } ?? last ?? Iteration(.init())
    iteration.number = last.map { $0.number + 1 } ?? 0
    (iteration.evaluations, iteration.seconds) = (evaluations, self.seconds + seconds)
    if let lowest {
      if isMeasuredAnew || best.map({ lowest.terms.total < $0.iteration.total }) ?? true {
        best = (iteration, lowest.picture)
      }
      isMeasuredAnew = false
    }
    lowest = nil
    totals.append(best?.iteration.total ?? .infinity)
    last = iteration
    return iteration
  }
}

extension Iteration {
  /// An iteration with these losses, and no number yet.
  fileprivate init(_ terms: StyleTransferObjective.Terms) {
    self.init(
      number: 0, evaluations: 0, seconds: 0, content: terms.content, style: terms.style,
      totalVariation: terms.totalVariation,
      selfSimilarity: terms.selfSimilarity == 0 ? nil : terms.selfSimilarity,
      laplacian: terms.laplacian == 0 ? nil : terms.laplacian,
      spectrum: terms.spectrum == 0 ? nil : terms.spectrum, total: terms.total,
      contentLayers: Self.named(terms.contentLayers), styleLayers: Self.named(terms.styleLayers))
  }

  private static func named(_ values: [StyleTransferObjective.LayerValue]) -> [String: Double]? {
    values.isEmpty ? nil : Dictionary(values.map { ($0.layer.name, $0.value) }, uniquingKeysWith: +)
  }
}
