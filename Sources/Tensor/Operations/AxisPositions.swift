import CKernels
import Synchronization

/// Which element along one axis of an array goes with each element of another array, the *rows*, whose other
/// lengths agree with the array's.
struct AxisPositions: Sendable {
  let axis: Int
  /// The shape of the rows.
  let shape: Shape
  /// Positions along `axis`, from 0 and in range.
  let values: Values
  /// The steps in `values` from one element of the rows to the next along each axis. A step of 0 says that a
  /// position does not depend on that axis.
  let strides: [Int]

  /// A list, or the numbers of a tensor where they lie: there may be as many as elements.
  enum Values: Sendable {
    case list([Int])
    /// In row-major order without gaps.
    case numbers(StridedArray<Int64>)

    var count: Int {
      switch self {
      case .list(let values): values.count
      case .numbers(let numbers): numbers.count
      }
    }

    var list: [Int] {
      switch self {
      case .list(let values): values
      case .numbers(let numbers): numbers.withScalars { $0.map { Int($0) } }
      }
    }

    /// Calls `body` with the numbers, which are valid meanwhile.
    func withNumbers<Result>(_ body: (UnsafePointer<Int64>) -> Result) -> Result {
      switch self {
      case .list(let values):
        values.withUnsafeBytes { bytes in
          // An empty list may have no memory.
          if let start = bytes.baseAddress { return body(start.assumingMemoryBound(to: Int64.self)) }
          return withUnsafePointer(to: 0, body)
        }
      case .numbers(let numbers):
        withExtendedLifetime(numbers.storage) { body(numbers.pointer) }
      }
    }
  }

  init(axis: Int, shape: Shape, values: [Int], strides: [Int]) {
    self.init(axis: axis, shape: shape, values: .list(values), strides: strides)
  }

  private init(axis: Int, shape: Shape, values: Values, strides: [Int]) {
    self.axis = axis
    self.shape = shape
    self.values = values
    self.strides = strides
  }

  /// The same positions, which the caller has checked, for all lines along `axis` of a tensor of `shape`.
  init(_ positions: [Int], axis: Int, of shape: Shape) {
    self.init(.list(positions), axis: axis, of: shape)
  }

  /// The same positions for all lines along `axis` of a tensor of `shape`. Negative ones count from the back.
  init<Position: TensorInteger>(
    _ operation: String, _ positions: Tensor<Position>, axis: Int, of shape: Shape
  ) {
    self.init(Self.resolved(operation, positions, axis, of: shape), axis: axis, of: shape)
  }

  private init(_ positions: Values, axis: Int, of shape: Shape) {
    var rows = shape
    var strides = [Int](repeating: 0, count: shape.count)
    rows[axis] = positions.count
    strides[axis] = 1
    self.init(axis: axis, shape: rows, values: positions, strides: strides)
  }

  /// The same positions for every example, behind mapped axes of these lengths.
  func behind(_ lengths: some Collection<Int>) -> AxisPositions {
    AxisPositions(
      axis: axis + lengths.count, shape: lengths + shape, values: values,
      strides: lengths.map { _ in 0 } + strides)
  }

  /// Positions that each example has of its own: `positions` is a list for each, behind mapped axes, and they are for all
  /// lines along `axis` of a tensor of `shape`, which has the mapped axes as well.
  init<Position: TensorInteger>(
    _ operation: String, lists positions: Tensor<Position>, axis: Int, of shape: Shape
  ) {
    let (count, mappedCount) = (positions.shape[positions.rank - 1], positions.rank - 1)
    var rows = shape
    rows[axis] = count
    var strides = [Int](repeating: 0, count: shape.count)
    strides.replaceSubrange(..<mappedCount, with: positions.shape.rowMajorStrides[..<mappedCount])
    strides[axis] = 1
    self.init(
      axis: axis, shape: rows, values: Self.resolved(operation, positions, axis, of: shape),
      strides: strides)
  }

  /// A position for each element of rows of the shape of `positions`. Negative ones count from the back.
  init<Position: TensorInteger>(
    _ operation: String, each positions: Tensor<Position>, axis: Int, of shape: Shape
  ) {
    var (others, wanted) = (positions.shape, shape)
    if others.indices.contains(axis) { (others[axis], wanted[axis]) = (0, 0) }
    ShapeCheck.require(others == wanted) {
      "\(operation): positions of shape \(positions.shape) do not agree with \(shape) beside axis \(axis)"
    }
    self.init(
      axis: axis, shape: positions.shape,
      values: Self.resolved(operation, positions, axis, of: shape),
      strides: positions.shape.rowMajorStrides)
  }

  private static func resolved<Position: TensorInteger>(
    _ operation: String, _ positions: Tensor<Position>, _ axis: Int, of shape: Shape
  ) -> Values {
    let numbers = Tensor<Int64>(positions).array.contiguous()
    if areBelow(shape[axis], numbers) { return .numbers(numbers) }
    return .list(resolved(operation, positions.integers, axis, of: shape))
  }

  private static func areBelow(_ limit: Int, _ numbers: StridedArray<Int64>) -> Bool {
    let failures = Atomic<Int>(0)
    withExtendedLifetime(numbers.storage) {
      let start = numbers.pointer
      Parallel.forEachRange(numbers.count, grain: Kernels.elementGrain) { range in
        if !ckernels_are_below(start + range.lowerBound, range.count, Int64(limit)) {
          failures.add(1, ordering: .relaxed)
        }
      }
    }
    return failures.load(ordering: .relaxed) == 0
  }

  /// `positions` along `axis` counted from the front; negative ones count from the back.
  static func resolved(_ operation: String, _ positions: [Int], _ axis: Int, of shape: Shape) -> [Int] {
    let length = shape[axis]
    if ckernels_are_below(positions, positions.count, Int64(length)) { return positions }
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

extension Tensor {
  /// The positions of the elements that are not 0 (NaN is not), or true, counted in row-major order.
  ///
  /// ```swift
  /// x[(x .> 0).nonzeroPositions]  // of rank 1: the same as x[where: x .> 0]
  /// ```
  public var nonzeroPositions: Tensor<Int64> {
    Tensor<Int64>(integers: Kernels.truePositions(Tensor<Bool>(self).array))
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The elements as integers in 0 ..< `limit`, in row-major order; where one is anything else, traps with the message
  /// that `describe` makes of it and of its place.
  package func integers(
    below limit: Int, _ describe: (_ element: Int, _ place: [Int]) -> String
  ) -> [Int] {
    let numbers = integers
    if ckernels_are_below(numbers, numbers.count, Int64(limit)) { return numbers }
    if let index = numbers.firstIndex(where: { !(0..<limit ~= $0) }) {
      ShapeCheck.fail(describe(numbers[index], shape.place(ofElement: index)))
    }
    return numbers
  }
}

extension Tensor<Int64> {
  init(_ positions: AxisPositions) {
    let numbers =
      switch positions.values {
      case .numbers(let numbers): numbers
      case .list(let values):
        StridedArray<Int64>([values.count]) { target in
          for index in target.indices { target[index] = Int64(values[index]) }
        }
      }
    self.init(
      StridedArray(
        storage: numbers.storage,
        layout: Layout(shape: positions.shape, strides: positions.strides, offset: numbers.layout.offset)))
  }
}
