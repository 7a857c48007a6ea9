import Tensor

/// Tensors with names, in a fixed order: the parameters of a ``Module``, or their gradients.
public struct NamedTensors<Scalar: TensorScalar>: Sendable {
  /// The names, each once.
  public let names: [String]
  /// The tensors in the order of the names. Their number is fixed.
  public var tensors: [Tensor<Scalar>] {
    didSet { requireEqualCounts() }
  }

  /// Tensors under the names at the same places.
  ///
  /// - Precondition: There are as many tensors as names, and no name is given twice.
  public init(names: [String], tensors: [Tensor<Scalar>]) {
    self.names = names
    self.tensors = tensors
    requireEqualCounts()
    var seen: Set<String> = []
    for name in names {
      ShapeCheck.require(seen.insert(name).inserted) { "NamedTensors: two tensors are called '\(name)'" }
    }
  }

  /// The tensor called `name`, if there is one.
  ///
  /// - Complexity: O(n) for n names.
  public subscript(_ name: String) -> Tensor<Scalar>? {
    names.firstIndex(of: name).map { tensors[$0] }
  }

  /// The number of elements of all tensors together.
  public var elementCount: Int { tensors.reduce(0) { $0 + $1.count } }

  private func requireEqualCounts() {
    ShapeCheck.require(tensors.count == names.count) {
      "NamedTensors: \(tensors.count) tensors for \(names.count) names"
    }
  }

  /// Traps unless `other`, which the message calls `otherName`, has the same names and shapes.
  func requireMatch(_ other: NamedTensors, _ operation: String, _ otherName: String) {
    if names != other.names {
      requireNames(within: other.names, operation, otherName)
      let mine = Set(names)
      if let missing = other.names.first(where: { !mine.contains($0) }) {
        ShapeCheck.fail(
          "\(operation): '\(missing)' of \(otherName) was not given; given were \(listed(names))")
      }
      for (mine, theirs) in zip(names, other.names) where mine != theirs {
        ShapeCheck.fail("\(operation): '\(mine)' was given where \(otherName) has '\(theirs)'")
      }
    }
    for (mine, theirs) in zip(self, other) {
      ShapeCheck.require(mine.tensor.shape == theirs.tensor.shape) {
        "\(operation): '\(mine.name)' was given with the shape \(mine.tensor.shape), \(otherName) has "
          + "\(theirs.tensor.shape)"
      }
    }
  }
}

extension NamedTensors {
  /// Traps unless every name is one of `known`, those of what the message calls `owner`.
  func requireNames(within known: [String], _ operation: String, _ owner: String) {
    let set = Set(known)
    guard let unknown = names.first(where: { !set.contains($0) }) else { return }
    ShapeCheck.fail(
      "\(operation): '\(unknown)' was given, which \(owner) does not have; it has \(listed(known))")
  }
}

/// Names as a message shows them, the first of many.
func listed(_ names: [String]) -> String {
  if names.isEmpty { return "none" }
  let shown = 8
  return names.prefix(shown).map { "'\($0)'" }.joined(separator: ", ")
    + (names.count > shown ? " and \(names.count - shown) more" : "")
}

extension NamedTensors: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { names.count }
  /// The name and the tensor at a position.
  public subscript(position: Int) -> (name: String, tensor: Tensor<Scalar>) {
    (names[position], tensors[position])
  }
}

extension NamedTensors: CustomStringConvertible {
  /// A line for each tensor: its name and its shape.
  public var description: String { map { "\($0.name) \($0.tensor.shape)" }.joined(separator: "\n") }
}
