// Integers: what tokens, labels, positions and counts are computed with. Nothing here has a derivative.

extension Tensor where Scalar: TensorInteger {
  /// x + y, for every pair of elements; shapes broadcast. A sum that the type cannot hold traps.
  public static func + (x: Tensor, y: Tensor) -> Tensor { integers("+", x, y, .add) }
  /// x − y, for every pair of elements; shapes broadcast. A difference that the type cannot hold traps.
  public static func - (x: Tensor, y: Tensor) -> Tensor { integers("-", x, y, .subtract) }
  /// x · y, for every pair of elements; shapes broadcast. A product that the type cannot hold traps.
  public static func * (x: Tensor, y: Tensor) -> Tensor { integers("*", x, y, .multiply) }
  /// x / y, cut towards zero, for every pair of elements; shapes broadcast. A division by 0 traps.
  public static func / (x: Tensor, y: Tensor) -> Tensor { integers("/", x, y, .divide) }
  /// What is left of x by x / y, with the sign of x, for every pair of elements; shapes broadcast. A division by 0 traps.
  public static func % (x: Tensor, y: Tensor) -> Tensor { integers("%", x, y, .remainder) }

  /// x + y for every pair of elements, with the bits that fit; shapes broadcast.
  public static func &+ (x: Tensor, y: Tensor) -> Tensor { integers("&+", x, y, .wrappingAdd) }
  /// x − y for every pair of elements, with the bits that fit; shapes broadcast.
  public static func &- (x: Tensor, y: Tensor) -> Tensor { integers("&-", x, y, .wrappingSubtract) }
  /// x · y for every pair of elements, with the bits that fit; shapes broadcast.
  public static func &* (x: Tensor, y: Tensor) -> Tensor { integers("&*", x, y, .wrappingMultiply) }

  /// x + y for every element of x.
  public static func + (x: Tensor, y: Scalar) -> Tensor { x + Tensor(y) }
  /// x − y for every element of x.
  public static func - (x: Tensor, y: Scalar) -> Tensor { x - Tensor(y) }
  /// x · y for every element of x.
  public static func * (x: Tensor, y: Scalar) -> Tensor { x * Tensor(y) }
  /// x / y for every element of x.
  public static func / (x: Tensor, y: Scalar) -> Tensor { x / Tensor(y) }
  /// What is left of x by x / y, for every element of x.
  public static func % (x: Tensor, y: Scalar) -> Tensor { x % Tensor(y) }

  /// The sum along `axes`, or of all elements. The sum of no elements is 0; one that the type cannot hold traps.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the summed axes stay, with length 1.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = ShapeCheck.axes("sum", axes, rank: rank)
    if isMapped {
      return throughMapped { x, shift in
        x.sum(axes: axes.map { $0 + shift }, keepingDimensions: keepingDimensions)
      }
    }
    let (lines, reduced) = self.lines(along: axes, keepingDimensions)
    let sums = Kernels.reduceRows(lines.array, from: 0) { sum, element in
      let (next, overflow) = sum.addingReportingOverflow(element)
      ShapeCheck.require(!overflow) {
        "sum: \(sum) and \(element) are more than \(Scalar.scalarName) holds; convert to Int64 or Double first"
      }
      return next
    }
    return Tensor(sums).reshaped(to: reduced)
  }

  /// The largest element along `axes`, or of all.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    extreme("max", axes, keepingDimensions) { Swift.max($0, $1) }
  }

  /// The smallest element along `axes`, or of all.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    extreme("min", axes, keepingDimensions) { Swift.min($0, $1) }
  }

  /// `start`, `start + step`, … as long as they lie before `end`.
  ///
  /// - Parameters:
  ///   - start: The first number.
  ///   - end: Where the numbers end; it is not one of them.
  ///   - step: From one number to the next.
  /// - Returns: A tensor of one axis; without elements where `end` lies before `start`.
  /// - Precondition: `step` is positive.
  public static func arange(from start: Scalar = 0, to end: Scalar, by step: Scalar = 1) -> Tensor {
    ShapeCheck.require(step > 0) { "arange: from \(start) to \(end) by \(step): the step must be above 0" }
    let (first, last) = (Int(start), Int(end))
    let span =
      last <= first
      ? 0
      : ShapeCheck.length(
        last.subtractingReportingOverflow(first), "arange", "from \(start) to \(end) there are")
    ShapeCheck.memory("arange", for: span / Int(step), of: Scalar.self)
    return Tensor(Array(stride(from: first, to: last, by: Int(step))).map { Scalar($0) })
  }

  private func extreme(
    _ name: String, _ axes: [Int]?, _ keepingDimensions: Bool, _ combine: (Scalar, Scalar) -> Scalar
  ) -> Tensor {
    let axes = ShapeCheck.axes(name, axes, rank: rank)
    ShapeCheck.require(axes.allSatisfy { shape[$0] > 0 }) {
      "\(name): the shape \(shape) has no elements along the axes \(axes)"
    }
    if isMapped {
      return throughMapped { x, shift in
        x.extreme(name, axes.map { $0 + shift }, keepingDimensions, combine)
      }
    }
    let (lines, reduced) = self.lines(along: axes, keepingDimensions)
    return Tensor(Kernels.reduceRows(lines.array, from: nil, combine)).reshaped(to: reduced)
  }

  private static func integers(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ operation: IntegerOperation
  ) -> Tensor {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    return Tensor(Kernels.integers(pair.x, pair.y, shape: pair.shape, operation, name), mapped: pair.mapped)
  }
}

extension Tensor where Scalar: TensorInteger & SignedInteger {
  /// The negative, −x; that of the least number traps.
  public static prefix func - (x: Tensor) -> Tensor { Tensor(0) - x }
}
