import Tensor

/// Loops over all elements of tensors of equal shape, for optimisers and losses: in place where something
/// changes, with sums in `Double`, and without temporaries.
///
/// Work is cut in blocks of a fixed size and the sums of the blocks are added in order, so results are the same
/// to the bit for any number of threads.
enum Flat {
  /// Elements in a block.
  static let grain = 1 << 15
}

/// A function of an element and of two others at the same place that gives its new value.
protocol ElementUpdate: Sendable {
  func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S
}

/// A term of a sum over pairs of elements.
protocol ElementTerm: Sendable {
  func callAsFunction<S: TensorScalar>(_ a: S, _ b: S) -> Double
}

// MARK: - Vectors

extension Flat {
  /// Σ a·b.
  static func dot<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    sum(a, b, Product())
  }

  /// Σ (a − b)².
  static func squaredDistance<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    sum(a, b, SquaredDifference())
  }

  /// The root of the sum of squares.
  static func norm<Scalar: TensorScalar>(_ a: Tensor<Scalar>) -> Double { dot(a, a).squareRoot() }

  /// The largest magnitude of an element; NaN when one is NaN; 0 for no elements.
  static func largestMagnitude<Scalar: TensorScalar>(_ a: Tensor<Scalar>) -> Double {
    Scalar.self == Float.self
      ? magnitudeLoop(a.assuming(Float.self)) : magnitudeLoop(a.assuming(Double.self))
  }

  /// r ← r + scale · a.
  static func add<Scalar: TensorScalar>(_ a: Tensor<Scalar>, times scale: Double, to r: inout Tensor<Scalar>)
  {
    update(&r, a, AddScaled(scale: scale))
  }

  /// r ← scale · r.
  static func multiply<Scalar: TensorScalar>(_ r: inout Tensor<Scalar>, by scale: Double) {
    update(&r, Multiply(scale: scale))
  }

  /// x + t · d as a new tensor.
  static func moved<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, by t: Double, along d: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    combined(x, d, Move(length: t))
  }

  private struct Product: ElementTerm {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ a: S, _ b: S) -> Double { Double(a) * Double(b) }
  }
  private struct SquaredDifference: ElementTerm {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ a: S, _ b: S) -> Double {
      let difference = Double(a) - Double(b)
      return difference * difference
    }
  }
  private struct AddScaled: ElementUpdate {
    let scale: Double
    @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S { r + S(scale) * a }
  }
  private struct Multiply: ElementUpdate {
    let scale: Double
    @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S { S(scale) * r }
  }
  private struct Move: ElementUpdate {
    let length: Double
    @inline(__always) func callAsFunction<S: TensorScalar>(_ r: S, _ a: S, _ b: S) -> S { a + S(length) * b }
  }
}

// MARK: - Drivers

// Each picks the scalar before it enters a closure; see `Tensor.assuming`.
extension Flat {
  /// Sets every element r of `target` to `f(r, r, r)`.
  @inline(__always)
  static func update<Scalar: TensorScalar>(_ target: inout Tensor<Scalar>, _ f: some ElementUpdate) {
    if Scalar.self == Float.self {
      var numbers = target.move(assuming: Float.self)
      updateLoop(&numbers, f)
      target = numbers.assuming(Scalar.self)
    } else {
      var numbers = target.move(assuming: Double.self)
      updateLoop(&numbers, f)
      target = numbers.assuming(Scalar.self)
    }
  }

  /// Sets every element r of `target` to `f(r, a, a)` with the element of `a` at the same place.
  @inline(__always)
  static func update<Scalar: TensorScalar>(
    _ target: inout Tensor<Scalar>, _ a: Tensor<Scalar>, _ f: some ElementUpdate
  ) {
    update(&target, a, a, f)
  }

  /// Sets every element r of `target` to `f(r, a, b)` with the elements of `a` and `b` at the same place.
  @inline(__always)
  static func update<Scalar: TensorScalar>(
    _ target: inout Tensor<Scalar>, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ f: some ElementUpdate
  ) {
    if Scalar.self == Float.self {
      var numbers = target.move(assuming: Float.self)
      updateLoop(&numbers, a.assuming(Float.self), b.assuming(Float.self), f)
      target = numbers.assuming(Scalar.self)
    } else {
      var numbers = target.move(assuming: Double.self)
      updateLoop(&numbers, a.assuming(Double.self), b.assuming(Double.self), f)
      target = numbers.assuming(Scalar.self)
    }
  }

