/// Gives every tensor of an unpickled object its name.
///
/// A dictionary's keys are names, parts of lists and tuples are numbered, and nested names are joined with dots:
/// `{"epoch": 3, "model": {"0.weight": w}}` has the tensor `model.0.weight`. An object that is one tensor calls it
/// `tensor`. The tensors among the attributes of a tensor or dictionary are called by its name and theirs, once for each.
/// What is no tensor is passed over; objects of classes that are not known, and storages without a tensor, are named with
/// the rest. A container that contains itself is not gone into again.
struct StateDictionary {
  private(set) var entries: [(name: String, tensor: Int)] = []
  /// What each object of a class that is not known is, and each storage, by its name.
  private(set) var others: [String: String] = [:]
  /// The first of their classes, and where the file has it.
  private(set) var firstStranger: (name: String, position: Int)?

  private let machine: PickleMachine
  private var names = DistinctNames()
  /// The labels that lead to the container being visited, and the parts of it and of those around it that are to come.
  private var path: [String] = []
  private var pending: [Parts] = []
  private var budget: Int
  private static let depthLimit = 1000
  /// The containers that are being visited, into which no part of theirs leads back.
  private var open: Set<Int> = []
  /// The containers in which nothing was found. A list of numbers may stand in a thousand places.
  private var barren: Set<Int> = []
  /// The tensors whose attributes were visited.
  private var seen: Set<Int> = []
  /// How many tensors, objects that are not known and containers of themselves were met.
  private var found = 0

  private struct Parts {
    let container: Int
    let isDictionary: Bool
    /// The dictionary, visited before, whose attributes they are; `nil` for parts of an object's own.
    var owner: Int?
    /// How much had been found before.
    let found: Int
    var next = 0
    /// The keys of a dictionary that led to something.
    var keys: Set<ExactName> = []
  }

  /// - Throws: ``SerializationError`` when a dictionary has a key twice, the object is nested too deeply, or its parts stand
  ///   in so many places that their names would be much longer than its pickle.
  init(_ root: PickleValue, _ machine: PickleMachine, pickleBytes: Int) throws {
    self.machine = machine
    budget = 64 * pickleBytes + (1 << 22)
    if case .global = root {
      throw machine.malformed("the object is a name of PyTorch's, and no tensor")
    }
    try visit(root)
    while !pending.isEmpty { try visitNext() }
  }

  /// Visits the next part of the innermost container, or leaves it. Not by recursion: a file may be nested as deeply as
  /// it likes.
  private mutating func visitNext() throws {
    let last = pending.count - 1
    let parts = machine.containers[pending[last].container]
    let index = pending[last].next
    guard index < parts.count else {
      if let attributes = machine.dictionaryAttributes[pending[last].container], pending[last].owner == nil,
        open.insert(attributes).inserted
      {
        try charge(1)
        pending[last] = Parts(
          container: attributes, isDictionary: true, owner: pending[last].container,
          found: pending[last].found)
        return
      }
      let visited = pending.removeLast()
      open.remove(visited.container)
      if let owner = visited.owner { open.remove(owner) }
      if visited.found == found {
        barren.insert(visited.container)
        if let owner = visited.owner { barren.insert(owner) }
      }
      if !path.isEmpty { path.removeLast() }
      return
    }
    let isDictionary = pending[last].isDictionary
    pending[last].next += isDictionary ? 2 : 1
    let value = isDictionary ? parts[index + 1] : parts[index]
    guard value.mayHoldTensors else { return try charge(1) }
    let label = isDictionary ? label(parts[index]) : "\(index)"
    try charge(label.utf8.count)
    if isDictionary, case .text = parts[index], !pending[last].keys.insert(ExactName(label)).inserted {
      throw machine.malformed("two tensors are called \(quoted((path + [label]).joined(separator: ".")))")
    }
    path.append(label)
    if try !visit(value) { path.removeLast() }
  }

  /// Returns whether the value is a container, whose parts come next.
  @discardableResult
  private mutating func visit(_ value: PickleValue) throws -> Bool {
    try charge(1)
    switch value {
    case .tensor(let index):
      found += 1
      entries.append((names.name(try name("tensor")), index))
      if let attributes = machine.tensors[index].attributes, seen.insert(index).inserted {
        // They are not the root's own parts, of which `tensor` would be one.
        if path.isEmpty { path = ["tensor"] }
        return try enter(attributes, isDictionary: true)
      }
    case .storage(let index):
      found += 1
      let (type, count) = (machine.storages[index].type, machine.storages[index].count)
      let content = type == .bytes ? "bytes" : "numbers of the type torch.\(type.name)"
      others[try name("storage")] = "a storage of \(count) \(content), and no tensor"
    case .stranger(let index):
      found += 1
      if firstStranger == nil { firstStranger = machine.strangers[index] }
      others[try name("object")] = "an object of the class \(machine.strangers[index].name)"
    case .list(let index), .tuple(let index), .set(let index): return try enter(index, isDictionary: false)
    case .dictionary(let index): return try enter(index, isDictionary: true)
    default: break
    }
    return false
  }

  private mutating func enter(_ container: Int, isDictionary: Bool) throws -> Bool {
    if barren.contains(container) { return false }
    guard open.insert(container).inserted else {
      // What is in it then has names beyond those around it, which are being found.
      found += 1
      return false
    }
    guard pending.count < Self.depthLimit else { throw machine.malformed("the object is nested too deeply") }
    pending.append(Parts(container: container, isDictionary: isDictionary, found: found))
    return true
  }

  private mutating func name(_ single: String) throws -> String {
    if path.isEmpty { return single }
    let name = path.joined(separator: ".")
    try charge(name.utf8.count)
    return name
  }

  private mutating func charge(_ amount: Int) throws {
    budget -= amount
    guard budget >= 0 else {
      throw machine.malformed("the object's parts stand in more places than can be listed")
    }
  }

  /// A key as Python shows it, but for strings, which are shown as they are.
  private func label(_ key: PickleValue) -> String {
    switch key {
    case .text(let index), .largeInteger(let index): machine.texts[index]
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .bool(let isTrue): isTrue ? "True" : "False"
    case .global(.scalarType(let type)): "torch.\(type.name)"
    case .none: "None"
    case .tuple(let index): tuple(machine.containers[index])
    default: machine.describe(key)
    }
  }

  private func tuple(_ parts: [PickleValue]) -> String {
    var left = Self.shownParts
    return tuple(parts, &left)
  }

  /// A tuple and those in it, up to `left` parts in all: one may stand in it a million times.
  private func tuple(_ parts: [PickleValue], _ left: inout Int) -> String {
    var shown: [String] = []
    for part in parts {
      guard left > 0 else { break }
      left -= 1
      switch part {
      case .tuple(let index): shown.append(tuple(machine.containers[index], &left))
      case .text(let index): shown.append(Self.literal(machine.texts[index]))
      default: shown.append(label(part))
      }
    }
    let rest = parts.count > shown.count ? ", …" : parts.count == 1 ? "," : ""
    return "(\(shown.joined(separator: ", "))\(rest))"
  }

  private static let shownParts = 16

  /// A string as Python shows it in a tuple, but for what it cannot print.
  private static func literal(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var shown = quote
    for scalar in text.unicodeScalars {
      if scalar == "\\" || quote.unicodeScalars.contains(scalar) { shown += "\\" }
      shown.unicodeScalars.append(scalar)
    }
    return shown + quote
  }
}

extension PickleValue {
  fileprivate var mayHoldTensors: Bool {
    switch self {
    case .tensor, .storage, .stranger, .list, .tuple, .dictionary, .set: true
    default: false
    }
  }
}
