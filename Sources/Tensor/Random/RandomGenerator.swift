/// A source of random numbers that a seed determines: the same on every machine, for any number of threads.
///
/// ```swift
/// var generator = RandomGenerator(seed: 7)
/// let noise = Tensor<Float>.normal([3, 256, 256], using: &generator)
/// let die = Int.random(in: 1...6, using: &generator)
/// ```
///
/// The numbers are those of Philox4x32-10, in blocks of four 32-bit words: block i of a stream is a function of
/// seed, stream and i alone. A tensor takes as many whole blocks as it needs; element i comes from block i/4
/// (`Float`) or i/2 (`Double`) of them.
///
/// The value is its whole state: kept with `Codable` and read back, it continues where it was.
public struct RandomGenerator: RandomNumberGenerator, Hashable, Codable, Sendable {
  /// What determines the numbers.
  public let seed: UInt64
  /// Which of the 2⁶⁴ sequences of the seed this one is.
  public let stream: UInt64
  /// How many 64-bit halves of blocks have been used.
  private var position: UInt64 = 0

  /// The beginning of a sequence.
  ///
  /// - Parameters:
  ///   - seed: Different seeds give unrelated numbers.
  ///   - stream: So do different streams of one seed, for parts of a program that must not disturb each other.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// 64 random bits: half a block.
  public mutating func next() -> UInt64 {
    let block = Philox(seed: seed).block(position / 2, stream: stream)
    defer { position += 1 }
    return position.isMultiple(of: 2)
      ? UInt64(block[0]) | UInt64(block[1]) << 32
      : UInt64(block[2]) | UInt64(block[3]) << 32
  }

  /// The index of the first of `count` whole blocks, which count as used from now on.
  mutating func takeBlocks(_ count: Int) -> UInt64 {
    let first = (position + 1) / 2
    position = 2 * (first + UInt64(count))
    return first
  }
}
