// What the names in a pickle stand for, carried out on data.

extension PickleMachine {
  /// What a name stands for; a stranger where it is not known.
  mutating func global(module: String, name: String) -> PickleValue {
    if readsArrays, let global = PickleGlobal(numPyModule: module, name: name) { return .global(global) }
    if let global = PickleGlobal(module: module, name: name) { return .global(global) }
    // Protocol 2 has the names of Python 2.
    let renamed = ["xrange": "range", "unicode": "str", "long": "int"]
    return .stranger(
      stranger(module == "__builtin__" ? "builtins.\(renamed[name] ?? name)" : "\(module).\(name)"))
  }

  /// Calling `callable` with `arguments`, for the few callables that build data; of any other nothing becomes but a
  /// stranger.
  mutating func reduce(_ callable: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
    var (callable, parts) = (callable, try tuple(arguments, "the arguments of a call"))
    // A tensor with attributes or of a class of its own: how the plain one is made, the class, from what, the attributes.
    var attributes: Int?
    while case .global(.rebuildFromType) = callable {
      try charge(1)
      guard parts.count == 4 else {
        throw malformed("a call with \(parts.count) arguments that builds no tensor")
      }
      attributes = attributes ?? self.attributes(parts[3])
      (callable, parts) = (parts[0], try tuple(parts[2], "the arguments of a call"))
    }
    let value = try reduce(callable, parts)
    if case .tensor(let index) = value, let attributes { tensors[index].attributes = attributes }
    return value
  }

  private mutating func reduce(_ callable: PickleValue, _ parts: [PickleValue]) throws -> PickleValue {
    if case .stranger = callable { return callable }
    guard case .global(let global) = callable else { throw malformed("the pickle calls \(callable.kind)") }
    switch (global, parts.count) {
    case (.orderedDictionary, 0), (.counter, 0): return .dictionary(newContainer([]))
    case (.orderedDictionary, 1): return .dictionary(newContainer(try pairs(parts[0])))
    case (.counter, 1):
      guard case .dictionary = parts[0] else { return .dictionary(newContainer([])) }
      return .dictionary(newContainer(try pairs(parts[0])))
    case (.set, 0): return .set(newContainer([]))
    case (.set, 1):
      let items = try sequence(parts[0], "a set")
      // What is added later copies them.
      try charge(items.count)
      return .set(newContainer(items))
    case (.byteArray, _), (.encode, 1...3): return inert("bytes")
    case (.complex, _): return inert(complex(parts))
    case (.device, 1...2): return inert(device(parts))
    case (.tensorLayout, 1): return parts[0]
    case (.size, 1): return .tuple(newContainer(try sequence(parts[0], "a size")))
    case (.tensorClass, _): return tensor(.unread(UnreadTensor(what: "without numbers", offset: position)))
    case (.rebuildTensor, 4), (.rebuildTensorV2, 6...7), (.rebuildTensorV3, 7...8):
      return tensor(try content(parts, global))
    case (.rebuildParameter, 3), (.rebuildParameterWithState, 4), (.parameter, 1...):
      switch parts[0] {
      case .tensor(let index):
        if global == .rebuildParameterWithState { tensors[index].attributes = attributes(parts[3]) }
        return parts[0]
      case .stranger: return parts[0]
      default: throw malformed("a parameter made of \(parts[0].kind)")
      }
    case (.rebuildOther(let kind), _): return try other(kind, parts)
    case (.array(let part), _): return try array(part, parts)
    default: throw malformed("a call with \(parts.count) arguments that builds no tensor")
    }
  }

