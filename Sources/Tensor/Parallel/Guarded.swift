import Foundation

/// A value behind a lock (a mutex), which one thread uses at a time.
///
/// `Mutex` of the standard library is the same, but on Linux the thread sanitizer does not see it lock, and reports
/// every value that it guards as a race.
final class Guarded<Value: ~Copyable>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: consuming Value) { self.value = value }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
