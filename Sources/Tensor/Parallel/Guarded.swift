import Foundation

/// A value behind a lock (a mutex), which one thread uses at a time.
///
/// `Mutex` of the standard library is the same, but on Linux the thread sanitizer does not see it lock, and reports
/// every value that it guards as a race.
final class Guarded<Value: ~Copyable>: @unchecked Sendable {
  private let lock = NSLock()
  // Memory of its own in place of a property: Swift checks each access to a class's property against overlapping ones,
  // which the lock rules out, and for small tensors that is a part of every operation's time.
  private let value: UnsafeMutablePointer<Value>

  init(_ value: consuming Value) {
    self.value = .allocate(capacity: 1)
    self.value.initialize(to: value)
  }

  deinit {
    value.deinitialize(count: 1)
    value.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value.pointee)
  }
}
