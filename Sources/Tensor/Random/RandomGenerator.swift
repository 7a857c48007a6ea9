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
  /// The seed, which determines the numbers.
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
    Self.requireNoMapping()
    let block = Philox(seed: seed).block(position / 2, stream: stream)
    defer { position += 1 }
    return position.isMultiple(of: 2)
      ? UInt64(block[0]) | UInt64(block[1]) << 32
      : UInt64(block[2]) | UInt64(block[3]) << 32
  }

  /// A generator of its own, whose numbers are unrelated to those of this one and of all others that are split off:
  /// for a part of a program, such as a thread or a layer, that is to draw as many as it likes.
  ///
  /// Seed and stream of the new generator are the numbers of one block, so that two of n splits are the same with a
  /// probability of n²·2⁻¹²⁹.
  public mutating func split() -> RandomGenerator {
    let block = Philox(seed: seed).block(takeBlocks(1), stream: stream)
    return RandomGenerator(
      seed: UInt64(block[0]) | UInt64(block[1]) << 32, stream: UInt64(block[2]) | UInt64(block[3]) << 32)
  }

  /// The whole numbers 0 ..< `count` in random order, all orders equally likely (but for the 2⁶⁴ seeds being fewer),
  /// by the shuffle of Fisher and Yates.
  ///
  /// Unlike `shuffled(using:)` of the standard library, it stays the same from one version of Swift to the next.
  ///
  /// - Precondition: `count` is not negative.
  public mutating func permutation(_ count: Int) -> [Int] {
    ShapeCheck.require(count >= 0) { "permutation: the count \(count) is negative" }
    ShapeCheck.memory("permutation", for: count, of: Int.self)
    var numbers = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      numbers.swapAt(last, Int(number(below: UInt64(last) + 1)))
    }
    return numbers
  }

  /// A whole number below `bound`, all equally likely, by Lemire's method (2019): a product is drawn again where it
  /// would favour some numbers.
  private mutating func number(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let surplus = (0 &- bound) % bound
      while product.low < surplus { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// Traps inside of `vmap`, where a loop over the examples would draw other numbers for each.
  @inline(__always)
  private static func requireNoMapping() {
    ShapeCheck.require(!MappingScope.isInUse) {
      "vmap: random numbers drawn in a mapped function would be the same for all examples; draw them for all before, and map "
        + "over them too"
    }
  }

  /// The index of the first of `count` whole blocks, which count as used from now on.
  mutating func takeBlocks(_ count: Int) -> UInt64 {
    Self.requireNoMapping()
    let first = (position + 1) / 2
    position = 2 * (first + UInt64(count))
    return first
  }
}
