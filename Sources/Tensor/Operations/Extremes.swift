extension Functions {
  /// The larger number; NaN when either is NaN.
  struct Maximum: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x > y || x != x ? x : y }
  }
  /// The smaller number; NaN when either is NaN.
  struct Minimum: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x < y || x != x ? x : y }
  }
  /// x's share in the derivative of max(x, y): half of it at a tie.
  fileprivate struct MaximumShare: BinaryFunction {
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x < y ? 0 : x == y ? 0.5 : 1 }
  }
  /// The bounds are `Double`, which holds those of a `Float` tensor exactly.
  fileprivate struct Clamp: UnaryFunction {
    let lower: Double
    let upper: Double
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S {
      x < S(lower) ? S(lower) : x > S(upper) ? S(upper) : x
    }
  }
  fileprivate struct IsWithin: UnaryFunction {
    let lower: Double
    let upper: Double
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S {
      x >= S(lower) && x <= S(upper) ? 1 : 0
    }
  }
}

extension Tensor {
  /// The larger of every pair of elements, NaN where either is NaN; shapes broadcast. d/dx is 1 where x > y and
  /// ½ where x = y.
  public static func maximum(_ x: Tensor, _ y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("maximum", x.shape, y.shape)
    return record(
      "maximum", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Maximum())),
      (x, { g in g * maximumShare(x, y) }), (y, { g in g * maximumShare(y, x) }))
  }

  /// The smaller of every pair of elements, NaN where either is NaN; shapes broadcast. d/dx is 1 where x < y and
  /// ½ where x = y.
  public static func minimum(_ x: Tensor, _ y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("minimum", x.shape, y.shape)
    return record(
      "minimum", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Minimum())),
      (x, { g in g * maximumShare(y, x) }), (y, { g in g * maximumShare(x, y) }))
  }

  /// Every element moved to the nearest number of `range`; NaN stays. d/dx is 1 inside, the bounds included,
  /// and 0 outside.
  public func clamped(to range: ClosedRange<Scalar>) -> Tensor {
    let (lower, upper) = (Double(range.lowerBound), Double(range.upperBound))
    return record(
      "clamped", Tensor(Kernels.map(array, Functions.Clamp(lower: lower, upper: upper))),
      (
        self,
        { g in
          let inside = Tensor(Kernels.map(array, Functions.IsWithin(lower: lower, upper: upper)))
          return Tensor.where(inside, g, Tensor(0))
        }
      ))
  }

  private static func maximumShare(_ x: Tensor, _ y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("maximum", x.shape, y.shape)
    return Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.MaximumShare()))
  }
}
