/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy
/// as 1, 2, 3" (SC 2011): a bijection of a 128-bit counter, chosen by a 64-bit key.
///
/// The n-th number costs no more than the first, so any thread can compute any part of a stream.
struct Philox: Sendable {
  let key: SIMD2<UInt32>

  /// The four random words of a counter.
  @inline(__always)
  func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
    var (k, l) = (key[0], key[1])
    for _ in 0..<10 {
      let first = a.multipliedFullWidth(by: 0xD251_1F53)
      let second = c.multipliedFullWidth(by: 0xCD9E_8D57)
      (a, b, c, d) = (second.high ^ b ^ k, second.low, first.high ^ d ^ l, first.low)
      // The key moves on by the golden ratio and by √3 − 1.
      k &+= 0x9E37_79B9
      l &+= 0xBB67_AE85
    }
    return SIMD4(a, b, c, d)
  }

  init(key: SIMD2<UInt32>) { self.key = key }

  init(seed: UInt64) { self.init(key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32))) }

  /// The block at `index` of `stream`: the two make up the counter.
  @inline(__always)
  func block(_ index: UInt64, stream: UInt64) -> SIMD4<UInt32> {
    block(
      SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(index >> 32), UInt32(truncatingIfNeeded: stream),
        UInt32(stream >> 32)))
  }
}
