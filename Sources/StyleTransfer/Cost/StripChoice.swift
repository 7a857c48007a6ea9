import NN

/// How a size's evaluations are run within a limit of memory: in one piece, or by strips that take longer.
struct StripChoice: Sendable {
  let strips: VGG19.Strips
  let memory: MemoryPlan
  let work: WorkPlan

  init(_ shape: RunShape, _ strips: VGG19.Strips) {
    self.strips = strips
    memory = MemoryPlan(shape, strips)
    work = WorkPlan(shape, strips)
  }

  /// The poolings that segments end with, and the rows that a strip of each segment has.
  private static let candidates: [VGG19.Strips] =
    [.none]
    + [[2], [2, 3], [2, 3, 4]].flatMap { poolings in
      [512, 256, 128, 64, 32, 16].map { height in
        VGG19.Strips(poolings.map { .init(pooling: $0, height: height) })
      }
    }

  /// The quickest of those that stay within `limit` bytes, or else the one that takes the least.
  static func quickest(_ shape: RunShape, within limit: Double) -> StripChoice {
    // Most runs fit as they are.
    let whole = StripChoice(shape, .none)
    if whole.memory.peak.bytes <= limit { return whole }
    let choices = candidates.map { StripChoice(shape, $0) }
    let fitting = choices.filter { $0.memory.peak.bytes <= limit }
    return fitting.min { $0.work.evaluation < $1.work.evaluation } ?? smallest(choices)
  }

  /// The one that takes the least memory.
  static func smallest(_ shape: RunShape) -> StripChoice {
    smallest(candidates.map { StripChoice(shape, $0) })
  }

  private static func smallest(_ choices: [StripChoice]) -> StripChoice {
    choices.min { $0.memory.peak.bytes < $1.memory.peak.bytes }!
  }
}

extension VGG19.Strips: CustomStringConvertible {
  /// The strips in words: `strips of 128 rows to pool_2, of 64 to pool_3`.
  package var description: String {
    segments.isEmpty
      ? "in one piece"
      : "in strips of " + segments.map { "\($0.height) rows to pool_\($0.pooling)" }.joined(separator: ", ")
  }
}
