// Tensors as a pickle describes them: a view of a storage, or what is listed alone.

extension PickleMachine {
  mutating func tensor(_ content: PickleTensor.Content) -> PickleValue {
    tensors.append(PickleTensor(content: content))
    return .tensor(tensors.count - 1)
  }

  /// storage, offset, lengths, strides, what concerns derivatives (two), then the type in version 3, and flags.
  func content(_ parts: [PickleValue], _ global: PickleGlobal) throws -> PickleTensor.Content {
    let needed = parts.prefix(4) + parts.dropFirst(6).prefix(global == .rebuildTensorV3 ? 1 : 0)
    if let stranger = (needed + elements(parts[2]) + elements(parts[3])).first(where: \.isStranger) {
      return .unread(UnreadTensor(what: "made of \(describe(stranger))", offset: position))
    }
    guard case .storage(let storage) = parts[0] else { throw malformed("a tensor made of \(parts[0].kind)") }
    guard case .integer(let offset) = parts[1] else {
      throw malformed("a tensor's offset is \(parts[1].kind)")
    }
    var type = storages[storage].type
    if global == .rebuildTensorV3 {
      guard case .global(.scalarType(let given)) = parts[6] else {
        throw malformed("a tensor's type is \(parts[6].kind)")
      }
      type = given
    }
    let layout = Layout(
      shape: try integers(parts[2], "a tensor's lengths"),
      strides: try integers(parts[3], "a tensor's strides"),
      offset: offset)
    let storageCount = storages[storage].count * storages[storage].type.byteCount / type.byteCount
    if let problem = StoredTensor.problem(of: layout, storageCount: storageCount) {
      throw malformed("the tensor has \(problem)")
    }
    if let excess = StoredTensor.excess(of: layout, storageCount: storageCount) {
      return .unread(
        UnreadTensor(
          what: excess, shape: layout.shape, remedy: "save it anew, as with x.contiguous()", offset: position)
      )
    }
    let flags = try self.flags(parts.dropFirst(global == .rebuildTensorV3 ? 7 : 6).first ?? .none)
    if let unknown = flags.unknown {
      return .unread(
        UnreadTensor(
          what: "marked as \(quoted(unknown)), which is not known", shape: layout.shape,
          remedy: "save it anew, as with x.clone()", offset: position))
    }
    guard let scalarType = type.scalarType else {
      return .unread(
        UnreadTensor(
          what: "of the type torch.\(type.name)", shape: layout.shape,
          remedy: "only its bytes can be saved: x.view(torch.uint8)",
          offset: position))
    }
    return .stored(
      storage: storage, type: type, scalarType: scalarType, layout, isNegated: flags.isNegated)
  }

  /// What a dictionary of flags says: that the numbers have the other sign, that they are conjugates (of complex
  /// numbers, which are not read), or something that is not known.
  private func flags(_ value: PickleValue) throws -> (isNegated: Bool, unknown: String?) {
    guard case .dictionary(let index) = value else {
      if case .none = value { return (false, nil) }
      return (false, value.kind)
    }
    var isNegated = false
    let items = containers[index]
    for key in stride(from: 0, to: items.count, by: 2) {
      guard case .text(let text) = items[key], case .bool(let isSet) = items[key + 1] else {
        return (false, items[key].kind)
      }
      switch texts[text] {
      case "neg": isNegated = isSet
      case "conj": break
      case let flag: if isSet { return (false, flag) }
      }
    }
    return (isNegated, nil)
  }

  /// Tensors that are listed alone, by what PyTorch makes them from.
  mutating func other(_ kind: PickleGlobal.OtherTensor, _ parts: [PickleValue]) throws -> PickleValue {
    var unread: UnreadTensor
    var shape: PickleValue?
    switch kind {
    case .sparse:
      unread = UnreadTensor(what: "sparse", remedy: "save x.to_dense()")
      if parts.count == 2, case .tuple(let data) = parts[1], (3...4).contains(containers[data].count) {
        // Compressed rows have a tensor more before the lengths than coordinates have.
        shape = containers[data].dropFirst(2).first { if case .tuple = $0 { true } else { false } }
      }
    case .quantized:
      unread = UnreadTensor(what: "quantised", remedy: "save x.dequantize()")
      if parts.count == 7 { shape = parts[2] }
    case .nested:
      unread = UnreadTensor(what: "nested, of parts of different lengths", remedy: "save x.unbind()")
    case .meta:
      unread = UnreadTensor(what: "without numbers, as it was on PyTorch's device \"meta\"")
      if parts.count == 4 { shape = parts[1] }
    case .wrapper:
      unread = UnreadTensor(
        what: "of a class that keeps its numbers in a way of its own", remedy: "save plain tensors")
      if parts.count == 8 { shape = parts[2] }
    case .device:
      if parts.count == 4, case .tensor(let index) = parts[0], case .global(.scalarType(let type)) = parts[1],
        case .stored(_, type, _, _, _) = tensors[index].content
      {
        return parts[0]
      }
      unread = UnreadTensor(what: "of another type on its device than in the file", remedy: "save x.cpu()")
    case .deviceArray: unread = UnreadTensor(what: "made of an array of NumPy", remedy: "save x.cpu()")
    }
    unread.shape = shape.flatMap { try? integers($0, "a tensor's lengths") }
    unread.offset = position
    return tensor(.unread(unread))
  }
}
