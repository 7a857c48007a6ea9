/// The element type of a tensor that is computed with and differentiated: `Float` for speed, `Double` for checking
/// derivatives.
///
/// The protocol is closed: only `Float` and `Double` may conform, because kernels are compiled for these two
/// types and chosen once per *array* never once per element.
///
/// Its functions of single numbers are those that a tensor has of all its elements, to the last bit.
public protocol TensorScalar: TensorElement, BinaryFloatingPoint, SIMDScalar {}

extension Float: TensorScalar {
  public static var scalarName: String { "Float" }
  public static var storedType: StoredScalarType { .float32 }
}

extension Double: TensorScalar {
  public static var scalarName: String { "Double" }
  public static var storedType: StoredScalarType { .float64 }
}

extension TensorScalar {
  /// e to the power of `x`.
  public static func exp(_ x: Self) -> Self { Kernel { $0.pointee.exp }(x) }
  /// The natural logarithm; NaN below 0, −∞ at 0.
  public static func log(_ x: Self) -> Self { Kernel { $0.pointee.log }(x) }
  /// `x` to the power of `y`, by the rules of C's `pow`.
  public static func pow(_ x: Self, _ y: Self) -> Self { PairKernel { $0.pointee.pow }(x, y) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Self) -> Self { Kernel { $0.pointee.tanh }(x) }
  /// The sine of `x` radians.
  public static func sin(_ x: Self) -> Self { Kernel { $0.pointee.sin }(x) }
  /// The cosine of `x` radians.
  public static func cos(_ x: Self) -> Self { Kernel { $0.pointee.cos }(x) }
}