  /// A new tensor of `f(_, a, b)`, whose first argument is undefined.
  @inline(__always)
  static func combined<Scalar: TensorScalar>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ f: some ElementUpdate
  ) -> Tensor<Scalar> {
    Scalar.self == Float.self
      ? combinedLoop(a.assuming(Float.self), b.assuming(Float.self), f).assuming(Scalar.self)
      : combinedLoop(a.assuming(Double.self), b.assuming(Double.self), f).assuming(Scalar.self)
  }

  /// The sum of `f(a, b)` over all pairs of elements.
  @inline(__always)
  static func sum<Scalar: TensorScalar>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ f: some ElementTerm
  ) -> Double {
    Scalar.self == Float.self
      ? sumLoop(a.assuming(Float.self), b.assuming(Float.self), f)
      : sumLoop(a.assuming(Double.self), b.assuming(Double.self), f)
  }
}

// MARK: - Loops

private func updateLoop<S: TensorScalar, F: ElementUpdate>(_ target: inout Tensor<S>, _ f: F) {
  target.withUnsafeMutableScalars { r in
    Parallel.forEachRange(r.count, grain: Flat.grain) { range in
      for i in range { r[i] = f(r[i], r[i], r[i]) }
    }
  }
}

private func updateLoop<S: TensorScalar, F: ElementUpdate>(
  _ target: inout Tensor<S>, _ a: Tensor<S>, _ b: Tensor<S>, _ f: F
) {
  requireEqualCounts(target.count, a.count, b.count)
  a.withUnsafeScalars { a in
    b.withUnsafeScalars { b in
      target.withUnsafeMutableScalars { r in
        Parallel.forEachRange(r.count, grain: Flat.grain) { range in
          for i in range { r[i] = f(r[i], a[i], b[i]) }
        }
      }
    }
  }
}

private func combinedLoop<S: TensorScalar, F: ElementUpdate>(
  _ a: Tensor<S>, _ b: Tensor<S>, _ f: F
) -> Tensor<S> {
  requireEqualCounts(a.count, a.count, b.count)
  return a.withUnsafeScalars { source in
    b.withUnsafeScalars { other in
      Tensor(shape: a.shape) { result in
        Parallel.forEachRange(result.count, grain: Flat.grain) { range in
          for i in range { result[i] = f(source[i], source[i], other[i]) }
        }
      }
    }
  }
}

private func sumLoop<S: TensorScalar, F: ElementTerm>(_ a: Tensor<S>, _ b: Tensor<S>, _ f: F) -> Double {
  a.withUnsafeScalars(pairedWith: b) { a, b in
    sumOfBlocks(a.count) { range in sumOfBlock(a, b, range, f) }
  }
}

private func sumOfBlock<S: TensorScalar, F: ElementTerm>(
  _ a: UnsafeBufferPointer<S>, _ b: UnsafeBufferPointer<S>, _ range: Range<Int>, _ f: F
) -> Double {
  // Eight running sums: they fill vector registers, and an error grows with an eighth of the terms.
  var sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  var i = range.lowerBound
  while i + 8 <= range.upperBound {
    sums.0 += f(a[i], b[i])
    sums.1 += f(a[i + 1], b[i + 1])
    sums.2 += f(a[i + 2], b[i + 2])
    sums.3 += f(a[i + 3], b[i + 3])
    sums.4 += f(a[i + 4], b[i + 4])
    sums.5 += f(a[i + 5], b[i + 5])
    sums.6 += f(a[i + 6], b[i + 6])
    sums.7 += f(a[i + 7], b[i + 7])
    i += 8
  }
  var total = ((sums.0 + sums.1) + (sums.2 + sums.3)) + ((sums.4 + sums.5) + (sums.6 + sums.7))
  while i < range.upperBound {
    total += f(a[i], b[i])
    i += 1
  }
  return total
}

private func magnitudeLoop<S: TensorScalar>(_ a: Tensor<S>) -> Double {
  a.withUnsafeScalars { a in
    var largest: S = 0
    for x in a {
      let magnitude = Swift.abs(x)
      // Written so that a NaN, which compares false with everything, is taken and stays.
      if !(magnitude <= largest) { largest = magnitude }
      if largest.isNaN { break }
    }
    return Double(largest)
  }
}

/// The sum of `body` over blocks that cover `0..<count`, added in the order of the blocks.
private func sumOfBlocks(_ count: Int, _ body: (Range<Int>) -> Double) -> Double {
  let blocks = (count + Flat.grain - 1) / Flat.grain
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { partial in
    Parallel.forEachRange(count, grain: Flat.grain) { range in
      partial[range.lowerBound / Flat.grain] = body(range)
    }
    return partial.reduce(0, +)
  }
}

private func requireEqualCounts(_ r: Int, _ a: Int, _ b: Int) {
  ShapeCheck.require(r == a && r == b) { "tensors of \(r), \(a) and \(b) elements do not match" }
}
