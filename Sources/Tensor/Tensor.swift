/// An n-dimensional array of numbers or truth values that can record how it was computed.
///
/// ``TensorElement`` lists the types of elements. A tensor of `Float` or `Double` can be differentiated; the others never
/// remember anything.
///
/// A tensor is a value: a copy never changes when the original does. It is *tracked* when it descends from a
/// tensor given to `valueWithGradient` (or from ``tracked()``), and then remembers the operation it came from.
/// Everything else is plain arithmetic that remembers nothing.
///
/// ```swift
/// let x = Tensor<Double>([1, 2, 3])
/// let (value, slope) = valueWithGradient(at: x) { $0.square().sum() }
/// print(value.scalar, slope.scalars)  // 14.0 [2.0, 4.0, 6.0]
/// ```
///
/// Separate graphs may be used from separate threads; one graph must be differentiated by one thread at a
/// time.
public struct Tensor<Scalar: TensorElement>: @unchecked Sendable {
  /// The numbers, those of all examples where the tensor is mapped.
  var stored: StridedArray<Scalar>
  /// The operation that made this tensor, and which of its outputs it is, when a derivative may be asked for; else
  /// `nil`. Inside of a `jvp` it holds the tangent too, so that who asks for one has asked for both.
  let origin: NodeOutput<Scalar>?
  /// The first axes of `stored` that `shape` does not tell, inside of ``vmap(over:axis:in:)``.
  let mapped: MappedAxes

  init(_ array: StridedArray<Scalar>, origin: NodeOutput<Scalar>? = nil, mapped: MappedAxes = .none) {
    stored = array
    self.origin = origin
    self.mapped = mapped
  }

  /// The only output of a node.
  init(_ array: StridedArray<Scalar>, node: Node<Scalar>?) {
    self.init(array, origin: node.map { NodeOutput($0) })
  }

  /// The operation that made this tensor, when a derivative may be asked for; else `nil`.
  var node: Node<Scalar>? { origin?.node }

  /// The numbers of a tensor that is not mapped, for operations without a rule for those that are.
  @inline(__always)
  var array: StridedArray<Scalar> {
    get {
      if isMapped { ShapeCheck.refuseMapped() }
      return stored
    }
    _modify {
      if isMapped { ShapeCheck.refuseMapped() }
      yield &stored
    }
  }
}

// MARK: - Making tensors

extension Tensor {
  /// A tensor of rank 0.
  public init(_ scalar: Scalar) { self.init(StridedArray(repeating: scalar, shape: [])) }

  /// A tensor of rank 1.
  public init(_ scalars: [Scalar]) { self.init(scalars, shape: [scalars.count]) }

  /// A tensor of rank 2 with the given rows.
  ///
  /// - Precondition: All rows have the same length.
  public init(_ rows: [[Scalar]]) {
    let width = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() {
      ShapeCheck.require(row.count == width) {
        "Tensor: row \(index) has \(row.count) elements, row 0 has \(width)"
      }
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, width])
  }

  /// A tensor of `shape` with the elements of `scalars` in row-major order.
  ///
  /// - Precondition: `scalars.count` is the product of the lengths in `shape`.
  public init(_ scalars: some Collection<Scalar>, shape: Shape) {
    ShapeCheck.validShape("Tensor", shape)
    ShapeCheck.require(scalars.count == shape.elementCount) {
      "Tensor: \(scalars.count) elements do not fill the shape \(shape), which has \(shape.elementCount)"
    }
    self.init(StridedArray(shape) { _ = $0.initialize(from: scalars) })
  }

  /// A tensor of `shape` whose elements are all `value`.
  public init(repeating value: Scalar, shape: Shape) {
    ShapeCheck.validShape("Tensor", shape)
    self.init(StridedArray(repeating: value, shape: shape))
  }

  /// A tensor of `shape` whose memory `fill` sets, all of it, in row-major order.
  ///
  /// `fill` cannot throw: Swift 6.3.1 for x86-64 may take a number for an error where a function that could ends in copying
  /// memory (docs/porting.md), and the tensor would never be made.
  public init(shape: Shape, fill: (UnsafeMutableBufferPointer<Scalar>) -> Void) {
    ShapeCheck.validShape("Tensor", shape)
    let array = StridedArray<Scalar>(uninitialized: shape)
    fill(UnsafeMutableBufferPointer(start: array.pointer, count: array.count))
    self.init(array)
  }

  /// A tensor of `shape` filled with zeros, or with `false`.
  public static func zeros(_ shape: Shape) -> Tensor {
    ShapeCheck.validShape("Tensor", shape)
    return Tensor(StridedArray(zeros: shape))
  }
}

extension Tensor where Scalar: Numeric {
  /// A tensor of `shape` filled with ones.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// The identity matrix with `order` rows and columns.
  ///
  /// - Precondition: `order` is not negative.
  public static func identity(_ order: Int) -> Tensor {
    ShapeCheck.require(order >= 0) { "identity: the order \(order) is negative" }
    var array = StridedArray<Scalar>(zeros: [order, order])
    let diagonal = Layout(shape: [order], strides: [order + 1])
    array.assign(StridedArray(repeating: 1, shape: [order]), at: diagonal)
    return Tensor(array)
  }
}

// MARK: - Looking at tensors

extension Tensor {
  /// The lengths of the axes, outermost first.
  public var shape: Shape {
    isMapped ? Array(stored.layout.shape[mappedCount...]) : stored.layout.shape
  }
  /// The number of axes.
  public var rank: Int { stored.layout.rank - mappedCount }
  /// The number of elements.
  public var count: Int { isMapped ? shape.elementCount : stored.count }
  /// Whether the tensor remembers how it was computed, or moves along a direction inside of a `jvp`.
  public var isTracked: Bool { node != nil }

  /// The elements in row-major order.
  public var scalars: [Scalar] {
    if isMapped { ShapeCheck.refuseMapped("scalars") }
    return array.withScalars(Array.init)
  }

  /// The only element of a tensor that has one.
  ///
  /// - Precondition: The tensor has exactly one element.
  public var scalar: Scalar {
    if isMapped { ShapeCheck.refuseMapped("scalar") }
    ShapeCheck.require(count == 1) { "scalar: the tensor of shape \(shape) has \(count) elements, not one" }
    return withExtendedLifetime(array.storage) { array.pointer.pointee }
  }

  /// Calls `body` with the elements in row-major order, without a copy where they lie so.
  public func withUnsafeScalars<Result>(
    _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try array.withScalars(body)
  }

  /// Calls `body` with the elements in row-major order for writing. A tracked tensor becomes untracked,
  /// since its recorded history no longer tells how the numbers came to be.
  public mutating func withUnsafeMutableScalars<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    if node != nil { self = detached() }
    return try array.withMutableScalars(body)
  }

  /// The same numbers without their history: a constant for every derivative.
  public func detached() -> Tensor { node == nil ? self : Tensor(stored, mapped: mapped) }

}

extension Tensor where Scalar: TensorScalar {
  /// The same numbers as a new variable, with respect to which
  /// ``gradient(of:withRespectTo:differentiable:retainingGraph:allowingIndependent:)`` can be asked.
  public func tracked() -> Tensor {
    guard let scope = MappingScope.inUse else { return Tensor(stored, node: Node(name: "variable")) }
    // Each example has a variable of its own.
    return Tensor(detached().lifted(to: scope).stored, node: Node(name: "variable")).asMapped(scope.axes)
  }
}
