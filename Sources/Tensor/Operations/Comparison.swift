/// Comparisons give tensors of 1 (true) and 0 (false), which are never tracked: their derivative is 0. Shapes
/// broadcast. With a NaN every comparison is false but `.!=`.
extension Tensor where Scalar: TensorScalar {
  /// 1 where x < y, else 0.
  public static func .< (x: Tensor, y: Tensor) -> Tensor { elementwise(".<", x, y, Less()) }
  /// 1 where x ≤ y, else 0.
  public static func .<= (x: Tensor, y: Tensor) -> Tensor { elementwise(".<=", x, y, LessOrEqual()) }
  /// 1 where x > y, else 0.
  public static func .> (x: Tensor, y: Tensor) -> Tensor { elementwise(".>", y, x, Less()) }
  /// 1 where x ≥ y, else 0.
  public static func .>= (x: Tensor, y: Tensor) -> Tensor { elementwise(".>=", y, x, LessOrEqual()) }
  /// 1 where x = y, else 0.
  public static func .== (x: Tensor, y: Tensor) -> Tensor { elementwise(".==", x, y, Equal()) }
  /// 1 where x ≠ y, else 0.
  public static func .!= (x: Tensor, y: Tensor) -> Tensor { elementwise(".!=", x, y, NotEqual()) }

  /// 1 where x < y, else 0.
  public static func .< (x: Tensor, y: Scalar) -> Tensor { x .< Tensor(y) }
  /// 1 where x ≤ y, else 0.
  public static func .<= (x: Tensor, y: Scalar) -> Tensor { x .<= Tensor(y) }
  /// 1 where x > y, else 0.
  public static func .> (x: Tensor, y: Scalar) -> Tensor { x .> Tensor(y) }
  /// 1 where x ≥ y, else 0.
  public static func .>= (x: Tensor, y: Scalar) -> Tensor { x .>= Tensor(y) }
  /// 1 where x = y, else 0.
  public static func .== (x: Tensor, y: Scalar) -> Tensor { x .== Tensor(y) }
  /// 1 where x ≠ y, else 0.
  public static func .!= (x: Tensor, y: Scalar) -> Tensor { x .!= Tensor(y) }
}

private struct Less: PairFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x < y ? 1 : 0 }
}

private struct LessOrEqual: PairFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x <= y ? 1 : 0 }
}

private struct Equal: PairFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x == y ? 1 : 0 }
}

private struct NotEqual: PairFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x != y ? 1 : 0 }
}
