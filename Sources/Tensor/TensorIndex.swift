/// What may stand between the brackets of `x[…]`: a position, a range or a list of them, or ``NewAxis``.
///
/// | index | axis of the result |
/// | --- | --- |
/// | `2`, `-1` | none: the axis is dropped |
/// | `1..<3`, `1...2`, `1...`, `..<3`, `...2` | the positions of the range |
/// | `(0...).strided(by: 2)` | every second position |
/// | `[2, 0, 2]` | the listed positions, in this order |
/// | a tensor of integers, of rank 1 | the same |
/// | `.newAxis` | a new one, of length 1 |
/// | `...` | all axes that the other indices leave, once |
///
/// Negative numbers count from the back, as in NumPy: `x[-1]` is the last element and `x[(-2)...]` the last
/// two. A range that begins with a negative number ends before 0 at the latest: `-2..<0` are the last two,
/// too. Unlike NumPy, positions beyond the end trap.
public protocol TensorIndex: Sendable {
  /// The part of its axis that the index takes.
  var selection: AxisSelection { get }
}

/// The part of one axis that an index takes.
public enum AxisSelection: Sendable, Equatable {
  /// A single position; the axis is dropped.
  case position(Int)
  /// The positions from `from` to just before `upTo`, `step` apart. A negative step walks the same range from
  /// its end. `nil` is the axis's start or end.
  case range(from: Int?, upTo: Int?, step: Int)
  /// The listed positions, in their order.
  case positions([Int])
  /// A new axis of length 1, which takes no axis of the tensor.
  case newAxis
  /// All axes that the other indices leave.
  case remainingAxes
}

/// A ``TensorIndex`` that inserts an axis of length 1; written `.newAxis`.
public struct NewAxis: TensorIndex {
  /// Nothing of the tensor: a new axis.
  public var selection: AxisSelection { .newAxis }
}

extension TensorIndex where Self == NewAxis {
  /// A new axis of length 1: `x[.newAxis, ...]`.
  public static var newAxis: NewAxis { NewAxis() }
}

/// The positions of a range at even steps, made by `strided(by:)`.
public struct StridedRange: TensorIndex {
  /// The range and its step.
  public let selection: AxisSelection
}

/// A ``TensorIndex`` that takes a range of positions.
public protocol TensorRange: TensorIndex {}

extension TensorRange {
  /// Every `step`-th position of the range; a negative step begins at its end.
  ///
  /// ```swift
  /// x[(0..<10).strided(by: 3)]  // 0, 3, 6, 9
  /// x[(0...).strided(by: -1)]   // backwards
  /// ```
  ///
  /// - Precondition: `step` is not 0.
  public func strided(by step: Int) -> StridedRange {
    ShapeCheck.require(step != 0) { "strided: the step is 0" }
    guard case .range(let from, let upTo, _) = selection else { return StridedRange(selection: selection) }
    return StridedRange(selection: .range(from: from, upTo: upTo, step: step))
  }
}

extension Int: TensorIndex {
  /// The position alone; its axis is dropped.
  public var selection: AxisSelection { .position(self) }
}

extension Array: TensorIndex where Element == Int {
  /// The listed positions, in their order.
  public var selection: AxisSelection { .positions(self) }
}

extension Range: TensorIndex, TensorRange where Bound == Int {
  /// The positions in the range.
  public var selection: AxisSelection { .range(from: lowerBound, upTo: upperBound, step: 1) }
}

extension ClosedRange: TensorIndex, TensorRange where Bound == Int {
  /// The positions in the range.
  public var selection: AxisSelection {
    .range(from: lowerBound, upTo: positionAfter(upperBound), step: 1)
  }
}

extension PartialRangeFrom: TensorIndex, TensorRange where Bound == Int {
  /// The positions from the lower bound to the end.
  public var selection: AxisSelection { .range(from: lowerBound, upTo: nil, step: 1) }
}

extension PartialRangeUpTo: TensorIndex, TensorRange where Bound == Int {
  /// The positions before the upper bound.
  public var selection: AxisSelection { .range(from: nil, upTo: upperBound, step: 1) }
}

extension PartialRangeThrough: TensorIndex, TensorRange where Bound == Int {
  /// The positions up to the upper bound, with it.
  public var selection: AxisSelection {
    .range(from: nil, upTo: positionAfter(upperBound), step: 1)
  }
}

/// Where a range that has `last` ends; `nil` for the axis's end.
private func positionAfter(_ last: Int) -> Int? {
  // −1 is the last position, so what comes after it is the end and not position 0.
  if last == -1 { return nil }
  // No axis reaches so far, and the range is refused as one that ends at `Int.max`.
  return last == .max ? last : last + 1
}

extension Tensor: TensorIndex where Scalar: TensorInteger {
  /// The listed positions, of a tensor of rank 1: `rows[order]`.
  ///
  /// - Precondition: The rank is 1; what positions of other shapes select is `elements(at:axis:)`.
  public var selection: AxisSelection {
    ShapeCheck.require(rank == 1) {
      "subscript: positions of the shape \(shape) are no list; elements(at:axis:) takes them"
    }
    return .positions(integers)
  }
}
