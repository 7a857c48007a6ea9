import Foundation
import NN
import Synchronization
import Tensor
import Testing

@Suite("PreparedBatches") struct PreparedBatchesTests {
  @Test("PreparedBatches: come in order, with the same numbers however many are prepared at once")
  func order() {
    func drawn(ahead: Int) -> [[Double]] {
      var random = RandomGenerator(seed: 3)
      let batches = Batches(of: 3, from: 20, using: &random)
      let prepared = PreparedBatches(batches, ahead: ahead, using: &random) { rows, random in
        // The first take longest, so that those after them are ready before.
        if rows.contains(0) { Thread.sleep(forTimeInterval: 0.02) }
        return rows.map { Double($0) } + Tensor<Double>.uniform([2], using: &random).scalars
      }
      return Array(prepared)
    }
    let one = drawn(ahead: 1)
    #expect(one.count == 7 && one.flatMap { $0.dropLast(2) }.sorted() == (0..<20).map(Double.init))
    #expect(Set(one.map(\.last)).count == 7)
    for ahead in [2, 5, 30] { #expect(drawn(ahead: ahead) == one) }
  }

  @Test("PreparedBatches: the next ones are prepared meanwhile, and no more than that")
  func ahead() throws {
    let begun = Mutex(0)
    let ready = DispatchSemaphore(value: 0)
    let prepared = PreparedBatches(Batches(of: 1, from: 10), ahead: 3) { rows in
      begun.withLock { $0 += 1 }
      ready.signal()
      return rows[0]
    }
    var iterator = prepared.makeIterator()
    #expect(iterator.next() == 0)
    // The first and three more; a fifth would have been begun by the call.
    for _ in 0..<4 { #expect(ready.wait(timeout: .now() + 30) == .success) }
    #expect(begun.withLock { $0 } == 4)
    #expect(iterator.next() == 1)
    for _ in 0..<1 { #expect(ready.wait(timeout: .now() + 30) == .success) }
    #expect(begun.withLock { $0 } == 5)
  }

  @Test("PreparedBatches: what fails is a Result, and none at all is an empty loop")
  func failures() throws {
    struct Unreadable: Error {}
    let prepared = PreparedBatches(Batches(of: 1, from: 3)) { rows in
      Result { () throws -> Int in
        if rows[0] == 1 { throw Unreadable() }
        return rows[0]
      }
    }
    var found: [Int] = []
    #expect(throws: Unreadable.self) { for batch in prepared { found.append(try batch.get()) } }
    #expect(found == [0])
    #expect(Array(PreparedBatches(Batches(of: 4, from: 0)) { $0 }).isEmpty)
  }
}
