import Synchronization

/// The axes that ``vmap(over:axis:in:)`` put in front of a tensor's numbers, and that its shape does not tell.
///
/// Inside of a mapped function a tensor looks as one of its examples does. Its numbers are those of all examples, and its
/// history is that of an operation on all of them: what is recorded knows nothing of mapping, and neither does a backward
/// pass. So operations have a rule for mapped tensors, which says where their axes then are, and derivatives need none.
struct MappedAxes: Equatable, Sendable {
  /// How many axes there are, one for each call of `vmap` around; the outermost comes first.
  let count: UInt32
  /// The number of the innermost call.
  let scope: UInt32

  static let none = MappedAxes(count: 0, scope: 0)
}

/// A call of `vmap` that is being carried out.
final class MappingScope: Sendable {
  let axes: MappedAxes
  /// The lengths of the mapped axes, outermost first.
  let lengths: [Int]
  let outer: MappingScope?

  @TaskLocal static var current: MappingScope?

  /// The innermost call that the task is in, if it is in one.
  @inline(__always)
  static var inUse: MappingScope? { openCount.load(ordering: .relaxed) == 0 ? nil : current }

  /// Whether the task is inside of a mapped function.
  @inline(__always)
  static var isInUse: Bool { inUse != nil }

  init(length: Int, in outer: MappingScope?) {
    axes = MappedAxes(
      count: (outer?.axes.count ?? 0) + 1, scope: newestScope.wrappingAdd(1, ordering: .relaxed).newValue)
    lengths = (outer?.lengths ?? []) + [length]
    self.outer = outer
  }

  /// The call that `axes` are of: this one or one around it.
  func scope(of axes: MappedAxes) -> MappingScope? {
    var scope: MappingScope? = self
    while let candidate = scope {
      if candidate.axes == axes { return candidate }
      scope = candidate.outer
    }
    return nil
  }

  /// The call that mapped tensors of `axes` belong to; traps where it is over.
  static func open(_ axes: MappedAxes) -> MappingScope {
    guard let scope = inUse?.scope(of: axes) else {
      ShapeCheck.fail(
        "vmap: a tensor of a mapped function was used outside of it; return it from the function, and use the result"
      )
    }
    return scope
  }

  /// Calls `body` inside of a call of `vmap`, or of none.
  static func within<Value>(_ scope: MappingScope?, _ body: () throws -> Value) rethrows -> Value {
    openCount.wrappingAdd(1, ordering: .relaxed)
    defer { openCount.wrappingSubtract(1, ordering: .relaxed) }
    return try $current.withValue(scope, operation: body)
  }
}

/// The calls that are open in the process: while there are none, nothing else is looked at.
private let openCount = Atomic<Int>(0)
private let newestScope = Atomic<UInt32>(0)
