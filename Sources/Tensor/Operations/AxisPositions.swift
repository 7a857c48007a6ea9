/// Which element along one axis of an array goes with each element of another array, the *rows*, whose other
/// lengths agree with the array's.
struct AxisPositions: Sendable {
  let axis: Int
  /// The shape of the rows.
  let shape: Shape
  /// Positions along `axis`, from 0 and in range.
  let values: [Int]
  /// The steps in `values` from one element of the rows to the next along each axis. A step of 0 says that a
  /// position does not depend on that axis.
  let strides: [Int]

  init(axis: Int, shape: Shape, values: [Int], strides: [Int]) {
    self.axis = axis
    self.shape = shape
    self.values = values
    self.strides = strides
  }

  /// The same positions, which the caller has checked, for all lines along `axis` of a tensor of `shape`.
  init(_ positions: [Int], axis: Int, of shape: Shape) {
    var rows = shape
    var strides = [Int](repeating: 0, count: shape.count)
    rows[axis] = positions.count
    strides[axis] = 1
    self.init(axis: axis, shape: rows, values: positions, strides: strides)
  }

  /// A position for each element of rows of the shape of `positions`. Negative ones count from the back.
  init<Scalar: TensorScalar>(_ operation: String, each positions: Tensor<Scalar>, axis: Int, of shape: Shape) {
    var (others, wanted) = (positions.shape, shape)
    if others.indices.contains(axis) { (others[axis], wanted[axis]) = (0, 0) }
    ShapeCheck.require(others == wanted) {
      "\(operation): positions of shape \(positions.shape) do not agree with \(shape) beside axis \(axis)"
    }
    self.init(
      axis: axis, shape: positions.shape,
      values: Self.resolved(operation, positions.wholeNumbers(operation), axis, of: shape),
      strides: positions.shape.rowMajorStrides)
  }

  /// `positions` along `axis` counted from the front; negative ones count from the back.
  static func resolved(_ operation: String, _ positions: [Int], _ axis: Int, of shape: Shape) -> [Int] {
    let length = shape[axis]
    var result = positions
    for (index, position) in positions.enumerated() {
      if position < 0 { result[index] = position + length }
      ShapeCheck.require(0 <= result[index] && result[index] < length) {
        "\(operation): index \(position) is out of range for axis \(axis) of \(shape)"
      }
    }
    return result
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The elements as integers, in row-major order: of positions, labels or counts, which tensors hold as
  /// whole numbers.
  ///
  /// ```swift
  /// let best = scores.argmax(axis: 1)
  /// let rows = table[best.integers]
  /// ```
  ///
  /// - Precondition: All elements are whole numbers, below 2²⁴ (`Float`) or 2⁵³ (`Double`) in magnitude: larger ones may
  ///   be the rounding of others.
  public var integers: [Int] { wholeNumbers("integers") }

  /// The positions of the elements that are not 0 (NaN is not), counted in row-major order. Of a mask of rank
  /// 1 they are the positions that `x[…]` takes.
  public var nonzeroPositions: [Int] { Kernels.nonzeroPositions(array) }

  func wholeNumbers(_ operation: String) -> [Int] {
    let (numbers, fault) = Kernels.wholeNumbers(array)
    if let fault { Self.failAsWholeNumber(operation, fault) }
    return numbers
  }

  private static func failAsWholeNumber(_ operation: String, _ element: Double) -> Never {
    guard element.rounded() == element, element.isFinite else {
      ShapeCheck.fail("\(operation): the element \(element) is not a whole number")
    }
    ShapeCheck.fail(
      "\(operation): the element \(element) may be the rounding of another whole number, since \(Scalar.scalarName) "
        + "tells them apart below \(Scalar.wholeNumberLimit) alone; keep positions and counts beyond that as [Int]"
        + (Scalar.self == Double.self ? "" : " or in Double"))
  }

  /// The elements as integers in 0 ..< `limit`, in row-major order; where one is anything else, traps with the message
  /// that `describe` makes of it and of its place.
  package func wholeNumbers(
    _ operation: String, below limit: Int, _ describe: (_ element: Scalar, _ place: [Int]) -> String
  ) -> [Int] {
    let (numbers, fault) = Kernels.wholeNumbers(array)
    if fault == nil, numbers.allSatisfy({ 0 <= $0 && $0 < limit }) { return numbers }
    if let fault, fault.rounded() == fault, 0..<Double(limit) ~= fault {
      Self.failAsWholeNumber(operation, fault)
    }
    let elements = scalars
    let range = 0..<Double(limit)
    let index = elements.firstIndex {
      !(range.contains(Double($0)) && Double($0) == Double($0).rounded(.towardZero))
    }!
    ShapeCheck.fail(describe(elements[index], shape.place(ofElement: index)))
  }

  /// The positions as numbers.
  init(_ operation: String, _ positions: AxisPositions, along length: Int) {
    ShapeCheck.require(length <= Scalar.wholeNumberLimit) {
      "\(operation): \(Scalar.scalarName) cannot hold all positions along an axis of length \(length)"
    }
    let numbers = Kernels.numbers(positions.values) as StridedArray<Scalar>
    self.init(
      StridedArray(
        storage: numbers.storage, layout: Layout(shape: positions.shape, strides: positions.strides)))
  }
}
