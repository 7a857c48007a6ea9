// What instructions and calls are made of.

extension PickleMachine {
  func text(_ value: PickleValue, _ what: String) throws -> String {
    guard case .text(let index) = value else { throw malformed("\(what) is \(value.kind)") }
    return texts[index]
  }

  /// A text that names a class or a type, which messages repeat.
  func name(_ value: PickleValue, _ what: String) throws -> String {
    let name = try text(value, what)
    guard name.utf8.count <= 256 else { throw malformed("\(what) of \(name.utf8.count) bytes") }
    return name
  }

  func tuple(_ value: PickleValue, _ what: String) throws -> [PickleValue] {
    guard case .tuple(let index) = value else { throw malformed("\(what) are \(value.kind)") }
    return containers[index]
  }

  func sequence(_ value: PickleValue, _ what: String) throws -> [PickleValue] {
    if case .list(let index) = value { return containers[index] }
    return try tuple(value, what)
  }

  /// The parts of a tuple; none of anything else.
  func elements(_ value: PickleValue) -> [PickleValue] {
    if case .tuple(let index) = value { return containers[index] }
    return []
  }

  func integers(_ value: PickleValue, _ what: String) throws -> [Int] {
    let parts = try tuple(value, what)
    guard parts.count <= StoredTensor.rankLimit else {
      throw malformed("\(what) are \(parts.count), more than \(StoredTensor.rankLimit)")
    }
    return try parts.map {
      guard case .integer(let number) = $0 else { throw malformed("\(what) include \($0.kind)") }
      return number
    }
  }

  /// What a value is, for messages.
  func describe(_ value: PickleValue) -> String {
    switch value {
    case .stranger(let index): "an object of \(strangers[index].name)"
    case .inert(let index): texts[index]
    default: value.kind
    }
  }

  /// A complex number as Python shows it.
  func complex(_ parts: [PickleValue]) -> String {
    guard parts.count == 2, case .number(let real) = parts[0], case .number(let imaginary) = parts[1] else {
      return "a complex number"
    }
    let (first, second) = (Self.short(real), Self.short(imaginary))
    if real == 0, real.sign == .plus { return second + "j" }
    return "(\(first)\(second.hasPrefix("-") ? "" : "+")\(second)j)"
  }

  private static func short(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A device as Python shows it.
  func device(_ parts: [PickleValue]) -> String {
    // Longer ones are none of PyTorch's, and would be kept anew for each device.
    guard case .text(let type)? = parts.first, texts[type].utf8.count <= 32 else { return "a device" }
    guard parts.count == 2, case .integer(let index) = parts[1] else {
      return "device(type='\(texts[type])')"
    }
    return "device(type='\(texts[type])', index=\(index))"
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

  /// The next `count` bytes as text. Python writes the bytes of a file's name that are no text as halves of characters,
  /// which UTF-8 does not have; they are shown as Python shows them, `\udce9`, so that two names stay two.
  mutating func string(_ count: some BinaryInteger) throws -> String {
    let range = try input.skip(count, "a string")
    if let text = String(validating: input.file.bytes[range], as: UTF8.self) { return text }
    let stored = input.file.bytes[range]
    var bytes: [UInt8] = []
    var index = stored.startIndex
    while index < stored.endIndex {
      let character = stored[index...].prefix(3)
      if let half = Self.halfCharacter(character) {
        bytes += "\\u\(String(half, radix: 16))".utf8
        index += 3
      } else {
        bytes.append(stored[index])
        index += 1
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw input.file.malformed(at: range.lowerBound, "a string is not valid UTF-8")
    }
    return text
  }

  /// The half of a character of UTF-16, U+D800 to U+DFFF, that three bytes stand for.
  private static func halfCharacter(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
    let start = bytes.startIndex
    guard bytes.count == 3, bytes[start] == 0xed, 0xa0...0xbf ~= bytes[start + 1],
      0x80...0xbf ~= bytes[start + 2]
    else { return nil }
    return 0xd000 | Int(bytes[start + 1] & 0x3f) << 6 | Int(bytes[start + 2] & 0x3f)
  }

  /// An integer of `count` bytes, least significant first, in two's complement.
  mutating func longInteger(_ count: some BinaryInteger) throws -> PickleValue {
    let range = try input.skip(count, "an integer")
    let bytes = input.file.bytes[range]
    if bytes.elementsEqual(PyTorchLegacyStream.magic) { return .streamMagic }
    if bytes.count <= 8 {
      var number = (bytes.last ?? 0) & 0x80 == 0 ? 0 : -1
      for byte in bytes.reversed() { number = number << 8 | Int(byte) }
      return .integer(number)
    }
    // The digits take the square of the length; no key has so many.
    let digits = bytes.count <= 256 ? Self.decimal(bytes) : "an integer of \(bytes.count) bytes"
    return .largeInteger(newText(digits))
  }

  private static func decimal(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    let isNegative = bytes.last! & 0x80 != 0
    var carry = isNegative
    let magnitude = bytes.map { byte -> UInt8 in
      guard isNegative else { return byte }
      let (sum, overflow) = (~byte).addingReportingOverflow(carry ? 1 : 0)
      carry = overflow
      return sum
    }
    // Digits to the base of a thousand million, least significant first.
    var digits: [UInt64] = [0]
    for byte in magnitude.reversed() {
      var carry = UInt64(byte)
      for index in digits.indices {
        let sum = digits[index] << 8 + carry
        (carry, digits[index]) = sum.quotientAndRemainder(dividingBy: 1_000_000_000)
      }
      if carry > 0 { digits.append(carry) }
    }
    let rest = digits.dropLast().reversed().map { digit in
      let text = "\(digit)"
      return String(repeating: "0", count: 9 - text.count) + text
    }
    return (isNegative ? "-" : "") + "\(digits.last!)" + rest.joined()
  }

  /// A frame says how many bytes of instructions follow; they are read where they lie.
  mutating func checkFrame() throws {
    let length = try input.integer(UInt64.self, "the length of a frame")
    guard length <= UInt64(input.remaining) else {
      throw malformed("a frame of \(length) bytes where \(input.remaining) are left")
    }
  }
}

extension PickleValue {
  var isStranger: Bool { if case .stranger = self { true } else { false } }
}
