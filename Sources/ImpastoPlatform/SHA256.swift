/// The SHA-256 digest of a stream of bytes (FIPS 180-4).
///
/// ```swift
/// var digest = SHA256()
/// digest.update(bytes)
/// print(digest.finish())  // 64 hexadecimal digits
/// ```
package struct SHA256 {
  private var state: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The bytes of the last, incomplete block.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0
  private static let blockSize = 64

  package init() {}

  /// Takes in more bytes.
  ///
  /// - Complexity: O(n) for n bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let missing = min(Self.blockSize - pending.count, rest.count)
      pending.append(contentsOf: rest.prefix(missing))
      rest = rest.dropFirst(missing)
      guard pending.count == Self.blockSize else { return }
      pending.withUnsafeBytes { compress($0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count & ~(Self.blockSize - 1)
    compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// Takes in more bytes.
  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The digest of all bytes taken in, as 64 lower-case hexadecimal digits.
  package consuming func finish() -> String {
    let bitCount = byteCount &* 8
    let zeros = (Self.blockSize * 2 - 9 - pending.count) % Self.blockSize
    update([0x80] + [UInt8](repeating: 0, count: zeros) + withUnsafeBytes(of: bitCount.bigEndian, Array.init))
    return (0..<8).map { word in
      let digits = String(state[word], radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The digest of a file's content, read piece by piece.
  ///
  /// - Throws: ``InputFileError`` when the file is missing or cannot be read.
  package static func digest(ofFile path: String) throws(InputFileError) -> String {
    var digest = SHA256()
    try InputFile(path).forEachPiece { digest.update($0) }
    return digest.finish()
  }
}

// MARK: - The compression function

extension SHA256 {
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    var state = state
    Self.roundConstants.withUnsafeBufferPointer { constants in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        for start in stride(from: 0, to: blocks.count, by: Self.blockSize) {
          for word in 0..<16 {
            let bytes = blocks.loadUnaligned(fromByteOffset: start + word * 4, as: UInt32.self)
            schedule[word] = UInt32(bigEndian: bytes)
          }
          state = Self.compress(state, schedule.baseAddress!, constants.baseAddress!)
        }
      }
    }
    self.state = state
  }

  /// Takes in the block whose words are the first 16 of `schedule`; the other 48 are worked out here.
  @inline(__always)
  private static func compress(
    _ start: SIMD8<UInt32>, _ schedule: UnsafeMutablePointer<UInt32>, _ constants: UnsafePointer<UInt32>
  ) -> SIMD8<UInt32> {
    for word in 16..<64 {
      let early = schedule[word - 15]
      let late = schedule[word - 2]
      let small = rotated(early, 7) ^ rotated(early, 18) ^ (early &>> 3)
      let large = rotated(late, 17) ^ rotated(late, 19) ^ (late &>> 10)
      schedule[word] = schedule[word - 16] &+ small &+ schedule[word - 7] &+ large
    }
    var (a, b, c, d) = (start[0], start[1], start[2], start[3])
    var (e, f, g, h) = (start[4], start[5], start[6], start[7])
    for index in stride(from: 0, to: 64, by: 8) {
      let words = schedule + index
      let constants = constants + index
      round(a, b, c, &d, e, f, g, &h, words[0] &+ constants[0])
      round(h, a, b, &c, d, e, f, &g, words[1] &+ constants[1])
      round(g, h, a, &b, c, d, e, &f, words[2] &+ constants[2])
      round(f, g, h, &a, b, c, d, &e, words[3] &+ constants[3])
      round(e, f, g, &h, a, b, c, &d, words[4] &+ constants[4])
      round(d, e, f, &g, h, a, b, &c, words[5] &+ constants[5])
      round(c, d, e, &f, g, h, a, &b, words[6] &+ constants[6])
      round(b, c, d, &e, f, g, h, &a, words[7] &+ constants[7])
    }
    return start &+ SIMD8(a, b, c, d, e, f, g, h)
  }

  /// One round, which changes two of the eight words; the others move on by being named differently next time.
  @inline(__always)
  private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
    _ h: inout UInt32, _ word: UInt32
  ) {
    let first = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ (g ^ (e & (f ^ g))) &+ word
    d = d &+ first
    h = first &+ (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (b ^ ((a ^ b) & (b ^ c)))
  }

  @inline(__always)
  private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 { x &>> count | x &<< (32 &- count) }

  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
