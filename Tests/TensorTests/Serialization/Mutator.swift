/// Damages a file in a way that the seed alone decides.
struct Mutator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  /// One to three changes, each of any kind.
  mutating func damage(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...Int.random(in: 0...2, using: &random) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes.append(random.next(UInt8.self)) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0:
      for _ in 0...Int.random(in: 0..<8, using: &random) {
        bytes[position(bytes)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
    case 1: bytes[position(bytes)] = random.next(UInt8.self)
    case 2:
      bytes[position(bytes)] = [0, 1, 0x7f, 0x80, 0xff, 0x2e, 0x28, 0x52].randomElement(using: &random)!
    case 3: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
    case 4:
      let added = (0..<Int.random(in: 1...16, using: &random)).map { _ in random.next(UInt8.self) }
      bytes.insert(contentsOf: added, at: position(bytes))
    case 5: bytes.removeSubrange(range(bytes))
    case 6:
      let part = Array(bytes[range(bytes)])
      if Bool.random(using: &random) {
        bytes.insert(contentsOf: part, at: position(bytes))
      } else {
        let start = position(bytes)
        bytes.replaceSubrange(start..<min(start + part.count, bytes.count), with: part)
      }
    default: editLength(&bytes)
    }
  }

  /// Writes a number of one to eight bytes that lengths and offsets go wrong at.
  private mutating func editLength(_ bytes: inout [UInt8]) {
    let width = [1, 2, 4, 8].randomElement(using: &random)!
    let interesting: [UInt64] = [
      0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 40, 1 << 62, 1 << 63,
      .max, .max - 7, UInt64(bytes.count), UInt64(bytes.count) - 1, UInt64(bytes.count) + 1,
    ]
    let start = position(bytes)
    let number = interesting.randomElement(using: &random)!
    for index in 0..<width where start + index < bytes.count {
      bytes[start + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))
    }
  }

  private mutating func position(_ bytes: [UInt8]) -> Int { Int.random(in: 0..<bytes.count, using: &random) }

  private mutating func range(_ bytes: [UInt8]) -> Range<Int> {
    let start = position(bytes)
    return start..<min(start + Int.random(in: 1...64, using: &random), bytes.count)
  }
}

/// Steele, Lea and Flood's generator: the same numbers on every machine.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func next(_: UInt8.Type) -> UInt8 { UInt8(truncatingIfNeeded: next()) }
}