  /// The state that an object is given after it was made: an array's or the oldest files' tensors' numbers, a type's byte
  /// order, a dictionary's attributes; nothing else has any.
  mutating func build(_ object: PickleValue, state: PickleValue) throws {
    switch object {
    // That of an OrderedDict is mostly what PyTorch notes about versions of layers.
    case .dictionary(let index): dictionaryAttributes[index] = attributes(state)
    case .set, .inert, .stranger: break
    case .arrayType(let index): try setByteOrder(ofType: index, state)
    case .tensor(let index) where readsArrays: tensors[index].content = try arrayContent(state)
    case .tensor(let index):
      guard case .tuple(let parts) = state, containers[parts].count >= 4, case .storage = containers[parts][0]
      else {
        break
      }
      tensors[index].content = try content(containers[parts], .rebuildTensor)
    default: throw malformed("BUILD on \(object.kind)")
    }
  }

  /// An object's attributes by their names, or those beside the ones that have a place of their own.
  private func attributes(_ state: PickleValue) -> Int? {
    var state = state
    if case .tuple(let index) = state, containers[index].count == 2 { state = containers[index][0] }
    guard case .dictionary(let index) = state, !containers[index].isEmpty else { return nil }
    return index
  }

  /// The keys and values of a dictionary, or of a list of pairs, which is how Python 2 wrote an OrderedDict.
  private mutating func pairs(_ value: PickleValue) throws -> [PickleValue] {
    switch value {
    case .dictionary(let index):
      try charge(containers[index].count)
      return containers[index]
    case .list(let index):
      try charge(containers[index].count)
      var parts: [PickleValue] = []
      for item in containers[index] {
        switch item {
        case .list(let pair), .tuple(let pair):
          guard containers[pair].count == 2 else { throw malformed("an OrderedDict's item is not a pair") }
          parts += containers[pair]
        default: throw malformed("an OrderedDict's item is \(item.kind)")
        }
      }
      return parts
    default: throw malformed("an OrderedDict made of \(value.kind)")
    }
  }

  /// ("storage", class, key, device, count) and, in the legacy stream, a part of it or None.
  mutating func persistent(_ identifier: PickleValue) throws -> PickleValue {
    let parts = try tuple(identifier, "a persistent id")
    // Legacy streams mention the class of a whole network so, with its source.
    if parts.count == 4, case .stranger = parts[1], try text(parts[0], "a persistent id's kind") == "module" {
      return parts[1]
    }
    guard parts.count == 5 || parts.count == 6, try text(parts[0], "a persistent id's kind") == "storage"
    else {
      throw malformed("a persistent id is not that of a storage")
    }
    guard case .global(.storage(let type)) = parts[1] else {
      throw malformed("a storage of \(parts[1].kind)")
    }
    let key = try text(parts[2], "a storage's key")
    let whole = try storage(key, type, parts[4])
    if parts.count == 5 { return .storage(whole) }
    if case .none = parts[5] { return .storage(whole) }
    guard case .tuple(let index) = parts[5], containers[index].count == 3,
      case .integer(let offset) = containers[index][1], offset >= 0
    else { throw malformed("a view of another storage is not told by its key, its offset and its count") }
    // Keys of parts are a space of their own.
    let name = "\(key)/\(try text(containers[index][0], "the key of a view of another storage"))"
    let part = try storage(name, type, containers[index][2], part: (whole, offset))
    guard offset <= storages[whole].count - storages[part].count else {
      throw malformed("a view of another storage leaves it")
    }
    return .storage(part)
  }

  private mutating func storage(
    _ key: String, _ type: PyTorchType, _ count: PickleValue, part: (whole: Int, offset: Int)? = nil
  ) throws -> Int {
    guard case .integer(let count) = count, count >= 0, count <= storageLimit / type.byteCount else {
      throw malformed("a storage is larger than the file, which has \(storageLimit) bytes")
    }
    if let known = storageIndices[key] {
      guard storages[known].type == type, storages[known].count == count,
        storages[known].part?.offset == part?.offset
      else {
        throw malformed("the storage \(quoted(key)) is described in two ways")
      }
      return known
    }
    storageIndices[key] = storages.count
    storages.append(PickleStorage(key: key, type: type, count: count, position: position, part: part))
    return storages.count - 1
  }
}
