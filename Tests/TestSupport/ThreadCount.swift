import Foundation
import Tensor

private let turn = NSLock()

/// Runs `body` while the library computes with `threads` threads. The setting belongs to the process, so callers
/// take turns.
public func withThreadCount<Result>(_ threads: Int, _ body: () throws -> Result) rethrows -> Result {
  turn.lock()
  let previous = Parallelism.threadCount
  Parallelism.threadCount = threads
  defer {
    Parallelism.threadCount = previous
    turn.unlock()
  }
  return try body()
}
