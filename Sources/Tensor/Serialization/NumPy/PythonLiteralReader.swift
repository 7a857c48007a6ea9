/// Reads the few Python literals that a `.npy` header is made of: a dictionary of strings, truth values and tuples of
/// whole numbers. Nothing is evaluated.
struct PythonLiteralReader {
  private var input: ByteReader

  init(_ input: ByteReader) { self.input = input }

  /// Calls `body` for each key of the dictionary, after which only blanks may follow.
  mutating func dictionary(
    _ body: (inout PythonLiteralReader, _ key: String, _ position: Int) throws -> Void
  ) throws {
    try expect("{")
    while !skip("}") {
      skipBlanks()
      let position = input.position
      let key = try string()
      try expect(":")
      try body(&self, key, position)
      if skip("}") { break }
      try expect(",")
    }
    skipBlanks()
    guard input.remaining == 0 else {
      throw input.file.malformed(at: input.position, "text after the header's dictionary")
    }
  }

  /// A type, which is a string; `nil` for that of a structure, a list or tuple that is passed over.
  mutating func typeCode() throws -> String? {
    skipBlanks()
    guard input.next == UInt8(ascii: "[") || input.next == UInt8(ascii: "(") else { return try string() }
    var depth = 0
    repeat {
      switch try input.byte("a type") {
      case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"): depth -= 1
      case let quote where quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""):
        while true {
          let byte = try input.byte("a string")
          if byte == quote { break }
          if byte == UInt8(ascii: "\\") { _ = try input.byte("an escape") }
        }
      default: break
      }
    } while depth > 0
    return nil
  }

  mutating func string() throws -> String {
    skipBlanks()
    let start = input.position
    // Python 2 had strings of another type, written u'…'.
    if input.next == UInt8(ascii: "u") { try input.skip(1, "a string") }
    let quote = try input.byte("a string")
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw input.file.malformed(at: start, "a string was expected")
    }
    var bytes: [UInt8] = []
    while true {
      let byte = try input.byte("a string")
      if byte == quote { break }
      guard byte != UInt8(ascii: "\\"), byte >= 0x20 else {
        throw input.file.malformed(at: input.position - 1, "an escape or a control character in a string")
      }
      bytes.append(byte)
    }
    // Versions 1 and 2 are in Latin-1; what is not ASCII describes nothing that is read.
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func truth() throws -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)]
    where input.file.bytes[input.position..<input.end].starts(with: word.utf8) {
      try input.skip(word.utf8.count, "a truth value")
      return value
    }
    throw input.file.malformed(at: input.position, "True or False was expected")
  }

  mutating func shape() throws -> Shape {
    var shape: Shape = []
    skipBlanks()
    let start = input.position
    try expect("(")
    while !skip(")") {
      shape.append(try count())
      guard shape.count <= StoredTensor.rankLimit else {
        throw input.file.malformed(at: start, "a rank of more than \(StoredTensor.rankLimit)")
      }
      if skip(",") { continue }
      // (3) is a number in Python; the tuple is (3,).
      guard shape.count > 1 else { throw input.file.malformed(at: start, "the shape is not a tuple") }
      try expect(")")
      break
    }
    return shape
  }

  private mutating func count() throws -> Int {
    skipBlanks()
    let start = input.position
    var value = 0
    while let byte = input.next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooMuch) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !tooLarge, !tooMuch else {
        throw input.file.malformed(at: start, "a length is larger than \(Int.max)")
      }
      value = sum
      try input.skip(1, "a length")
    }
    guard input.position > start else {
      throw input.file.malformed(at: start, "a whole number was expected")
    }
    // Python 2 wrote long integers so.
    _ = skip("L")
    return value
  }

  private mutating func skipBlanks() {
    while let byte = input.next, byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) {
      _ = try? input.skip(1, "a blank")
    }
  }

  /// Whether the next character is this one, which is then passed.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard input.next == UInt8(ascii: character) else { return false }
    _ = try? input.skip(1, "a character")
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard skip(character) else {
      throw input.file.malformed(at: input.position, "'\(character)' was expected")
    }
  }
}
