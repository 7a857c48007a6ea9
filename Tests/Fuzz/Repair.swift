/// Makes checksums right again, which a fuzzer cannot guess: what is behind them would never be reached.
enum Repair {
  /// A PNG whose chunks have the checksums of their contents.
  static func png(_ bytes: [UInt8]) -> [UInt8] {
    var (bytes, place) = (bytes, 8)
    while place + 12 <= bytes.count {
      let length = bigEndian(bytes, place)
      guard length <= bytes.count - place - 12 else { break }
      let end = place + 8 + length
      let sum = checksum(bytes[place + 4..<end])
      for byte in 0..<4 { bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * byte)) }
      place = end + 4
    }
    return bytes
  }

  /// A zip archive whose stored entries have the checksums of their contents, as far as it can be followed.
  static func zip(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    guard let end = (0...max(bytes.count - 22, 0)).last(where: { matches(bytes, $0, [0x50, 0x4b, 5, 6]) })
    else { return bytes }
    var entry = little(bytes, end + 16, 4)
    while entry + 46 <= bytes.count, matches(bytes, entry, [0x50, 0x4b, 1, 2]) {
      let (size, local) = (little(bytes, entry + 20, 4), little(bytes, entry + 42, 4))
      if little(bytes, entry + 10, 2) == 0, local + 30 <= bytes.count {
        let start = local + 30 + little(bytes, local + 26, 2) + little(bytes, local + 28, 2)
        if start <= bytes.count, size <= bytes.count - start {
          let sum = checksum(bytes[start..<start + size])
          for place in [entry + 16, local + 14] {
            for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: sum >> (8 * byte)) }
          }
        }
      }
      entry += 46 + little(bytes, entry + 28, 2) + little(bytes, entry + 30, 2) + little(bytes, entry + 32, 2)
    }
    return bytes
  }

  /// The pixels that a PNG's or JPEG's header declares; 0 where none is found.
  static func declaredPixels(_ bytes: [UInt8]) -> Int {
    if bytes.count >= 24, bytes[0] == 0x89 {
      return bigEndian(bytes, 16).multipliedReportingOverflow(by: bigEndian(bytes, 20)).partialValue
        .magnitudeOrMost
    }
    var (place, most) = (0, 0)
    // A frame's header may be anywhere.
    while place + 9 <= bytes.count {
      if bytes[place] == 0xff, 0xc0...0xcf ~= bytes[place + 1] {
        let (height, width) = (
          bigEndian(bytes, place + 4) >> 8 & 0xffff, bigEndian(bytes, place + 5) & 0xffff
        )
        most = max(most, height * width)
      }
      place += 1
    }
    return most
  }

  private static func matches(_ bytes: [UInt8], _ place: Int, _ mark: [UInt8]) -> Bool {
    place >= 0 && place + mark.count <= bytes.count && Array(bytes[place..<place + mark.count]) == mark
  }

  private static func bigEndian(_ bytes: [UInt8], _ place: Int) -> Int {
    var number = 0
    for byte in bytes[place..<place + 4] { number = number << 8 | Int(byte) }
    return number
  }

  private static func little(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    guard place >= 0, place + count <= bytes.count else { return 0 }
    var number = 0
    for byte in bytes[place..<place + count].reversed() { number = number << 8 | Int(byte) }
    return number
  }

  private static let table: [UInt32] = (0..<256).map { index in
    var sum = UInt32(index)
    for _ in 0..<8 { sum = sum & 1 == 1 ? 0xedb8_8320 ^ (sum >> 1) : sum >> 1 }
    return sum
  }

  /// CRC-32 of ISO 3309, as PNG and zip have it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum: UInt32 = ~0
    for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xff)] ^ (sum >> 8) }
    return ~sum
  }
}

extension Int {
  /// The number, or the largest where it is negative.
  fileprivate var magnitudeOrMost: Int { self < 0 ? .max : self }
}
