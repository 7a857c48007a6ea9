extension Functions {
  fileprivate struct Less: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x < y ? 1 : 0 }
  }
  fileprivate struct LessOrEqual: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x <= y ? 1 : 0 }
  }
  fileprivate struct Equal: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x == y ? 1 : 0 }
  }
  fileprivate struct NotEqual: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x != y ? 1 : 0 }
  }
}

/// Comparisons give tensors of 1 (true) and 0 (false), which are never tracked: their derivative is 0. Shapes
/// broadcast. With a NaN every comparison is false but `.!=`.
extension Tensor {
  /// 1 where x < y, else 0.
  public static func .< (x: Tensor, y: Tensor) -> Tensor { compare(".<", x, y, Functions.Less()) }
  /// 1 where x ≤ y, else 0.
  public static func .<= (x: Tensor, y: Tensor) -> Tensor { compare(".<=", x, y, Functions.LessOrEqual()) }
  /// 1 where x > y, else 0.
  public static func .> (x: Tensor, y: Tensor) -> Tensor { compare(".>", y, x, Functions.Less()) }
  /// 1 where x ≥ y, else 0.
  public static func .>= (x: Tensor, y: Tensor) -> Tensor { compare(".>=", y, x, Functions.LessOrEqual()) }
  /// 1 where x = y, else 0.
  public static func .== (x: Tensor, y: Tensor) -> Tensor { compare(".==", x, y, Functions.Equal()) }
  /// 1 where x ≠ y, else 0.
  public static func .!= (x: Tensor, y: Tensor) -> Tensor { compare(".!=", x, y, Functions.NotEqual()) }

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

  @inline(__always)
  private static func compare(_ operation: String, _ x: Tensor, _ y: Tensor, _ f: some BinaryFunction)
    -> Tensor
  {
    let shape = ShapeCheck.broadcast(operation, x.shape, y.shape)
    return Tensor(Kernels.zip(x.array, y.array, shape: shape, f))
  }
}
