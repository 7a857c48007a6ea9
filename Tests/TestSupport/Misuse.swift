import Foundation
import Tensor

/// A misuse, which traps: the message with which it does and the call, beside each other.
///
/// A test that ends the process cannot be handed a closure; it is handed the number, and finds the call in the list.
public struct Misuse: Sendable, CustomStringConvertible {
  /// What tells it from the others of its list.
  public let name: String
  /// A part of the first line that is printed on the way out.
  public let message: String
  /// Its place in the list that tests go through.
  public private(set) var number: Int
  private let call: @Sendable () throws -> Void

  /// Does it, which does not return.
  public func commit() throws {
    // Hundreds of processes at once would read the tests' debug information for the line; some other tests look at that.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    try call()
  }

  /// Whether the first line of what was printed on the way out has the message.
  public func explains(_ output: String) -> Bool { output.prefix { $0 != "\n" }.contains(message) }

  public var description: String { name }

  /// The misuses that `body` names, in order.
  public static func list(_ body: (inout Collector) -> Void) -> [Misuse] {
    var collector = Collector()
    body(&collector)
    return collector.misuses
  }

  /// The misuses of several lists as one.
  public static func joined(_ lists: [Misuse]...) -> [Misuse] {
    lists.flatMap { $0 }.enumerated().map { number, misuse in
      var misuse = misuse
      misuse.number = number
      return misuse
    }
  }

  /// Takes misuses one by one: each is a statement of its own, which a compiler reads faster than a list of many.
  public struct Collector {
    fileprivate var misuses: [Misuse] = []

    public mutating func callAsFunction(
      _ name: String, _ message: String, _ call: @escaping @Sendable () throws -> Void
    ) {
      precondition(misuses.allSatisfy { $0.name != name }, "two misuses are called \(name)")
      misuses.append(Misuse(name: name, message: message, number: misuses.count, call: call))
    }

    /// One that needs a generator.
    public mutating func drawing(
      _ name: String, _ message: String, _ call: @escaping @Sendable (inout RandomGenerator) throws -> Void
    ) {
      self(name, message) {
        var generator = RandomGenerator(seed: 0)
        try call(&generator)
      }
    }
  }
}
