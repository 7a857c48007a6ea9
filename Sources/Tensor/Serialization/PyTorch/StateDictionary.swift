/// Gives every tensor of an unpickled object its name.
///
/// A dictionary's keys are names, parts of lists and tuples are numbered, and nested names are joined with dots:
/// `{"epoch": 3, "model": {"0.weight": w}}` has the tensor `model.0.weight`. An object that is one tensor calls it
/// `tensor`. What is no tensor is passed over.
struct StateDictionary {
  private(set) var entries: [(name: String, tensor: Int)] = []

  private let machine: PickleMachine
  private var names: Set<String> = []
  private var budget: Int
  private static let depthLimit = 32

  /// - Throws: ``SerializationError`` when two tensors get the same name, or the object repeats or contains itself
  ///   so often that its names would be much longer than its pickle.
  init(_ root: PickleValue, _ machine: PickleMachine, pickleBytes: Int) throws {
    self.machine = machine
    budget = 8 * pickleBytes + 65_536
    try visit(root, name: "", depth: 0)
  }

  private mutating func visit(_ value: PickleValue, name: String, depth: Int) throws {
    budget -= 1 + name.utf8.count
    guard budget >= 0, depth <= Self.depthLimit else {
      throw machine.malformed("the object contains itself, or is nested too deeply")
    }
    switch value {
    case .tensor(let index):
      let name = name.isEmpty ? "tensor" : name
      guard names.insert(name).inserted else {
        throw machine.malformed("two tensors are called \(quoted(name))")
      }
      entries.append((name, index))
    case .list(let index), .tuple(let index):
      for (number, part) in machine.containers[index].enumerated() {
        try visit(part, name: join(name, "\(number)"), depth: depth + 1)
      }
    case .dictionary(let index):
      let items = machine.containers[index]
      for key in stride(from: 0, to: items.count, by: 2) {
        try visit(items[key + 1], name: join(name, label(items[key])), depth: depth + 1)
      }
    default: break
    }
  }

  private func join(_ prefix: String, _ label: String) -> String {
    prefix.isEmpty ? label : "\(prefix).\(label)"
  }

  private func label(_ key: PickleValue) throws -> String {
    switch key {
    case .text(let index): return machine.texts[index]
    case .integer(let number): return "\(number)"
    default: throw machine.malformed("a key of a dictionary is \(key.kind)")
    }
  }
}
