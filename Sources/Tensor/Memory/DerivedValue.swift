/// A cache of one value that is computed from a storage: made on first use (lazily) and shared by all threads.
final class DerivedValue: Sendable {
  private let slot = Guarded<(any AnyObject & Sendable)?>(nil)

  /// The stored value of type `Value`, or the one that `make` returns, which is then stored.
  ///
  /// The lock is held while `make` runs: two threads that ask at the same time do the work once.
  func value<Value: AnyObject & Sendable>(_ type: Value.Type, make: () -> Value) -> Value {
    slot.withLock { slot in
      if let value = slot as? Value { return value }
      let value = make()
      slot = value
      return value
    }
  }

  /// Forgets the value, because the bytes it came from are about to change.
  func clear() { slot.withLock { $0 = nil } }
}
