import ImpastoPlatform

/// What a `.npy` array begins with: the magic, a version, and a Python dictionary that describes the array.
struct NumPyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Longer ones describe structures, whose fields have names; NumPy itself trusts no more than 10,000 bytes.
  static let lengthLimit = 1 << 16

  /// The type; `.some(nil)` for a structure.
  private var code: String??
  private var isColumnMajor: Bool?
  private var shape: Shape?

  /// Reads an array, of which the header comes first and the numbers take all the rest.
  ///
  /// - Parameter following: How many bytes come behind the last that `source` has. Where there are any, an array may end
  ///   two bytes before them all: whether those end a line is seen when the numbers are asked for.
  static func read(_ source: ByteReader, following: Int = 0) throws -> TensorDirectory.Content {
    var input = source
    let file = input.file
    let start = input.position
    guard file.bytes[start..<input.end].starts(with: magic) else {
      throw file.malformed(at: start, "the array does not begin as NumPy's do")
    }
    try input.skip(magic.count, "the magic")
    let version = (try input.byte("the version"), try input.byte("the version"))
    guard (1...3).contains(version.0), version.1 == 0 else {
      throw file.unsupported(
        at: start + magic.count, "version \(version.0).\(version.1) of the format",
        remedy: "versions 1.0 to 3.0 are read")
    }
    let length =
      version.0 == 1
      ? UInt32(try input.integer(UInt16.self, "the header's length"))
      : try input.integer(UInt32.self, "the header's length")
    guard length <= lengthLimit else {
      throw file.unsupported(
        at: input.position, "a header of \(length) bytes where \(lengthLimit) are allowed",
        remedy: "only plain arrays of numbers are read")
    }
    let text = try input.skip(length, "the header")
    let header = try NumPyHeader(ByteReader(file, text))
    return try header.content(&input, at: text.lowerBound, following)
  }

  /// How long the header is with all that comes before it, by its first twelve bytes; `nil` where they do not begin an
  /// array.
  static func length(_ bytes: some Collection<UInt8>) -> Int? {
    let start = Array(bytes.prefix(12))
    guard start.starts(with: magic), start.count >= 10 else { return nil }
    let (low, high) = (
      Int(start[8]) | Int(start[9]) << 8, start.count < 12 ? 0 : Int(start[10]) | Int(start[11]) << 8
    )
    return start[6] == 1 ? 10 + low : 12 + min(low | high << 16, lengthLimit)
  }

  private init(_ text: ByteReader) throws {
    var python = PythonLiteralReader(text)
    let start = text.position
    try python.dictionary { python, key, position in
      switch key {
      case "descr" where code == nil: code = try python.typeCode()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try python.truth()
      case "shape" where shape == nil: shape = try python.shape()
      case "descr", "fortran_order", "shape":
        throw text.file.malformed(at: position, "the key \(quoted(key)) comes twice")
      default: throw text.file.unsupported(at: position, "the key \(quoted(key)) of the header")
      }
    }
    guard code != nil, isColumnMajor != nil, shape != nil else {
      throw text.file.malformed(at: start, "the header lacks its descr, fortran_order or shape")
    }
  }

  private func content(
    _ input: inout ByteReader, at position: Int, _ following: Int
  ) throws -> TensorDirectory.Content {
    let file = input.file
    guard let code, let shape, let isColumnMajor else { preconditionFailure("the header was checked") }
    guard let code else {
      return .unread(
        UnreadTensor(
          what: "an array of structures", shape: shape, holdsNumbers: false,
          remedy: "save each field as an array of its own", offset: position))
    }
    guard let (type, isBigEndian) = Self.scalarType(code) else {
      let kind = code.drop { "<>|=".contains($0) }.first
      return .unread(Self.unread(code, ofKind: kind, shape, at: position))
    }
    guard let byteCount = StoredTensor.byteCount(shape, type) else {
      throw file.malformed(at: position, "an array of shape \(shape) has more bytes than can be counted")
    }
    let remaining = input.remaining + following
    guard byteCount <= remaining else {
      throw file.malformed(
        at: input.position,
        "the array of shape \(shape) needs \(byteCount) bytes where \(remaining) are left",
        remedy: "the file is damaged or was not copied whole; get it again")
    }
    // NumPy reads no further than the array.
    let numbers = input.position..<input.position + byteCount
    let isAtEnd =
      following > 0
      ? remaining - byteCount <= 2 : ByteReader(file, numbers.upperBound..<input.end).isAtLineEnd
    guard isAtEnd else {
      throw Self.excess(remaining - byteCount, shape, file, at: numbers.upperBound)
    }
    let layout =
      isColumnMajor ? Layout(shape: shape, strides: shape.columnMajorStrides) : Layout(shape)
    return .tensor(
      StoredTensor(
        scalarType: type, bytes: numbers, layout: layout,
        isBigEndian: isBigEndian))
  }

  /// The error for bytes behind an array, where NumPy reads no further.
  static func excess(_ count: Int, _ shape: Shape, _ file: MappedFile, at offset: Int?) -> SerializationError
  {
    file.malformed(
      at: offset, "\(count) bytes follow the array of shape \(shape)",
      remedy: "several arrays belong in one file of np.savez")
  }

  /// An array of a type that is not read, of the kind that NumPy has a letter for.
  static func unread(
    _ code: String, ofKind kind: Character?, _ shape: Shape, at position: Int
  ) -> UnreadTensor {
    let remedy: String =
      switch kind {
      case "f", "c", "V": "convert it in NumPy, as with x.astype('float32') or x.astype('int64')"
      case "O":
        "where it is a dictionary of arrays, save those, as with np.savez('arrays.npz', **x.item())"
      default: "only numbers are read; save them as an array of their own"
      }
    return UnreadTensor(
      what: "an array of the type \(quoted(code))", shape: shape,
      holdsNumbers: kind.map { "fcV".contains($0) } ?? false, remedy: remedy, offset: position)
  }

  /// What a type's code means: the byte order, `<`, `>`, `=` for the machine's or `|` for none, then kind and width. NumPy
  /// itself writes these alone, and reads whatever names a type.
  private static func scalarType(_ code: String) -> (StoredScalarType, isBigEndian: Bool)? {
    if code == "bfloat16" { return (.bfloat16, false) }
    let order = code.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    let kind = order == nil ? code[...] : code.dropFirst()
    guard let type = StoredScalarType(numPy: otherNames[String(kind)] ?? String(kind)) else { return nil }
    return (type, order == ">" && type.byteCount > 1)
  }

  private static let otherNames = [
    "?": "b1", "b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "q": "i8", "Q": "u8",
    "e": "f2",
    "f": "f4", "d": "f8", "bool": "b1", "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8",
    "uint8": "u1",
    "uint16": "u2", "uint32": "u4", "uint64": "u8", "float16": "f2", "float32": "f4", "float64": "f8",
    "half": "f2", "single": "f4", "double": "f8", "float": "f8", "byte": "i1", "ubyte": "u1", "short": "i2",
    "ushort": "u2", "intc": "i4", "uintc": "u4", "longlong": "i8", "ulonglong": "u8",
  ]

  /// The header of an array, padded as NumPy does, so that the numbers are aligned to 64 bytes.
  static func encoded(_ code: String, isColumnMajor: Bool, _ shape: Shape) -> [UInt8] {
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = isColumnMajor ? "True" : "False"
    var text = Array("{'descr': '\(code)', 'fortran_order': \(order), 'shape': (\(lengths)), }".utf8)
    let prefix = magic.count + 4
    while !(prefix + text.count + 1).isMultiple(of: 64) { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return magic + [1, 0] + withUnsafeBytes(of: UInt16(text.count).littleEndian, Array.init) + text
  }
}

extension [Int] {
  /// The strides of a tensor of this shape whose first axis is innermost, as Fortran's arrays lie.
  var columnMajorStrides: [Int] { [Int](self.reversed()).rowMajorStrides.reversed() }
}
