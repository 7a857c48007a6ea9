/// A strict reader of the JSON that a safetensors header consists of: objects, arrays, strings and whole numbers.
///
/// The caller says what comes next, so nesting is as deep as the caller goes and no tree is built; a value that is
/// passed over may be of any kind.
struct JSONReader {
  private(set) var input: ByteReader

  init(_ input: ByteReader) { self.input = input }

  /// The offset in the file of what comes next.
  var position: Int { input.position }

  /// Reads an object; `member` reads the value of each key.
  mutating func object(_ member: (inout JSONReader, String) throws -> Void) throws {
    var keys: Set<ExactName> = []
    try list(opening: "{", closing: "}") { reader in
      let start = reader.position
      let key = try reader.string()
      guard keys.insert(ExactName(key)).inserted else {
        throw reader.input.file.malformed(at: start, "the key \(quoted(key)) comes twice")
      }
      try reader.expect(":")
      try member(&reader, key)
    }
  }

  /// Reads an array; `element` reads each element.
  mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
    try list(opening: "[", closing: "]", element)
  }

  /// Reads a whole number from 0 to `Int.max`.
  mutating func count() throws -> Int {
    skipSpace()
    let start = position
    var number = 0
    var digits = 0
    while let digit = input.next, 0x30...0x39 ~= digit {
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(digit - 0x30))
      guard !overflow, !carry else {
        throw input.file.malformed(at: start, "a number is larger than \(Int.max)")
      }
      number = sum
      digits += 1
      try input.skip(1, "a number")
    }
    guard digits > 0, digits == 1 || input.file.bytes[start] != 0x30 else {
      throw input.file.malformed(at: start, "here a whole number was expected")
    }
    return number
  }

  /// Reads a string.
  mutating func string() throws -> String {
    try expect("\"")
    let start = position
    var characters: [UInt8] = []
    while true {
      let byte = try input.byte("a string")
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: characters, as: UTF8.self) else {
          throw input.file.malformed(at: start, "a string is not valid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): try appendEscape(to: &characters)
      case 0..<0x20: throw input.file.malformed(at: position - 1, "a control character in a string")
      default: characters.append(byte)
      }
    }
  }

  /// Whether `null` comes next, which is then passed.
  mutating func skipNull() throws -> Bool {
    skipSpace()
    guard input.next == UInt8(ascii: "n") else { return false }
    try skipWord("null")
    return true
  }

  /// Passes over a value of any kind, nested up to `depth` deep.
  mutating func skipValue(depth: Int = 128) throws {
    skipSpace()
    let start = position
    guard depth > 0 else { throw input.file.malformed(at: start, "the header is nested too deeply") }
    switch input.next {
    case UInt8(ascii: "{"): try object { json, _ in try json.skipValue(depth: depth - 1) }
    case UInt8(ascii: "["): try array { json in try json.skipValue(depth: depth - 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    default: try skipNumber()
    }
  }

  private mutating func skipWord(_ word: String) throws {
    let start = position
    guard try input.text(word.utf8.count, "a value") == word else {
      throw input.file.malformed(at: start, "here '\(word)' was expected")
    }
  }

  private mutating func skipNumber() throws {
    let start = position
    while let byte = input.next, "+-.eE0123456789".utf8.contains(byte) { try input.skip(1, "a number") }
    let text = String(decoding: input.file.bytes[start..<position], as: UTF8.self)
    guard Self.isNumber(text) else { throw input.file.malformed(at: start, "here a value was expected") }
  }

  /// Whether a text is a number by JSON's grammar, which knows neither "+1" nor "01" nor "1.".
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func digits() -> Int {
      let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let leadsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !leadsWithZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// Checks that nothing but space follows.
  mutating func finish() throws {
    skipSpace()
    guard input.remaining == 0 else {
      throw input.file.malformed(at: position, "text after the header's object")
    }
  }

  private mutating func list(
    opening: Unicode.Scalar, closing: Unicode.Scalar, _ element: (inout JSONReader) throws -> Void
  ) throws {
    try expect(opening)
    skipSpace()
    if input.next == UInt8(ascii: closing) { return try expect(closing) }
    while true {
      try element(&self)
      skipSpace()
      guard input.next == UInt8(ascii: ",") else { return try expect(closing) }
      try expect(",")
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    skipSpace()
    let start = position
    guard try input.byte("the header") == UInt8(ascii: character) else {
      throw input.file.malformed(at: start, "here '\(character)' was expected")
    }
  }

  private mutating func skipSpace() {
    while let byte = input.next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      _ = try? input.skip(1, "space")
    }
  }

  private mutating func appendEscape(to characters: inout [UInt8]) throws {
    let start = position - 1
    switch try input.byte("an escape") {
    case UInt8(ascii: "\""): characters.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): characters.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): characters.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): characters.append(0x08)
    case UInt8(ascii: "f"): characters.append(0x0c)
    case UInt8(ascii: "n"): characters.append(0x0a)
    case UInt8(ascii: "r"): characters.append(0x0d)
    case UInt8(ascii: "t"): characters.append(0x09)
    case UInt8(ascii: "u"): characters += String(try escapedScalar(start)).utf8
    default: throw input.file.malformed(at: start, "an escape that JSON does not have")
    }
  }

  /// A character as four hexadecimal digits, or as two such groups for those beyond U+FFFF.
  private mutating func escapedScalar(_ start: Int) throws -> Unicode.Scalar {
    var code = try hexadecimal(start)
    if 0xd800..<0xdc00 ~= code, input.next == UInt8(ascii: "\\") {
      try expect("\\")
      try expect("u")
      let low = try hexadecimal(start)
      guard 0xdc00..<0xe000 ~= low else { throw input.file.malformed(at: start, "half of a character") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw input.file.malformed(at: start, "half of a character")
    }
    return scalar
  }

  private mutating func hexadecimal(_ start: Int) throws -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      let digit = Character(Unicode.Scalar(try input.byte("an escape")))
      guard digit.isASCII, let value = digit.hexDigitValue else {
        throw input.file.malformed(at: start, "\\u needs four hexadecimal digits")
      }
      code = code << 4 | UInt32(value)
    }
    return code
  }
}
