/// Comparisons give tensors of truth values, a byte for each element. Shapes broadcast. With a NaN every comparison is
/// false but `.!=`.
extension Tensor where Scalar: Comparable {
  /// Whether x < y, for every pair of elements.
  public static func .< (x: Tensor, y: Tensor) -> Tensor<Bool> { compared(".<", x, y, .less) }
  /// Whether x ≤ y, for every pair of elements.
  public static func .<= (x: Tensor, y: Tensor) -> Tensor<Bool> { compared(".<=", x, y, .lessOrEqual) }
  /// Whether x > y, for every pair of elements.
  public static func .> (x: Tensor, y: Tensor) -> Tensor<Bool> { compared(".>", y, x, .less) }
  /// Whether x ≥ y, for every pair of elements.
  public static func .>= (x: Tensor, y: Tensor) -> Tensor<Bool> { compared(".>=", y, x, .lessOrEqual) }

  /// Whether x < y, for every element of x.
  public static func .< (x: Tensor, y: Scalar) -> Tensor<Bool> { x .< Tensor(y) }
  /// Whether x ≤ y, for every element of x.
  public static func .<= (x: Tensor, y: Scalar) -> Tensor<Bool> { x .<= Tensor(y) }
  /// Whether x > y, for every element of x.
  public static func .> (x: Tensor, y: Scalar) -> Tensor<Bool> { x .> Tensor(y) }
  /// Whether x ≥ y, for every element of x.
  public static func .>= (x: Tensor, y: Scalar) -> Tensor<Bool> { x .>= Tensor(y) }
}

extension Tensor {
  /// Whether x = y, for every pair of elements.
  public static func .== (x: Tensor, y: Tensor) -> Tensor<Bool> { compared(".==", x, y, .equal) }
  /// Whether x ≠ y, for every pair of elements.
  public static func .!= (x: Tensor, y: Tensor) -> Tensor<Bool> { compared(".!=", x, y, .notEqual) }
  /// Whether x = y, for every element of x.
  public static func .== (x: Tensor, y: Scalar) -> Tensor<Bool> { x .== Tensor(y) }
  /// Whether x ≠ y, for every element of x.
  public static func .!= (x: Tensor, y: Scalar) -> Tensor<Bool> { x .!= Tensor(y) }

  private static func compared(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ relation: Relation
  ) -> Tensor<Bool> {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    return Tensor<Bool>(Kernels.compare(pair.x, pair.y, shape: pair.shape, relation), mapped: pair.mapped)
  }
}
