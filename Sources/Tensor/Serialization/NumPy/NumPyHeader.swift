/// What a `.npy` array begins with: the magic, a version, and a Python dictionary that describes the array.
struct NumPyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Longer ones describe structures, whose fields have names; NumPy itself trusts no more than 10,000 bytes.
  static let lengthLimit = 1 << 16

  private var code: String?
  private var isColumnMajor: Bool?
  private var shape: Shape?

  /// Reads an array, of which the header comes first and the numbers take all the rest.
  static func read(_ source: ByteReader) throws -> StoredTensor {
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
    return try header.tensor(&input, at: text.lowerBound)
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

  private func tensor(_ input: inout ByteReader, at position: Int) throws -> StoredTensor {
    let file = input.file
    guard let code, let shape, let isColumnMajor else { preconditionFailure("the header was checked") }
    guard let order = code.first, "<>|=".contains(order),
      let type = StoredScalarType(numPy: code.dropFirst()),
      order != "|" || type.byteCount == 1
    else {
      throw file.unsupported(
        at: position, "an array of the type \(quoted(code))",
        remedy: "convert it in NumPy, as with x.astype('float32') or x.astype('int64')")
    }
    guard let byteCount = StoredTensor.byteCount(shape, type) else {
      throw file.malformed(at: position, "an array of shape \(shape) has more bytes than can be counted")
    }
    let numbers = try input.skip(byteCount, "the array of shape \(shape)")
    guard input.remaining == 0 else {
      throw file.malformed(
        at: input.position, "\(input.remaining) bytes follow the array of shape \(shape)",
        remedy: "several arrays belong in one file of np.savez")
    }
    let layout =
      isColumnMajor ? Layout(shape: shape, strides: shape.columnMajorStrides) : Layout(shape)
    return StoredTensor(
      scalarType: type, bytes: numbers, layout: layout, isBigEndian: order == ">" && type.byteCount > 1)
  }

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
