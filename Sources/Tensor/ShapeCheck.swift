/// The checks of shapes and axes, whose messages name the operation and the shapes.
///
/// Misuse is a programmer's error and traps, in release builds as well. The first line of what a trap prints ends with the
/// line of the program that called the library, where the program has debug information: see ``CallSite``.
package enum ShapeCheck {
  @inline(__always)
  package static func require(_ condition: Bool, _ message: () -> String) {
    if !condition { fail(message()) }
  }

  @inline(never)
  package static func fail(_ message: String) -> Never {
    fatalError(message + (CallSite.here.map { "; called at \($0)" } ?? ""))
  }

  /// Traps for an operation that has no rule for tensors inside of `vmap`.
  @inline(never)
  static func refuseMapped(_ operation: String? = nil) -> Never {
    let operation = operation ?? CallSite.operation ?? "the operation"
    fail(
      "vmap: \(operation) has no rule for the tensors of a mapped function, of which each stands for many examples; call it "
        + "outside of vmap, or loop over the examples and put the results together with stacked")
  }

  /// Traps unless there may be memory for a list of `count` elements, which is not negative.
  package static func memory<Element>(_ operation: String, for count: Int, of element: Element.Type) {
    StoragePool.shared.requireMemory(operation, for: count, of: element)
  }

  /// A sum or product of lengths; traps where `Int` cannot hold it, which `what` is the reason of.
  static func length(
    _ result: (partialValue: Int, overflow: Bool), _ operation: String, _ what: @autoclosure () -> String
  ) -> Int {
    require(!result.overflow) { "\(operation): \(what()) more elements than Int can count" }
    return result.partialValue
  }

  static func validShape(_ operation: String, _ shape: Shape) {
    require(shape.allSatisfy { $0 >= 0 }) { "\(operation): the shape \(shape) has a negative length" }
  }

  /// The shape both operands broadcast to.
  static func broadcast(_ operation: StaticString, _ a: Shape, _ b: Shape) -> Shape {
    if a == b { return a }
    guard let shape = a.broadcast(with: b) else {
      fail("\(operation): the shapes \(a) and \(b) do not broadcast")
    }
    return shape
  }

  /// Whether a tensor of shape `a` broadcasts with matrices in the last two axes of `b`, and leaves these axes as long
  /// as they are.
  package static func broadcasts(_ a: Shape, ofMatricesLike b: Shape) -> Bool {
    a.broadcast(with: b)?.suffix(2) == b.suffix(2)
  }

  /// `axis` counted from the front; negative values count from the back.
  package static func axis(_ operation: String, _ axis: Int, rank: Int) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    require((0..<rank).contains(resolved)) {
      "\(operation): axis \(axis) is out of range for a tensor of rank \(rank)"
    }
    return resolved
  }

  /// `axes` counted from the front, sorted, each once; `nil` means all.
  static func axes(_ operation: String, _ axes: [Int]?, rank: Int) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    var resolved = axes
    for index in axes.indices { resolved[index] = axis(operation, axes[index], rank: rank) }
    if axes.count > 1 {
      resolved.sort()
      require(zip(resolved, resolved.dropFirst()).allSatisfy(<)) {
        "\(operation): the axes \(axes) name an axis twice"
      }
    }
    return resolved
  }

  static func innerDimensionsAgree(_ operation: String, _ a: Shape, _ b: Shape, _ inner: (Int, Int)) {
    require(inner.0 == inner.1) {
      "\(operation): \(a) × \(b): inner dimensions \(inner.0) and \(inner.1) differ"
    }
  }
}
