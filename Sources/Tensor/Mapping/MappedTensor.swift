// What the rules of operations for mapped tensors are written with. There are two kinds:
//
// - An operation along axes calls itself with all numbers and shifted axes: `throughMapped { $0.softmax(axis: axis + $1) }`.
// - An operation on single elements takes `stored` or `MappedPair`, and gives its result the axes of its operands;
//   `record` then calls its derivative with a mapped gradient.
//
// Whoever takes `array` has no rule, and traps.

extension Tensor {
  /// Whether the tensor stands for one example of many, inside of `vmap`.
  @inline(__always)
  package var isMapped: Bool { mapped.count != 0 }

  /// The number of mapped axes.
  @inline(__always)
  var mappedCount: Int { Int(mapped.count) }

  /// All examples with the mapped axes in front, as an ordinary tensor.
  var plain: Tensor { Tensor(stored, origin: origin) }

  /// An ordinary tensor whose first axes are mapped ones.
  func asMapped(_ axes: MappedAxes) -> Tensor { Tensor(stored, origin: origin, mapped: axes) }

  /// The numbers of all examples of a mapped function, as an ordinary tensor without history, for checks.
  package var ofAllExamples: Tensor { plain.detached() }

  /// What a function makes of each number, without a derivative, inside of a mapped function as well.
  package func mappingNumbers(_ transform: (Scalar) -> Scalar) -> Tensor {
    let all = ofAllExamples
    return Tensor(all.scalars.map(transform), shape: all.shape).asMapped(mapped)
  }

  /// An operation carried out on all examples at once, which is told by how many axes those of one are shifted.
  func throughMapped<Other: TensorElement, Failure: Error>(
    _ operation: (_ plain: Tensor, _ shift: Int) throws(Failure) -> Tensor<Other>
  ) throws(Failure) -> Tensor<Other> {
    try operation(plain, mappedCount).asMapped(mapped)
  }

  /// The same for an operation that gives two tensors.
  func bothThroughMapped<First: TensorElement, Second: TensorElement, Failure: Error>(
    _ operation: (_ plain: Tensor, _ shift: Int) throws(Failure) -> (Tensor<First>, Tensor<Second>)
  ) throws(Failure) -> (Tensor<First>, Tensor<Second>) {
    let (first, second) = try operation(plain, mappedCount)
    return (first.asMapped(mapped), second.asMapped(mapped))
  }

  /// An operation of two tensors, on all examples at once, which broadcasts.
  static func throughMapped<Failure: Error>(
    _ x: Tensor, _ y: Tensor, rank: Int = 0, _ operation: (Tensor, Tensor) throws(Failure) -> Tensor
  ) throws(Failure) -> Tensor {
    let axes = deepest(x.mapped, y.mapped)
    let rank = Swift.max(x.rank, y.rank, rank)
    return try operation(x.aligned(to: axes, rank: rank), y.aligned(to: axes, rank: rank)).asMapped(axes)
  }

  /// The numbers where broadcasting finds them: with axes of length 1 for the mapped ones that others have, and in front
  /// of its own up to `rank`.
  func alignedArray(_ axes: MappedAxes, rank: Int) -> StridedArray<Scalar> {
    guard let layout = alignedLayout(axes, rank: rank) else { return stored }
    return StridedArray(storage: stored.storage, layout: layout)
  }

  /// The same as an ordinary tensor.
  func aligned(to axes: MappedAxes, rank: Int) -> Tensor {
    guard let layout = alignedLayout(axes, rank: rank) else { return plain }
    return plain.reshaped(to: layout.shape)
  }

  private func alignedLayout(_ axes: MappedAxes, rank: Int) -> Layout? {
    let added = Int(axes.count) - mappedCount + rank - self.rank
    // Ordinary broadcasting adds axes in front.
    if added == 0 || !isMapped { return nil }
    var layout = stored.layout
    layout.shape.insert(contentsOf: repeatElement(1, count: added), at: mappedCount)
    layout.strides.insert(contentsOf: repeatElement(0, count: added), at: mappedCount)
    return layout
  }

  /// All examples of `scope`, the same numbers for each that the tensor does not tell apart, as an ordinary tensor.
  func lifted(to scope: MappingScope) -> Tensor {
    ensureOpen(in: scope)
    if mapped == scope.axes { return plain }
    let added = scope.lengths.count - mappedCount
    let prefix = scope.lengths.prefix(mappedCount)
    return plain.reshaped(to: prefix + Array(repeating: 1, count: added) + shape)
      .broadcast(to: scope.lengths + shape)
  }

  private func ensureOpen(in scope: MappingScope) {
    if isMapped, scope.scope(of: mapped) == nil { _ = MappingScope.open(mapped) }
  }
}

extension ComplexParts {
  /// Ordinary tensors whose first axes are mapped ones.
  func asMapped(_ axes: MappedAxes) -> ComplexParts {
    ComplexParts(real: real.asMapped(axes), imaginary: imaginary.asMapped(axes))
  }
}

/// The more deeply mapped of two, inside of which the other one is.
func deepest(_ a: MappedAxes, _ b: MappedAxes) -> MappedAxes {
  if a == b { return a }
  let scope = MappingScope.open(a.count >= b.count ? a : b)
  let other = a.count >= b.count ? b : a
  if other.count > 0, scope.scope(of: other) == nil { _ = MappingScope.open(other) }
  return scope.axes
}

/// Two operands of an operation on pairs of elements, mapped or not.
struct MappedPair<Scalar: TensorElement> {
  let x: StridedArray<Scalar>
  let y: StridedArray<Scalar>
  /// What both broadcast to, with mapped axes.
  let shape: Shape
  let mapped: MappedAxes

  /// - Parameter shape: What the shapes of both broadcast to.
  @inline(__always)
  init(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ shape: Shape) {
    if !x.isMapped, !y.isMapped {
      self.init(x: x.stored, y: y.stored, shape: shape, mapped: .none)
    } else {
      self = Self.mapped(x, y, shape)
    }
  }

  @inline(__always)
  private init(x: StridedArray<Scalar>, y: StridedArray<Scalar>, shape: Shape, mapped: MappedAxes) {
    (self.x, self.y, self.shape, self.mapped) = (x, y, shape, mapped)
  }

  @inline(never)
  private static func mapped(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ shape: Shape) -> MappedPair {
    let axes = deepest(x.mapped, y.mapped)
    return MappedPair(
      x: x.alignedArray(axes, rank: shape.count), y: y.alignedArray(axes, rank: shape.count),
      shape: MappingScope.open(axes).lengths + shape, mapped: axes)
  }
}
