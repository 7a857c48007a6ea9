import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Tensor

/// `Parallelism.threadCount` belongs to the process, so these run one at a time.
@Suite("Parallel", .serialized)
struct ParallelTests {
  @Test("every piece runs exactly once", arguments: [0, 1, 2, 3, 7, 1_000], [1, 2, 3, 16])
  func runsEachPieceOnce(count: Int, threads: Int) {
    withThreadCount(threads) {
      let visits = Visits(count)
      Parallel.forEach(count) { visits.record($0) }
      #expect(visits.counts == Array(repeating: 1, count: count))
    }
  }

  @Test("ranges cover the work in pieces of the grain, whatever the number of threads", arguments: [1, 2, 5])
  func rangesDependOnTheWorkAlone(threads: Int) {
    withThreadCount(threads) {
      let ranges = Guarded<[Range<Int>]>([])
      Parallel.forEachRange(10, grain: 4) { range in ranges.withLock { $0.append(range) } }
      #expect(
        ranges.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } } == [0..<4, 4..<8, 8..<10])
    }
  }

  @Test("a range as long as the work is one piece, and an empty one is none")
  func rangeEdges() {
    let ranges = Guarded<[Range<Int>]>([])
    Parallel.forEachRange(0, grain: 4) { range in ranges.withLock { $0.append(range) } }
    Parallel.forEachRange(3, grain: 8) { range in ranges.withLock { $0.append(range) } }
    #expect(ranges.withLock { $0 } == [0..<3])
  }

  @Test(
    "even ranges cover the work, an even number of them, at most as long as asked and alike but for the last",
    arguments: [(0, 4), (4, 4), (10, 4), (13, 4), (100_000, 1 << 15), (65_537, 1 << 15), (1 << 20, 1000)])
  func evenRanges(count: Int, limit: Int) {
    let pieces = Guarded<[Range<Int>]>([])
    Parallel.forEachEvenRange(count, atMost: limit) { range in pieces.withLock { $0.append(range) } }
    let ranges = pieces.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
    #expect(ranges.flatMap(Array.init) == Array(0..<count))
    #expect(ranges.allSatisfy { !$0.isEmpty && $0.count <= limit })
    #expect(ranges.dropLast().allSatisfy { $0.count == ranges[0].count })
    #expect(ranges.count <= 1 || ranges.count.isMultiple(of: 2))
  }

  @Test("work started inside a piece runs on that piece's thread, and all of it runs")
  func nestedWorkRunsInline() {
    withThreadCount(4) {
      let visits = Visits(16 * 8)
      let strays = Atomic<Int>(0)
      Parallel.forEach(16) { outer in
        let thread = ObjectIdentifier(Thread.current)
        Parallel.forEach(8) { inner in
          if thread != ObjectIdentifier(Thread.current) { strays.wrappingAdd(1, ordering: .relaxed) }
          visits.record(outer * 8 + inner)
        }
      }
      #expect(strays.load(ordering: .relaxed) == 0)
      #expect(visits.counts == Array(repeating: 1, count: 16 * 8))
    }
  }

  @Test("the default is the number of cores given to the process")
  func defaultThreadCount() {
    #expect(Parallelism.availableThreads >= 1)
    #expect(Parallelism.threadCount >= 1)
  }

  #if os(macOS) || os(Linux)
    @Test("a thread count below 1 traps with its value")
    func refusesZeroThreads() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Parallelism.threadCount = -3
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains("threadCount: -3 threads; at least 1 is needed"))
    }
  #endif
}

/// How often each piece ran, counted from any thread.
private final class Visits: Sendable {
  private let tally: Guarded<[Int]>

  init(_ count: Int) { tally = Guarded(Array(repeating: 0, count: count)) }

  var counts: [Int] { tally.withLock { $0 } }

  func record(_ index: Int) { tally.withLock { $0[index] += 1 } }
}
