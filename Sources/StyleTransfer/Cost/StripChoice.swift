import NN

/// How a size's evaluations are run within a limit of memory: in one piece, by filters that are not kept, or by strips; the
/// latter take longer.
struct StripChoice: Sendable {
  let strips: VGG19.Strips
  let memory: MemoryPlan
  let work: WorkPlan

  init(_ shape: RunShape, _ strips: VGG19.Strips) {
    self.init(shape, strips, MemoryPlan(shape, strips))
  }

  private init(_ shape: RunShape, _ strips: VGG19.Strips, _ memory: MemoryPlan) {
    (self.strips, self.memory) = (strips, memory)
    work = WorkPlan(shape, strips)
  }

  /// The poolings that segments may end with. Long segments keep few whole outputs and compute more rows twice, short ones
  /// the other way round.
  private static let poolings = [
    [2], [3], [4], [2, 3], [2, 4], [3, 4], [1, 3], [2, 3, 4], [1, 3, 4], [1, 2, 3, 4],
  ]

  private static let heights = [1024, 512, 256, 128, 64, 32, 16]

  /// Strips of so many rows of its input in each segment. The first one, which has the widest layers and the fewest whole
  /// outputs beside it, and the others have heights of their own.
  private static let candidates: [VGG19.Strips] = {
    let kept = poolings.flatMap { poolings in
      heights.flatMap { height in
        (poolings.count == 1 ? [height] : heights).map { first in
          VGG19.Strips(
            poolings.enumerated().map { .init(pooling: $1, height: $0 == 0 ? first : height) })
        }
      }
    }
    return [sparing(.none)] + kept + kept.map(sparing)
  }()
  private static let lowest: [VGG19.Strips] = poolings.map { poolings in
    sparing(VGG19.Strips(poolings.map { .init(pooling: $0, height: heights.last!) }))
  }

  private static func sparing(_ strips: VGG19.Strips) -> VGG19.Strips {
    VGG19.Strips(strips.segments, keepsFilters: false)
  }

  /// What no plan sees, such as freed memory that the C library keeps: a part of the bytes, and no more than a run at
  /// 1024 pixels took beyond its plan.
  private static func unseen(_ part: Double, of bytes: Double) -> Double { min(part * bytes, 64e6) }

  /// The bytes that a run of this plan is refused without: at 1024 pixels the smallest strips took 3 % more than planned.
  static func needed(_ memory: MemoryPlan) -> Double {
    memory.peak.bytes + unseen(0.04, of: memory.peak.bytes)
  }

  /// The quickest of those that stay within `limit` bytes, with something to spare, or else the one that takes the least.
  static func quickest(_ shape: RunShape, within limit: Double) -> StripChoice {
    func fits(_ memory: MemoryPlan) -> Bool { memory.peak.bytes <= limit - unseen(0.1, of: limit) }
    // Most runs fit as they are.
    let whole = StripChoice(shape, .none)
    if fits(whole.memory) || !shape.allowsStrips { return whole }
    let fitting = candidates.compactMap { strips in
      let memory = MemoryPlan(shape, strips)
      return fits(memory) ? StripChoice(shape, strips, memory) : nil
    }
    return fitting.min { $0.work.evaluation < $1.work.evaluation } ?? smallest(shape)
  }

  /// The one that takes the least memory.
  static func smallest(_ shape: RunShape) -> StripChoice {
    ([.none] + (shape.allowsStrips ? lowest : [])).map { StripChoice(shape, $0) }.min {
      $0.memory.peak.bytes < $1.memory.peak.bytes
    }!
  }
}

extension VGG19.Strips: CustomStringConvertible {
  /// The strips in words: `strips of 128 rows to pool_2, 64 rows to pool_3`.
  package var description: String {
    (segments.isEmpty
      ? "in one piece"
      : "in strips of " + segments.map { "\($0.height) rows to pool_\($0.pooling)" }.joined(separator: ", "))
      + (keepsFilters ? "" : ", filters read anew each time")
  }
}
