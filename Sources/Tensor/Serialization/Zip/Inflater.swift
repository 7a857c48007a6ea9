/// Unpacks a stream of DEFLATE (RFC 1951), the compression of zip archives.
///
/// The caller says how long the result is, so that no stream can take more memory than its archive declares. Whether
/// the bytes are the right ones is for the archive's checksum to say.
package struct Inflater: ~Copyable {
  /// What is wrong with a stream.
  package enum Fault: String, Error {
    case endsEarly = "ends in the middle"
    case block = "has a block of an unknown kind"
    case storedLength = "has a block whose two lengths differ"
    case codeLengths = "has code lengths that make no code"
    case code = "has bits that are no code"
    case distance = "repeats bytes from before its beginning"
    case tooLong = "holds more bytes than the archive says"
    case tooShort = "holds fewer bytes than the archive says"
  }

  private var bits: BitReader
  private let target: UnsafeMutableRawBufferPointer
  private var count = 0
  private let literals = HuffmanCode(symbolLimit: 288)
  private let distances = HuffmanCode(symbolLimit: 32)

  /// Fills `target` with what `source` holds.
  ///
  /// - Parameter isPrefix: Whether the stream may hold more than `target` takes.
  /// - Complexity: O(n) for n bytes of `target`.
  static func unpack(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, isPrefix: Bool = false
  ) throws(Fault) {
    guard try unpackSome(source, into: target, isPrefix: isPrefix) == target.count else { throw .tooShort }
  }

  /// What `source` holds, whose length is not known beforehand: at most `limit` bytes.
  package static func unpack(_ source: UnsafeRawBufferPointer, limit: Int) throws(Fault) -> [UInt8] {
    var capacity = min(limit, max(1024, 4 * source.count))
    while true {
      let target = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
      defer { target.deallocate() }
      do throws(Fault) {
        return Array(target[..<(try unpackSome(source, into: target, isPrefix: false))])
      } catch {
        guard error == .tooLong, capacity < limit else { throw error }
        capacity = min(limit, 4 * capacity)
      }
    }
  }

  /// - Returns: How many bytes there were.
  private static func unpackSome(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, isPrefix: Bool
  ) throws(Fault) -> Int {
    var inflater = Inflater(bits: BitReader(source), target: target)
    while inflater.count < target.count || !isPrefix {
      let isLast = try inflater.bits.take(1) == 1
      do throws(Fault) {
        switch try inflater.bits.take(2) {
        case 0: try inflater.copyStoredBlock()
        case 1:
          try inflater.readFixedCodes()
          try inflater.decodeBlock()
        case 2:
          try inflater.readCodes()
          try inflater.decodeBlock()
        default: throw .block
        }
      } catch .tooLong where isPrefix { return inflater.count }
      if isLast { break }
    }
    return inflater.count
  }

  private init(bits: BitReader, target: UnsafeMutableRawBufferPointer) {
    self.bits = bits
    self.target = target
  }

  private mutating func copyStoredBlock() throws(Fault) {
    bits.dropToByte()
    let length = try bits.take(16)
    guard try bits.take(16) == ~length & 0xffff else { throw .storedLength }
    let block = try bits.bytes(length)
    let part = block.prefix(target.count - count)
    UnsafeMutableRawBufferPointer(rebasing: target[count..<count + part.count])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
    count += part.count
    guard part.count == block.count else { throw .tooLong }
  }

  /// The codes of section 3.2.6, which streams of few bytes use.
  private mutating func readFixedCodes() throws(Fault) {
    let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 } as [UInt8]
    try literals.build(lengths[...], mayBeIncomplete: false)
    try distances.build([UInt8](repeating: 5, count: 32)[...], mayBeIncomplete: false)
  }

  /// The codes that a block brings along, whose lengths are in a code themselves (section 3.2.7).
  private mutating func readCodes() throws(Fault) {
    let literalCount = try bits.take(5) + 257
    let distanceCount = try bits.take(5) + 1
    let lengthCount = try bits.take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw .codeLengths }
    var lengths = [UInt8](repeating: 0, count: 19)
    for symbol in Self.lengthOrder.prefix(lengthCount) { lengths[symbol] = UInt8(try bits.take(3)) }
    let code = HuffmanCode(symbolLimit: 19)
    try code.build(lengths[...], mayBeIncomplete: false)

    lengths = []
    lengths.reserveCapacity(literalCount + distanceCount)
    while lengths.count < literalCount + distanceCount {
      let symbol = try code.decode(&bits)
      let (repeated, times): (UInt8, Int)
      switch symbol {
      case 0..<16: (repeated, times) = (UInt8(symbol), 1)
      case 16:
        guard let last = lengths.last else { throw .codeLengths }
        (repeated, times) = (last, try bits.take(2) + 3)
      case 17: (repeated, times) = (0, try bits.take(3) + 3)
      default: (repeated, times) = (0, try bits.take(7) + 11)
      }
      guard lengths.count + times <= literalCount + distanceCount else { throw .codeLengths }
      lengths.append(contentsOf: repeatElement(repeated, count: times))
    }
    guard lengths[Self.endOfBlock] > 0 else { throw .codeLengths }
    try literals.build(lengths[..<literalCount], mayBeIncomplete: true)
    try distances.build(lengths[literalCount...], mayBeIncomplete: true)
  }

  private mutating func decodeBlock() throws(Fault) {
    // Locals stay in registers, where a field would be stored after each byte.
    var (bits, count) = (self.bits, self.count)
    defer { (self.bits, self.count) = (bits, count) }
    while true {
      let symbol = try literals.decode(&bits)
      if symbol < Self.endOfBlock {
        guard count < target.count else { throw .tooLong }
        target[count] = UInt8(symbol)
        count += 1
        continue
      }
      if symbol == Self.endOfBlock { return }
      guard symbol <= 285 else { throw .code }
      let row = Self.lengths[symbol - 257]
      let length = row.base + (try bits.take(row.extra))
      let distanceSymbol = try distances.decode(&bits)
      guard distanceSymbol < 30 else { throw .code }
      // 0 extra bits for the first four, then one more for every second.
      let extra = max(distanceSymbol / 2 - 1, 0)
      let base = distanceSymbol < 4 ? distanceSymbol + 1 : (2 + distanceSymbol % 2) << extra + 1
      let distance = base + (try bits.take(extra))
      guard distance <= count else { throw .distance }
      let part = min(length, target.count - count)
      if distance >= part {
        UnsafeMutableRawBufferPointer(rebasing: target[count..<count + part])
          .copyMemory(
            from: UnsafeRawBufferPointer(rebasing: target[count - distance..<count - distance + part]))
      } else {
        // The bytes repeat what this very copy writes.
        for index in count..<count + part { target[index] = target[index - distance] }
      }
      count += part
      guard part == length else { throw .tooLong }
    }
  }

  private static let endOfBlock = 256
  /// The order in which the lengths of the code for lengths come.
  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  /// The shortest length that each of the symbols 257 … 285 means, and how many bits are added to it.
  private static let lengths: [(base: Int, extra: Int)] =
    (0..<8).map { (3 + $0, 0) }
    + (8..<28).map { (3 + (4 + $0 % 4) << ($0 / 4 - 1), $0 / 4 - 1) } + [(258, 0)]
}

