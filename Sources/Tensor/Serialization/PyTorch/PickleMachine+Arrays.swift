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
  /// As in `f4`, without the byte order; what it is called where it is a type of another package.
  let code: String
  let scalarType: StoredScalarType?
  var isBigEndian = false

  /// The letter that NumPy has for such types; that of ml_dtypes' is one for bytes of no type.
  var kind: Character? { code.hasPrefix("ml_dtypes.") ? "V" : code.first }

  /// Bytes of no type are structures here: only in files of `np.save` has bfloat16 no better name.
  var isStructure: Bool { code.hasPrefix("V") || code == "numpy.record" }
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
      arrayTypes.append(try arrayType(parts[0]))
      return .arrayType(arrayTypes.count - 1)
    case (.whole, 4...5):
      guard case .text(let order) = parts[3], ["C", "F", "K"].contains(texts[order]) else {
        throw malformed("the order of an array is \(parts[3].kind)")
      }
      var axes: [Int]?
      if texts[order] == "K", parts.count == 5 { axes = try integers(parts[4], "the axes of an array") }
      return tensor(
        try arrayContent(
          type: parts[1], shape: parts[2], numbers: parts[0], isColumnMajor: texts[order] == "F", axes: axes))
    default: throw malformed("a call with \(parts.count) arguments that builds no array")
    }
  }

  /// The type that a code of NumPy's names, or a class of a package that adds types.
  private func arrayType(_ name: PickleValue) throws -> PickledArrayType {
    if case .stranger(let index) = name {
      let name = strangers[index].name
      return PickledArrayType(code: name, scalarType: Self.addedTypes[name])
    }
    let code = try self.name(name, "an array's type")
    let scalarType = StoredScalarType(numPy: code)
    return PickledArrayType(code: code, scalarType: code.hasPrefix("V") ? nil : scalarType)
  }

  private static let addedTypes: [String: StoredScalarType] = [
    "ml_dtypes.bfloat16": .bfloat16, "ml_dtypes.float8_e4m3fn": .float8E4M3,
    "ml_dtypes.float8_e5m2": .float8E5M2,
    "ml_dtypes.float8_e4m3fnuz": .float8E4M3FNUZ, "ml_dtypes.float8_e5m2fnuz": .float8E5M2FNUZ,
    "ml_dtypes.float8_e8m0fnu": .float8E8M0,
  ]

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
    let parts = elements(state)
    guard parts.count == 5, case .bool(let isColumnMajor) = parts[3] else {
      return .unread(
        UnreadTensor(
          what: "an array of a class that has more than NumPy's arrays",
          remedy: "save its numbers alone, as with np.asarray(x)", offset: position))
    }
    return try arrayContent(type: parts[2], shape: parts[1], numbers: parts[4], isColumnMajor: isColumnMajor)
  }

  private func arrayContent(
    type: PickleValue, shape: PickleValue, numbers: PickleValue, isColumnMajor: Bool, axes: [Int]? = nil
  ) throws -> PickleTensor.Content {
    let lengths = try integers(shape, "an array's lengths")
    guard lengths.allSatisfy({ $0 >= 0 }), lengths.count <= StoredTensor.rankLimit else {
      throw malformed("an array of shape \(lengths)")
    }
    if case .stranger(let index) = type {
      return .unread(
        UnreadTensor(
          what: "an array of a type that \(strangers[index].name) makes", shape: lengths, holdsNumbers: false,
          remedy: "only numbers are read", offset: position))
    }
    guard case .arrayType(let index) = type else { throw malformed("an array's type is \(type.kind)") }
    let arrayType = arrayTypes[index]
    guard let scalarType = arrayType.scalarType else {
      return .unread(
        arrayType.isStructure
          ? UnreadTensor(
            what: "an array of structures", shape: lengths, holdsNumbers: false,
            remedy: "save each field as an array of its own", offset: position)
          : NumPyHeader.unread(arrayType.code, ofKind: arrayType.kind, lengths, at: position))
    }
    guard let bytes = range(ofNumbers: numbers) else {
      return .unread(
        UnreadTensor(
          what:
            "an array of the type \(quoted(arrayType.code)), whose numbers are not in the pickle as they are",
          shape: lengths,
          remedy: "save it with np.savez, or with pickle's protocol 4", offset: position))
    }
    guard let byteCount = StoredTensor.byteCount(lengths, scalarType), byteCount == bytes.count else {
      throw malformed(
        "an array of shape \(lengths) and type \(arrayType.code) has \(bytes.count) bytes")
    }
    var layout = isColumnMajor ? Layout(shape: lengths, strides: lengths.columnMajorStrides) : Layout(lengths)
    if let axes {
      guard axes.sorted() == Array(lengths.indices) else {
        throw malformed("the axes \(axes) are none of an array of shape \(lengths)")
      }
      layout = Layout(shape: axes.map { layout.shape[$0] }, strides: axes.map { layout.strides[$0] })
    }
    return .array(
      StoredTensor(
        scalarType: scalarType, bytes: bytes, layout: layout,
        isBigEndian: arrayType.isBigEndian && scalarType.byteCount > 1))
  }

  /// Where numbers lie: in a bytes object, or in what Python 2 called a string.
  private func range(ofNumbers value: PickleValue) -> Range<Int>? {
    switch value {
    case .bytes(let index): bytesObjects[index]
    case .text(let index): byteTexts[index]
    default: nil
    }
  }
}
