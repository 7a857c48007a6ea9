// The bits of integers, and what they have in common.

extension Tensor where Scalar: TensorInteger {
  /// The bits that both of x and y have, for every pair of elements; shapes broadcast.
  public static func & (x: Tensor, y: Tensor) -> Tensor { bits("&", x, y, .and) }
  /// The bits that one of x and y has, or both, for every pair of elements; shapes broadcast.
  public static func | (x: Tensor, y: Tensor) -> Tensor { bits("|", x, y, .or) }
  /// The bits that one of x and y has, but not both, for every pair of elements; shapes broadcast.
  public static func ^ (x: Tensor, y: Tensor) -> Tensor { bits("^", x, y, .exclusiveOr) }
  /// x with its bits moved up by y places, for every pair of elements; what leaves the type is lost, as with Swift's `<<`.
  public static func << (x: Tensor, y: Tensor) -> Tensor { bits("<<", x, y, .shiftUp) }
  /// x with its bits moved down by y places, for every pair of elements: ⌊x/2ʸ⌋, as with Swift's `>>`.
  public static func >> (x: Tensor, y: Tensor) -> Tensor { bits(">>", x, y, .shiftDown) }

  /// The bits that both of x and y have, for every element of x.
  public static func & (x: Tensor, y: Scalar) -> Tensor { x & Tensor(y) }
  /// The bits that one of x and y has, or both, for every element of x.
  public static func | (x: Tensor, y: Scalar) -> Tensor { x | Tensor(y) }
  /// The bits that one of x and y has, but not both, for every element of x.
  public static func ^ (x: Tensor, y: Scalar) -> Tensor { x ^ Tensor(y) }
  /// x with its bits moved up by y places, for every element of x.
  public static func << (x: Tensor, y: Scalar) -> Tensor { x << Tensor(y) }
  /// x with its bits moved down by y places, for every element of x.
  public static func >> (x: Tensor, y: Scalar) -> Tensor { x >> Tensor(y) }

  /// The greatest common divisor of every pair of elements, not negative; shapes broadcast. With 0 it is the other's
  /// magnitude. One that the type cannot hold traps.
  public static func gcd(_ x: Tensor, _ y: Tensor) -> Tensor { bits("gcd", x, y, .greatestCommonDivisor) }

  /// The least common multiple of every pair of elements, not negative; shapes broadcast. With 0 it is 0. One that the type
  /// cannot hold traps.
  public static func lcm(_ x: Tensor, _ y: Tensor) -> Tensor { bits("lcm", x, y, .leastCommonMultiple) }

  private static func bits(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ operation: IntegerOperation
  ) -> Tensor {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    return Tensor(Kernels.integers(pair.x, pair.y, shape: pair.shape, operation, name), mapped: pair.mapped)
  }
}
