import CKernels
import Dispatch
import Foundation
import Synchronization

/// The thread pool: threads that help the one that has work, and spin for a moment after it in case there is more.
///
/// To wake a thread takes longer than most operations on small arrays do. Whoever has work begins at once, and the
/// others join when they come; nobody waits for one that has not joined.
final class ParallelCrew: @unchecked Sendable {
  static let shared = ParallelCrew()

  /// What the work in hand is. Set while `state` is closed and no helper is inside.
  private var body: (Int) -> Void = { _ in }
  private var count = 0
  /// How many pieces were taken: from the front in the lower half, from the back in the upper.
  private let taken = Atomic<UInt64>(0)

  /// The number of the work, how many more may join it, and how many are inside; see ``State``.
  private let state = Atomic<UInt64>(0)
  private let isTaken = Atomic<Bool>(false)
  private var helpers: [Helper] = []

  /// Pauses of the processor that a thread is awake for before it sleeps: some 50 µs.
  private static let patience = 2000

  /// More threads than cores would only wait for each other.
  private static let mostHelpers = max(Parallelism.availableThreads - 1, 1)

  private final class Helper: Sendable {
    let isAsleep = Atomic<Bool>(false)
    let alarm = DispatchSemaphore(value: 0)
  }

  /// Calls `body` for each of `0..<count`, with `helperCount` more threads at most; `false`, without a call, when
  /// the crew works for another thread or there are more pieces than are counted here.
  func run(_ count: Int, helpers helperCount: Int, _ body: (Int) -> Void) -> Bool {
    guard count <= Int32.max, !isTaken.exchange(true, ordering: .acquiring) else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    let helperCount = min(helperCount, Self.mostHelpers)
    while helpers.count < helperCount { startHelper() }
    withoutActuallyEscaping(body) { body in
      self.body = body
      self.count = count
      taken.store(0, ordering: .relaxed)
      let opened = State(bits: state.load(ordering: .relaxed)).opened(for: helperCount)
      state.store(opened.bits, ordering: .sequentiallyConsistent)
      for helper in helpers.prefix(helperCount)
      where helper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
        helper.alarm.signal()
      }
      takePieces(from: .front)
      close()
      self.body = { _ in }
    }
    return true
  }

  private enum End: UInt64 {
    case front = 1
    case back = 0x1_0000_0000
  }

  /// Whoever has the work begins at the front and the helpers at the back, until they meet: in operation after operation
  /// on the same arrays, a core then finds its part of them in its own cache.
  private func takePieces(from end: End) {
    while true {
      let before = taken.wrappingAdd(end.rawValue, ordering: .relaxed).oldValue
      let (front, back) = (Int(before & 0xffff_ffff), Int(before >> 32))
      if front + back >= count { return }
      body(end == .front ? front : count - 1 - back)
    }
  }

  /// Lets nobody in any more, and waits for those who are inside.
  private func close() {
    var current = State(bits: state.load(ordering: .acquiring))
    while true {
      let (exchanged, found) = state.compareExchange(
        expected: current.bits, desired: current.closed.bits, ordering: .acquiringAndReleasing)
      if exchanged { break }
      current = State(bits: found)
    }
    var pauses = 0
    while State(bits: state.load(ordering: .acquiring)).inside > 0 {
      pauses += 1
      // A helper that lost its core gets it sooner when this one is offered.
      if pauses < Self.patience { ckernels_pause() } else { sched_yield() }
    }
  }

  private func startHelper() {
    let helper = Helper()
    helpers.append(helper)
    Thread.detachNewThread { [self] in
      Parallel.asWorker {
        while true { help(helper) }
      }
    }
  }

  /// Joins one work, or sleeps until there is one.
  private func help(_ helper: Helper) {
    for _ in 0..<Self.patience {
      if join() { return }
      ckernels_pause()
    }
    helper.isAsleep.store(true, ordering: .sequentiallyConsistent)
    // Work may have come between the last look and falling asleep.
    if State(bits: state.load(ordering: .sequentiallyConsistent)).mayBeJoined,
      helper.isAsleep.exchange(false, ordering: .sequentiallyConsistent)
    {
      return
    }
    helper.alarm.wait()
  }

  /// Does a share of the work in hand, if there is any to join.
  private func join() -> Bool {
    let current = State(bits: state.load(ordering: .acquiring))
    guard current.mayBeJoined,
      state.compareExchange(
        expected: current.bits, desired: current.joined.bits, ordering: .acquiringAndReleasing
      ).exchanged
    else { return false }
    takePieces(from: .back)
    state.wrappingSubtract(State.one, ordering: .releasing)
    return true
  }

  /// A work's number in the upper half, then 16 bits for the places that are free, and 16 for those inside.
  private struct State {
    static let one: UInt64 = 1
    private static let place: UInt64 = 1 << 16
    var bits: UInt64

    var inside: UInt64 { bits & 0xffff }
    var mayBeJoined: Bool { bits >> 16 & 0xffff > 0 }
    var closed: State { State(bits: bits & ~(0xffff << 16)) }
    var joined: State { State(bits: bits &- Self.place &+ Self.one) }

    func opened(for helpers: Int) -> State {
      State(bits: (bits >> 32 &+ 1) << 32 | UInt64(helpers) << 16)
    }
  }
}
