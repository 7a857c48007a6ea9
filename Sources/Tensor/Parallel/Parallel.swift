import Dispatch
import ImpastoPlatform
import Synchronization

/// How many threads the library computes with.
public enum Parallelism {
  /// The cores given to this process: what its affinity mask and its cgroup's CPU quota allow, at least 1.
  public static let availableThreads = CoreBudget.current()

  /// The number of threads that share an array's work; `availableThreads` until it is set.
  ///
  /// No result depends on it, not even in its last bit: work is split by the size of the arrays alone.
  ///
  /// - Precondition: at least 1.
  public static var threadCount: Int {
    get { CoreBudget.threads }
    set {
      ShapeCheck.require(newValue >= 1) { "threadCount: \(newValue) threads; at least 1 is needed" }
      CoreBudget.threads = newValue
    }
  }

  /// Calls `body` once for every number in `0..<count`, on at most `limit` threads at once; what is parallel inside a
  /// call then stays on its thread. For whole computations beside each other, such as small pictures, which share
  /// less work than they have threads.
  package static func forEach(_ count: Int, atMost limit: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(max(limit, 1), count)
    if workers <= 1 {
      for index in 0..<max(count, 0) { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      Parallel.asWorker {
        while case let index = next.wrappingAdd(1, ordering: .relaxed).oldValue, index < count { body(index) }
      }
    }
  }
}

/// Runs the pieces of one array's work on several threads.
///
/// A piece is a number; which thread takes it is decided while they run, so a piece may neither depend on its
/// thread nor add to what another piece writes. That, and cutting the work by its own size, never by the number
/// of threads, keeps results the same to the bit for any `Parallelism.threadCount`.
enum Parallel {
  /// Calls `body` once for every number in `0..<count`, and returns when all calls have.
  ///
  /// Called from inside such a body, it runs on that thread alone.
  static func forEach(_ count: Int, _ body: (Int) -> Void) {
    _ = singleThreadedBLAS
    let workers = min(Parallelism.threadCount, count)
    if workers <= 1 || isInsideWorker {
      for index in 0..<max(count, 0) { body(index) }
      return
    }
    if $isInsideWorker.withValue(
      true, operation: { ParallelCrew.shared.run(count, helpers: workers - 1, body) })
    {
      return
    }
    let next = NextPiece()
    // The body outlives no call of this function, and its pieces write to disjoint memory: the compiler cannot
    // see either, so it is told.
    nonisolated(unsafe) let shared = body
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      $isInsideWorker.withValue(true) {
        while case let index = next.take(), index < count { shared(index) }
      }
    }
  }

  /// Calls `body` with consecutive ranges of `grain` numbers (the last may be shorter) that cover `0..<count`.
  static func forEachRange(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let grain = max(grain, 1)
    forEach((max(count, 0) + grain - 1) / grain) { piece in
      body(piece * grain..<min((piece + 1) * grain, count))
    }
  }

  /// The same with ranges of at most `grain` numbers that are as alike as they can be, and an even number of them where
  /// one is not enough: two threads then end together.
  static func forEachEvenRange(_ count: Int, atMost grain: Int, _ body: (Range<Int>) -> Void) {
    let grain = max(grain, 1)
    if count <= grain { return forEachRange(count, grain: grain, body) }
    let pairs = (count + 2 * grain - 1) / (2 * grain)
    var size = (count + 2 * pairs - 1) / (2 * pairs)
    // Numbers begin where a vector does, for as long as that keeps the pieces alike.
    if size >= 1024 { size = min((size + 63) & ~63, grain) }
    forEachRange(count, grain: size, body)
  }

  /// Runs `body` as one who works on pieces: what is parallel inside it stays on its thread.
  static func asWorker(_ body: () -> Void) { $isInsideWorker.withValue(true, operation: body) }

  /// Whether this thread is already working on a piece.
  @TaskLocal private static var isInsideWorker = false

  /// OpenBLAS would start as many threads again under each of ours; it is told once to use none. A kernel that
  /// calls BLAS outside a piece reads this first.
  static let singleThreadedBLAS: Void = BLAS.useOneThread()

  private final class NextPiece: Sendable {
    private let counter = Atomic<Int>(0)

    func take() -> Int { counter.wrappingAdd(1, ordering: .relaxed).oldValue }
  }
}
