extension Tensor where Scalar: TensorScalar {
  /// The larger of every pair of elements, NaN where either is NaN; shapes broadcast. d/dx is 1 where x > y and
  /// ½ where x = y.
  public static func maximum(_ x: Tensor, _ y: Tensor) -> Tensor {
    elementwise(
      "maximum", x, y, Maximum(), { g in g * maximumShare(x, y) }, { g in g * maximumShare(y, x) })
  }

  /// The smaller of every pair of elements, NaN where either is NaN; shapes broadcast. d/dx is 1 where x < y and
  /// ½ where x = y.
  public static func minimum(_ x: Tensor, _ y: Tensor) -> Tensor {
    elementwise(
      "minimum", x, y, Minimum(), { g in g * maximumShare(y, x) }, { g in g * maximumShare(x, y) })
  }

  /// Every element moved to the nearest number of `range`; NaN stays. d/dx is 1 inside, the bounds included,
  /// and 0 outside.
  public func clamped(to range: ClosedRange<Scalar>) -> Tensor {
    let clamp = Clamp(lower: Double(range.lowerBound), upper: Double(range.upperBound))
    return elementwise("clamped", clamp) { g in
      Tensor.where((self .>= range.lowerBound) .& (self .<= range.upperBound), g, Tensor(0))
    }
  }

  private static func maximumShare(_ x: Tensor, _ y: Tensor) -> Tensor {
    elementwise("maximum", x, y, MaximumShare())
  }
}

/// The larger number; NaN when either is NaN.
private struct Maximum: PairFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x > y || x != x ? x : y }
}

/// The smaller number; NaN when either is NaN.
private struct Minimum: PairFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x < y || x != x ? x : y }
}

/// x's share in the derivative of max(x, y): half of it at a tie.
private struct MaximumShare: PairFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x < y ? 0 : x == y ? 0.5 : 1 }
}

/// The bounds are `Double`, which holds those of a `Float` tensor exactly.
private struct Clamp: ElementFormula {
  let lower: Double
  let upper: Double
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S {
    x < S(lower) ? S(lower) : x > S(upper) ? S(upper) : x
  }
}
