import Tensor

/// The positions of examples, dealt into batches: in order, or shuffled by a generator.
///
/// ```swift
/// for rows in Batches(of: 64, from: images.shape[0], using: &generator) {
///   let (x, y) = (images[rows], labels[rows])
/// }
/// ```
///
/// Shuffling gives the same order for the same generator on every machine.
public struct Batches: RandomAccessCollection, Sendable {
  private let order: [Int]
  private let size: Int
  public let startIndex = 0
  public let endIndex: Int

  /// Batches of the positions 0 ..< `count` in order.
  ///
  /// - Parameters:
  ///   - size: How many examples a batch has.
  ///   - count: How many examples there are.
  ///   - keepsRest: Whether what is left for the last batch makes a smaller one.
  /// - Precondition: `size` is positive, and `count` is not negative.
  public init(of size: Int, from count: Int, keepsRest: Bool = true) {
    self.init(Self.positions(size, count), size, keepsRest)
  }

  /// Batches of the positions 0 ..< `count` in random order, all orders equally likely.
  ///
  /// - Parameters:
  ///   - size: How many examples a batch has.
  ///   - count: How many examples there are.
  ///   - keepsRest: Whether what is left for the last batch makes a smaller one.
  ///   - generator: What determines the order.
  /// - Precondition: `size` is positive, and `count` is not negative.
  public init(of size: Int, from count: Int, keepsRest: Bool = true, using generator: inout RandomGenerator) {
    var order = Self.positions(size, count)
    for position in order.indices.reversed().dropLast() {
      // The upper half of the product is even to 2⁻⁶⁴ of the count. The standard library's own shuffle may become
      // another one with a new release.
      let other = Int(generator.next().multipliedFullWidth(by: UInt64(position + 1)).high)
      order.swapAt(position, other)
    }
    self.init(order, size, keepsRest)
  }

  private init(_ order: [Int], _ size: Int, _ keepsRest: Bool) {
    self.order = order
    self.size = size
    let (whole, rest) = order.count.quotientAndRemainder(dividingBy: size)
    endIndex = keepsRest && rest > 0 ? whole + 1 : whole
  }

  /// The positions in order; traps unless `size` and `count` are what batches can have.
  private static func positions(_ size: Int, _ count: Int) -> [Int] {
    ShapeCheck.require(size > 0 && count >= 0) {
      "Batches: there are no batches of \(size) from \(count) examples"
    }
    ShapeCheck.memory("Batches", for: count, of: Int.self)
    return Array(0..<count)
  }

  /// The positions of one batch.
  public subscript(position: Int) -> [Int] {
    ShapeCheck.require(indices.contains(position)) { "Batches: there is no batch \(position) of \(count)" }
    return Array(order[(position * size)...].prefix(size))
  }
}
