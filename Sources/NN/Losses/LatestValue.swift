import Synchronization

/// A value that is made for a key and kept until it is asked for with another one: a painting asks for one at a size.
///
/// Threads that ask at the same time may each make it.
final class LatestValue<Key: Equatable & Sendable, Value: Sendable>: Sendable {
  private let known = Mutex<(key: Key, value: Value)?>(nil)

  /// The value for `key`, by `make` where it is not known.
  func value(_ key: Key, make: () -> Value) -> Value {
    if let found = known.withLock({ $0 }), found.key == key { return found.value }
    let made = make()
    known.withLock { $0 = (key, made) }
    return made
  }
}