/// Takes bits from bytes, the least significant first.
private struct BitReader {
  private let source: UnsafeRawBufferPointer
  private var position = 0
  /// The next bits, of which `available` count.
  private var window: UInt64 = 0
  private var available = 0

  init(_ source: UnsafeRawBufferPointer) { self.source = source }

  /// At least 48 bits where as many are left, followed by zeros.
  @inline(__always)
  mutating func peek() -> UInt64 {
    if available < 48 { refill() }
    return window
  }

  private mutating func refill() {
    while available <= 56, position < source.count {
      window |= UInt64(source[position]) << UInt64(available)
      available += 8
      position += 1
    }
  }

  @inline(__always)
  mutating func drop(_ count: Int) throws(Inflater.Fault) {
    guard count <= available else { throw .endsEarly }
    window >>= UInt64(count)
    available -= count
  }

  /// Up to 16 bits as a number.
  @inline(__always)
  mutating func take(_ count: Int) throws(Inflater.Fault) -> Int {
    let number = Int(truncatingIfNeeded: peek() & (1 << UInt64(count) - 1))
    try drop(count)
    return number
  }

  mutating func dropToByte() {
    window >>= UInt64(available % 8)
    available -= available % 8
  }

  /// Whole bytes as they lie, after ``dropToByte()``.
  mutating func bytes(_ count: Int) throws(Inflater.Fault) -> UnsafeRawBufferPointer {
    position -= available / 8
    (window, available) = (0, 0)
    guard count <= source.count - position else { throw .endsEarly }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: source[position..<position + count])
  }
}

