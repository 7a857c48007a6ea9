import ImpastoPlatform
import Testing

@testable import Tensor

@Suite("Inflater")
struct InflaterTests {
  @Test("what zlib packs at each level, by each strategy, unpacks to the same bytes")
  func levelsAndStrategies() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("deflate.npz"))
    let packed = file.names.filter { $0.contains("/") }
    #expect(packed.count > 180)
    for name in packed {
      let original = try file.integers(String(name.prefix { $0 != "/" }))
      #expect(try file.integers(name) == original, "\(name)")
    }
  }

  @Test("a part that is asked for is the beginning of the whole, whatever its length")
  func prefixes() throws {
    let file = try MappedFile(path: SerializationFixtures.path("deflate.npz"))
    let archive = try ZipDirectory(file)
    for name in ["far/9/DEFAULT_STRATEGY", "text/6/FIXED", "noise/0/DEFAULT_STRATEGY"] {
      let entry = try #require(archive["\(name).npy"])
      #expect(entry.method == .deflated)
      let whole = try entry.unpacked(from: file)
      for limit in [0, 1, 2, 127, 128, 129, 1000, entry.count - 1] where limit < entry.count {
        let part = try entry.unpacked(from: file, limit: limit)
        let isBeginning = withExtendedLifetime((part, whole)) {
          part.bytes.elementsEqual(whole.bytes.prefix(limit))
        }
        #expect(isBeginning, "\(name): \(limit)")
      }
    }
  }

  @Test("what was unpacked is shared while somebody has it")
  func sharing() throws {
    let file = try MappedFile(path: SerializationFixtures.path("packed.npz"))
    let entry = try #require(ZipDirectory(file)["small.npy"])
    let first = try entry.unpacked(from: file)
    #expect(try entry.unpacked(from: file) === first)
  }

  /// Streams made by hand: bits as they are read, the least significant of each byte first.
  @Test(
    "a stream that breaks a rule is refused with the reason",
    arguments: [
      ("", 0, .endsEarly),
      ("1", 0, .endsEarly),
      ("1 11", 0, .block),
      // A stored block of one byte, whose second length is not the first turned round.
      ("1 00 00000 1000000000000000 1111111111111111", 1, .storedLength),
      ("1 00 00000 1000000000000000 0111111111111111", 1, .endsEarly),
      ("1 00 00000 1000000000000000 0111111111111111 10000000", 0, .tooLong),
      ("1 00 00000 1000000000000000 0111111111111111 10000000", 2, .tooShort),
      // Fixed codes: the end; a letter; a symbol that is none; a repetition of what is not there.
      ("1 10 0000000", 1, .tooShort),
      ("1 10 00110000 0000000", 0, .tooLong),
      ("1 10 00110000", 1, .endsEarly),
      ("1 10 11000110 0000000", 1, .code),
      ("1 10 11000111 0000000", 1, .code),
      ("1 10 0000001 00000 0000000", 3, .distance),
      ("1 10 00110000 0000001 00001 0000000", 4, .distance),
      ("1 10 00110000 0000001 11110 0000000", 4, .code),
      ("1 10 00110000 0000001 00000 0000000", 3, .tooLong),
      // Codes of its own: 287 letters; 31 distances; lengths that are no code; a repetition of no length.
      ("1 01 01111 00000 0000", 1, .codeLengths),
      ("1 01 00000 01111 0000", 1, .codeLengths),
      ("1 01 00000 00000 0000 100 100 100 000", 1, .codeLengths),
      ("1 01 00000 00000 0000 000 000 000 000", 1, .codeLengths),
      ("1 01 00000 00000 0000 100 100 000 000 0", 1, .codeLengths),
      // 138 zeros twice are more than the 258 lengths there can be.
      ("1 01 00000 00000 0000 000 100 100 000 1 1111111 1 1111111", 1, .codeLengths),
    ] as [(String, Int, Inflater.Fault)])
  func faults(bits: String, count: Int, fault: Inflater.Fault) {
    #expect(Self.fault(Self.bytes(bits), count) == fault)
  }

  @Test("the shortest streams of each kind unpack")
  func shortest() throws {
    #expect(try Self.unpacked("1 10 0000000", 0) == [])
    #expect(try Self.unpacked("1 10 00110000 0000000", 1) == [0])
    #expect(try Self.unpacked("1 10 00110001 0000001 00000 0000000", 4) == [1, 1, 1, 1])
    #expect(try Self.unpacked("0 10 00110001 0000000 1 10 00110010 0000000", 2) == [1, 2])
    #expect(try Self.unpacked("1 00 00000 1000000000000000 0111111111111111 11000000", 1) == [3])
    // The longest length has a code without more bits.
    #expect(
      try Self.unpacked("1 10 00110001 11000101 00000 0000000", 259) == [UInt8](repeating: 1, count: 259))
  }

  @Test("every truncation of a stream is a fault, and none reads or writes beyond its ends")
  func truncations() throws {
    let file = try MappedFile(path: SerializationFixtures.path("deflate.npz"))
    let entry = try #require(ZipDirectory(file)["text/9/DEFAULT_STRATEGY.npy"])
    let bytes = withExtendedLifetime(file) { Array(file.bytes[entry.packed]) }
    for count in bytes.indices { #expect(Self.fault(Array(bytes[..<count]), entry.count) != nil, "\(count)") }
    #expect(Self.fault(bytes, entry.count) == nil)
    #expect(Self.fault(bytes, entry.count - 1) == .tooLong)
    #expect(Self.fault(bytes, entry.count + 1) == .tooShort)
  }

  @Test("an entry that is said to be larger than any stream of its bytes is refused before memory is taken")
  func bombs() throws {
    var archive = ZipWriter(entries: [("x.npy", [UInt8](repeating: 0, count: 100))])
    archive.method = 8
    var bytes = archive.bytes()
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
    bytes.replaceSubrange(place + 24..<place + 28, with: [0xff, 0xff, 0xff, 0x7f])
    let error = SerializationFixtures.error { _ = try NumPyFile(bytes: bytes) }
    #expect(error?.cause == "the zip entry \"x.npy\" is said to have 2147483647 bytes, kept in 100")
  }

  private static func unpacked(_ bits: String, _ count: Int) throws -> [UInt8] {
    var result = [UInt8](repeating: 0xee, count: count)
    try bytes(bits).withUnsafeBytes { source in
      try result.withUnsafeMutableBytes { try Inflater.unpack(source, into: $0) }
    }
    return result
  }

  private static func fault(_ bytes: [UInt8], _ count: Int) -> Inflater.Fault? {
    var result = [UInt8](repeating: 0, count: count)
    do {
      try bytes.withUnsafeBytes { source in
        try result.withUnsafeMutableBytes { try Inflater.unpack(source, into: $0) }
      }
      return nil
    } catch {
      return error as? Inflater.Fault
    }
  }

  private static func bytes(_ bits: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, bit) in bits.filter({ $0 != " " }).enumerated() {
      if index % 8 == 0 { bytes.append(0) }
      if bit == "1" { bytes[index / 8] |= 1 << UInt8(index % 8) }
    }
    return bytes
  }
}
