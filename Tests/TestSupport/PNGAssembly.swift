/// PNG files put together chunk by chunk, right or wrong on purpose.
public enum PNGAssembly {
  public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  public static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
  }

  public static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let kindAndData = Array(kind.utf8) + data
    return bigEndian(UInt32(data.count)) + kindAndData + bigEndian(checksum(kindAndData))
  }

  public static func header(width: UInt32, height: UInt32, depth: UInt8 = 8, colourType: UInt8 = 2) -> [UInt8]
  {
    chunk("IHDR", bigEndian(width) + bigEndian(height) + [depth, colourType, 0, 0, 0])
  }

  /// Where each chunk starts: its length field.
  public static func chunkStarts(_ file: [UInt8]) -> [Int] {
    var starts: [Int] = []
    var position = 8
    while position + 12 <= file.count {
      starts.append(position)
      position += 12 + file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return starts
  }

  public static func kind(of file: [UInt8], at start: Int) -> String {
    String(decoding: file[start + 4..<start + 8], as: UTF8.self)
  }

  /// The file with chunks put in front of the first one of the kind `next`.
  public static func inserting(_ chunks: [UInt8], before next: String, in file: [UInt8]) -> [UInt8] {
    let start = chunkStarts(file).first { kind(of: file, at: $0) == next }!
    return Array(file[..<start]) + chunks + Array(file[start...])
  }

  /// The file with every chunk's checksum made right, as far as the chunks can be followed.
  public static func mended(_ file: [UInt8]) -> [UInt8] {
    var file = file
    for start in chunkStarts(file) {
      let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = start + 8 + length
      guard end + 4 <= file.count else { break }
      file.replaceSubrange(end..<end + 4, with: bigEndian(checksum(file[start + 4..<end])))
    }
    return file
  }
}