/// A canonical Huffman code: symbols by the length of their code, then by their number.
private struct HuffmanCode: ~Copyable {
  private static let longest = 15
  /// Codes of up to as many bits are looked up at once, longer ones, which are rare, bit by bit.
  private static let quickBits = 10

  /// How many codes have each length.
  private let counts: UnsafeMutablePointer<Int32>
  /// The symbols in the order of their codes.
  private let symbols: UnsafeMutablePointer<UInt16>
  /// For each ten bits the symbol, times 16, and the length of the code that they begin with; 0 for a longer one.
  private let quick: UnsafeMutablePointer<UInt16>

  init(symbolLimit: Int) {
    counts = .allocate(capacity: Self.longest + 1)
    symbols = .allocate(capacity: symbolLimit)
    quick = .allocate(capacity: 1 << Self.quickBits)
    counts.initialize(repeating: 0, count: Self.longest + 1)
    symbols.initialize(repeating: 0, count: symbolLimit)
    quick.initialize(repeating: 0, count: 1 << Self.quickBits)
  }

  deinit {
    counts.deallocate()
    symbols.deallocate()
    quick.deallocate()
  }

  /// - Parameter mayBeIncomplete: Whether one code of one bit, or none, may be all that there is, as zlib allows.
  func build(_ lengths: ArraySlice<UInt8>, mayBeIncomplete: Bool) throws(Inflater.Fault) {
    counts.update(repeating: 0, count: Self.longest + 1)
    quick.update(repeating: 0, count: 1 << Self.quickBits)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var (unused, used) = (1, 0)
    var firstCodes = [Int](repeating: 0, count: Self.longest + 2)
    var places = firstCodes
    for length in 1...Self.longest {
      unused = unused * 2 - Int(counts[length])
      guard unused >= 0 else { throw .codeLengths }
      used += Int(counts[length])
      firstCodes[length + 1] = (firstCodes[length] + Int(counts[length])) * 2
      places[length + 1] = used
    }
    guard unused == 0 || mayBeIncomplete && (used == 0 || used == 1 && counts[1] == 1) else {
      throw .codeLengths
    }
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let length = Int(length)
      symbols[places[length]] = UInt16(symbol)
      places[length] += 1
      let code = firstCodes[length]
      firstCodes[length] += 1
      guard length <= Self.quickBits else { continue }
      // Codes come with their most significant bit first.
      let reversed = Int(UInt16(code).bitReversed >> UInt16(16 - length))
      for index in stride(from: reversed, to: 1 << Self.quickBits, by: 1 << length) {
        quick[index] = UInt16(symbol << 4 | length)
      }
    }
  }

  @inline(__always)
  func decode(_ bits: inout BitReader) throws(Inflater.Fault) -> Int {
    let window = bits.peek()
    let entry = quick[Int(truncatingIfNeeded: window & (1 << UInt64(Self.quickBits) - 1))]
    guard entry != 0 else { return try decodeLong(&bits, window) }
    try bits.drop(Int(entry & 15))
    return Int(entry >> 4)
  }

  private func decodeLong(_ bits: inout BitReader, _ window: UInt64) throws(Inflater.Fault) -> Int {
    var (code, first, place) = (0, 0, 0)
    for length in 1...Self.longest {
      code |= Int(truncatingIfNeeded: window >> UInt64(length - 1) & 1)
      let count = Int(counts[length])
      if code - first < count {
        try bits.drop(length)
        return Int(symbols[place + code - first])
      }
      place += count
      first = (first + count) << 1
      code <<= 1
    }
    throw .code
  }
}

extension UInt16 {
  fileprivate var bitReversed: UInt16 {
    (0..<16).reduce(0) { $0 | (self >> UInt16($1) & 1) << UInt16(15 - $1) }
  }
}
