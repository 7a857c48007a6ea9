// What the names in a pickle stand for, carried out on data.

extension PickleMachine {
  func global(module: String, name: String) throws -> PickleGlobal {
    if let global = PickleGlobal(module: module, name: name) { return global }
    throw input.file.unsupported(
      at: position, "the name \(quoted(module + "." + name)) is not one that weights need",
      remedy: "nothing of it was run; save only a state_dict of ordinary tensors")
  }

  /// Calling `callable` with `arguments`, for the few callables that build data.
  mutating func reduce(_ callable: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
    guard case .global(let global) = callable else { throw malformed("the pickle calls \(callable.kind)") }
    let parts = try tuple(arguments, "the arguments of a call")
    switch (global, parts.count) {
    case (.orderedDictionary, 0): return .dictionary(newContainer([]))
    case (.orderedDictionary, 1): return .dictionary(newContainer(try pairs(parts[0])))
    case (.size, 1): return .tuple(newContainer(try tuple(parts[0], "a size")))
    case (.rebuildTensor, 4), (.rebuildTensorV2, 6...7): return .tensor(try tensorIndex(parts))
    case (.rebuildParameter, 3), (.rebuildParameterWithState, 4):
      guard case .tensor = parts[0] else { throw malformed("a parameter made of \(parts[0].kind)") }
      return parts[0]
    default: throw malformed("a call with \(parts.count) arguments that builds no tensor")
    }
  }

  /// The keys and values of a list of pairs: how Python 2 wrote an OrderedDict.
  private mutating func pairs(_ value: PickleValue) throws -> [PickleValue] {
    guard case .list(let index) = value else { throw malformed("an OrderedDict made of \(value.kind)") }
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
  }

  /// storage, offset, lengths, strides, and what concerns derivatives.
  private mutating func tensorIndex(_ parts: [PickleValue]) throws -> Int {
    guard case .storage(let storage) = parts[0] else { throw malformed("a tensor made of \(parts[0].kind)") }
    guard case .integer(let offset) = parts[1] else {
      throw malformed("a tensor's offset is \(parts[1].kind)")
    }
    let layout = Layout(
      shape: try integers(parts[2], "a tensor's lengths"),
      strides: try integers(parts[3], "a tensor's strides"),
      offset: offset)
    if let problem = StoredTensor.problem(of: layout, storageCount: storages[storage].count) {
      throw malformed("the tensor has \(problem)")
    }
    tensors.append(PickleTensor(storage: storage, layout: layout, position: position))
    return tensors.count - 1
  }

  /// ("storage", class, key, device, count) and, in the legacy stream, a view that is None.
  mutating func storageIndex(_ identifier: PickleValue) throws -> Int {
    let parts = try tuple(identifier, "a persistent id")
    guard parts.count == 5 || parts.count == 6, try text(parts[0], "a persistent id's kind") == "storage"
    else {
      throw malformed("a persistent id is not that of a storage")
    }
    guard case .global(.storage(let type)) = parts[1] else {
      throw malformed("a storage of \(parts[1].kind)")
    }
    guard case .integer(let count) = parts[4], count >= 0, count <= input.file.bytes.count / type.byteCount
    else {
      throw malformed("a storage is larger than the file, which has \(input.file.bytes.count) bytes")
    }
    if parts.count == 6, case .none = parts[5] {
    } else if parts.count == 6 {
      throw input.file.unsupported(
        at: position, "the storage is a view of another, as PyTorch wrote before version 0.4",
        remedy: "load and save it again with a newer PyTorch")
    }
    let key = try text(parts[2], "a storage's key")
    if let known = storageIndices[key] {
      guard storages[known].scalarType == type, storages[known].count == count else {
        throw malformed("the storage \(quoted(key)) is described in two ways")
      }
      return known
    }
    storageIndices[key] = storages.count
    storages.append(PickleStorage(key: key, scalarType: type, count: count, position: position))
    return storages.count - 1
  }
}

// MARK: - Parts of instructions

extension PickleMachine {
  func text(_ value: PickleValue, _ what: String) throws -> String {
    guard case .text(let index) = value else { throw malformed("\(what) is \(value.kind)") }
    return texts[index]
  }

  private func tuple(_ value: PickleValue, _ what: String) throws -> [PickleValue] {
    guard case .tuple(let index) = value else { throw malformed("\(what) are \(value.kind)") }
    return containers[index]
  }

  private func integers(_ value: PickleValue, _ what: String) throws -> [Int] {
    let parts = try tuple(value, what)
    guard parts.count <= StoredTensor.rankLimit else {
      throw malformed("\(what) are \(parts.count), more than \(StoredTensor.rankLimit)")
    }
    return try parts.map {
      guard case .integer(let number) = $0 else { throw malformed("\(what) include \($0.kind)") }
      return number
    }
  }

  /// The text up to the next line feed.
  mutating func line(_ what: String) throws -> String {
    var ahead = input
    while try ahead.byte(what) != 0x0a {}
    let length = ahead.position - input.position - 1
    guard length <= 256 else { throw malformed("\(what) of \(length) bytes") }
    let text = try input.text(length, what)
    try input.skip(1, what)
    return text
  }

  /// An integer of as many bytes as the next byte says, least significant first, in two's complement.
  mutating func longInteger() throws -> PickleValue {
    let range = try input.skip(input.byte("a length"), "an integer")
    let bytes = input.file.bytes[range]
    if bytes.elementsEqual(PyTorchLegacyStream.magic) { return .streamMagic }
    guard bytes.count <= 8 else { throw malformed("an integer of \(bytes.count) bytes, more than 8") }
    var number = (bytes.last ?? 0) & 0x80 == 0 ? 0 : -1
    for byte in bytes.reversed() { number = number << 8 | Int(byte) }
    return .integer(number)
  }

  /// A frame says how many bytes of instructions follow; they are read where they lie.
  mutating func checkFrame() throws {
    let length = try input.integer(UInt64.self, "the length of a frame")
    guard length <= UInt64(input.remaining) else {
      throw malformed("a frame of \(length) bytes where \(input.remaining) are left")
    }
  }
}
