// Arrays of NumPy in a pickle: their numbers are a bytes object of it.

/// What NumPy's pickles make arrays with.
enum ArrayPart {
  /// An empty array, which is filled by the state that follows.
  case empty
  /// The class of arrays, which the former is told to make.
  case arrayClass
  /// A type of numbers, whose byte order follows as its state.
  case type
  /// A whole array of protocol 5.
  case whole
}

/// A type of numbers as NumPy's pickles tell it.
struct PickledArrayType {
  /// As in `f4`, without the byte order.
  let code: String
  var isBigEndian = false
}

extension PickleGlobal {
  init?(numPyModule module: String, name: String) {
    switch (module, name) {
    // Up to NumPy 1.26 and from 2.0 on.
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      self = .array(.empty)
    case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"): self = .array(.whole)
    case ("numpy", "ndarray"): self = .array(.arrayClass)
    case ("numpy", "dtype"): self = .array(.type)
    default: return nil
    }
  }
}

extension PickleMachine {
  /// What becomes of a call of NumPy's.
  mutating func array(_ part: ArrayPart, _ parts: [PickleValue]) throws -> PickleValue {
    switch (part, parts.count) {
    case (.empty, 3): return tensor(.unread(UnreadTensor(what: "an array without numbers", offset: position)))
    case (.type, 1...3):
      arrayTypes.append(PickledArrayType(code: try text(parts[0], "an array's type")))
      return .arrayType(arrayTypes.count - 1)
    case (.whole, 4):
      guard case .text(let order) = parts[3], ["C", "F"].contains(texts[order]) else {
        throw malformed("the order of an array is \(parts[3].kind)")
      }
      return tensor(
        try arrayContent(
          type: parts[1], shape: parts[2], numbers: parts[0], isColumnMajor: texts[order] == "F"))
    default: throw malformed("a call with \(parts.count) arguments that builds no array")
    }
  }

  /// The state of a type: a version, the byte order, and what only structures have.
  mutating func setByteOrder(ofType index: Int, _ state: PickleValue) throws {
    let parts = try tuple(state, "the state of an array's type")
    guard parts.count >= 2, case .text(let order) = parts[1] else {
      throw malformed("the state of an array's type has no byte order")
    }
    arrayTypes[index].isBigEndian = texts[order] == ">"
  }

  /// The state of an array: a version, its lengths, its type, whether the first axis is innermost, its numbers.
  mutating func arrayContent(_ state: PickleValue) throws -> PickleTensor.Content {
    let parts = try tuple(state, "the state of an array")
    guard parts.count == 5, case .bool(let isColumnMajor) = parts[3] else {
      throw malformed("the state of an array has \(parts.count) parts, which are not those of NumPy's")
    }
    return try arrayContent(type: parts[2], shape: parts[1], numbers: parts[4], isColumnMajor: isColumnMajor)
  }

  private func arrayContent(
    type: PickleValue, shape: PickleValue, numbers: PickleValue, isColumnMajor: Bool
  ) throws -> PickleTensor.Content {
    let lengths = try integers(shape, "an array's lengths")
    guard lengths.allSatisfy({ $0 >= 0 }), lengths.count <= StoredTensor.rankLimit else {
      throw malformed("an array of shape \(lengths)")
    }
    guard case .arrayType(let index) = type else { throw malformed("an array's type is \(type.kind)") }
    guard let scalarType = StoredScalarType(numPy: arrayTypes[index].code), case .bytes(let object) = numbers
    else {
      return .unread(
        UnreadTensor(
          what:
            "an array of the type \(quoted(arrayTypes[index].code)), whose numbers are not in the pickle as they are",
          shape: lengths, remedy: "save it with np.savez", offset: position))
    }
    let bytes = bytesObjects[object]
    guard let byteCount = StoredTensor.byteCount(lengths, scalarType), byteCount == bytes.count else {
      throw malformed(
        "an array of shape \(lengths) and type \(arrayTypes[index].code) has \(bytes.count) bytes")
    }
    return .array(
      StoredTensor(
        scalarType: scalarType, bytes: bytes,
        layout: isColumnMajor ? Layout(shape: lengths, strides: lengths.columnMajorStrides) : Layout(lengths),
        isBigEndian: arrayTypes[index].isBigEndian && scalarType.byteCount > 1))
  }
}
