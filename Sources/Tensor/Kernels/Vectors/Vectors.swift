/// Level-1 vector routines, as BLAS calls them: all elements of one or two tensors of equal shape taken as vectors, for
/// optimisers and losses, which have no loops of their own.
///
/// Nothing here is recorded for derivatives. Sums are made in `Double`; work is cut in blocks of a fixed size and the
/// sums of the blocks are added in order, so results are the same to the bit for any number of threads.
package enum Vectors {
  /// The number of elements in a block.
  package static let grain = 1 << 15

  /// The inner product Σ a·b.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func dot<S: TensorScalar>(_ a: Tensor<S>, _ b: Tensor<S>) -> Double {
    sumLoop(a, b, Product())
  }

  /// The sum of squares Σ a².
  package static func squaredNorm<S: TensorScalar>(_ a: Tensor<S>) -> Double { dot(a, a) }

  /// The Euclidean norm, which is the root of the sum of squares.
  package static func norm<S: TensorScalar>(_ a: Tensor<S>) -> Double { squaredNorm(a).squareRoot() }

  /// The sum of squared differences Σ (a − b)².
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func squaredDistance<S: TensorScalar>(_ a: Tensor<S>, _ b: Tensor<S>) -> Double {
    sumLoop(a, b, SquaredDifference())
  }

  /// The largest magnitude of an element; NaN when one is NaN; 0 for no elements.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func largestMagnitude<S: TensorScalar>(_ a: Tensor<S>) -> Double {
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

  /// y ← y + scale · x (BLAS's axpy).
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func add<S: TensorScalar>(_ x: Tensor<S>, times scale: Double, to y: inout Tensor<S>) {
    updateLoop(&y, x, x, AddScaled(scale: S(scale)))
  }

  /// y ← x (BLAS's copy), in the memory that y has.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func copy<S: TensorScalar>(_ x: Tensor<S>, to y: inout Tensor<S>) {
    updateLoop(&y, x, x, Take())
  }

  /// y ← keep · y + scale · x (axpby): with `keep` + `scale` = 1 a step of a running mean.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func add<S: TensorScalar>(
    _ x: Tensor<S>, times scale: Double, to y: inout Tensor<S>, keeping keep: Double
  ) {
    updateLoop(&y, x, x, Combine(keep: S(keep), scale: S(scale)))
  }

  /// y ← scale · y (BLAS's scal).
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func multiply<S: TensorScalar>(_ y: inout Tensor<S>, by scale: Double) {
    updateLoop(&y, Multiply(scale: S(scale)))
  }

  /// x + t · d as a new tensor, which will be there for long; see ``Tensor/lasting()``.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func moved<S: TensorScalar>(
    _ x: Tensor<S>, by t: Double, along d: Tensor<S>
  ) -> Tensor<S> {
    combinedLoop(x, d, Move(length: S(t)))
  }
}

// MARK: - Differences

extension Vectors {
  /// The inner products of the differences s = a − b and y = c − d, each rounded, which are never there as a whole:
  /// Σ s·y, Σ s² and Σ y², to the bits of ``dot(_:_:)``.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func productsOfDifferences<S: TensorScalar>(
    _ a: Tensor<S>, _ b: Tensor<S>, _ c: Tensor<S>, _ d: Tensor<S>
  ) -> (both: Double, first: Double, second: Double) {
    differenceSumsLoop(a, b, c, d, Product())
  }
}

// MARK: - Bounds

extension Vectors {
  /// x + t · d as a new tensor, each element clamped to `bounds`; it too will be there for long.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func moved<S: TensorScalar>(
    _ x: Tensor<S>, by t: Double, along d: Tensor<S>, within bounds: ClosedRange<S>
  ) -> Tensor<S> {
    combinedLoop(x, d, ClampedMove(length: S(t), bounds: bounds))
  }

  /// Puts zeros in y where the element of x is at a bound and descent along the gradient g, which is −g, leads out.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func freeze<S: TensorScalar>(
    _ y: inout Tensor<S>, at x: Tensor<S>, descending g: Tensor<S>, within bounds: ClosedRange<S>
  ) {
    updateLoop(&y, x, g, FreezeDescent(bounds: bounds))
  }

  /// ``largestMagnitude(_:)`` of the gradient g with zeros where ``freeze(_:at:descending:within:)`` puts them.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func largestFreeMagnitude<S: TensorScalar>(
    _ g: Tensor<S>, at x: Tensor<S>, within bounds: ClosedRange<S>
  ) -> Double {
    g.withUnsafeScalars { g in
      x.withUnsafeScalars { x in
        let freeze = FreezeDescent(bounds: bounds)
        var largest: S = 0
        for i in g.indices {
          let magnitude = Swift.abs(freeze(g[i], x[i], g[i]))
          if !(magnitude <= largest) { largest = magnitude }
          if largest.isNaN { break }
        }
        return Double(largest)
      }
    }
  }

  /// Puts zeros in the direction d where the element of x is at a bound and d leads out.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func freezeOutward<S: TensorScalar>(
    _ d: inout Tensor<S>, at x: Tensor<S>, within bounds: ClosedRange<S>
  ) {
    updateLoop(&d, x, x, FreezeOutward(bounds: bounds))
  }
}

// MARK: - The functions of an element

private struct Product: VectorTerm {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ a: S, _ b: S) -> Double { Double(a) * Double(b) }
}

private struct SquaredDifference: VectorTerm {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ a: S, _ b: S) -> Double {
    let difference = Double(a) - Double(b)
    return difference * difference
  }
}

private struct AddScaled<S: TensorScalar>: VectorUpdate {
  let scale: S
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { r + scale * a }
}

private struct Take<S: TensorScalar>: VectorUpdate {
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { a }
}

private struct Combine<S: TensorScalar>: VectorUpdate {
  let keep: S
  let scale: S
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { keep * r + scale * a }
}

private struct Multiply<S: TensorScalar>: VectorUpdate {
  let scale: S
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { scale * r }
}

private struct Move<S: TensorScalar>: VectorUpdate {
  let length: S
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { a + length * b }
}

private struct ClampedMove<S: TensorScalar>: VectorUpdate {
  let length: S
  let bounds: ClosedRange<S>
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S {
    min(max(a + length * b, bounds.lowerBound), bounds.upperBound)
  }
}

private struct FreezeDescent<S: TensorScalar>: VectorUpdate {
  let bounds: ClosedRange<S>
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S {
    (a <= bounds.lowerBound && b > 0) || (a >= bounds.upperBound && b < 0) ? 0 : r
  }
}

private struct FreezeOutward<S: TensorScalar>: VectorUpdate {
  let bounds: ClosedRange<S>
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S {
    (a <= bounds.lowerBound && r < 0) || (a >= bounds.upperBound && r > 0) ? 0 : r
  }
}
