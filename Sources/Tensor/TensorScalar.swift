#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The element type of a tensor: `Float` for speed, `Double` for checking derivatives.
///
/// The protocol is closed: only `Float` and `Double` may conform, because kernels are compiled for these two
/// types and chosen once per *array* never once per element.
public protocol TensorScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The name that messages show: `Float` or `Double`.
  static var scalarName: String { get }

  /// e to the power of `x`.
  static func exp(_ x: Self) -> Self
  /// The natural logarithm; NaN below 0, −∞ at 0.
  static func log(_ x: Self) -> Self
  /// `x` to the power of `y`, by the rules of C's `pow`.
  static func pow(_ x: Self, _ y: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// The sine of `x` radians.
  static func sin(_ x: Self) -> Self
  /// The cosine of `x` radians.
  static func cos(_ x: Self) -> Self
}

extension Float: TensorScalar {
  public static var scalarName: String { "Float" }
  @inline(__always) public static func exp(_ x: Float) -> Float { FloatFunctions.exp(x) }
  @inline(__always) public static func log(_ x: Float) -> Float { FloatFunctions.log(x) }
  @inline(__always) public static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  @inline(__always) public static func tanh(_ x: Float) -> Float { FloatFunctions.tanh(x) }
  @inline(__always) public static func sin(_ x: Float) -> Float { sinf(x) }
  @inline(__always) public static func cos(_ x: Float) -> Float { cosf(x) }
}

extension Double: TensorScalar {
  public static var scalarName: String { "Double" }
  #if canImport(Darwin)
    @inline(__always) public static func exp(_ x: Double) -> Double { Darwin.exp(x) }
    @inline(__always) public static func log(_ x: Double) -> Double { Darwin.log(x) }
    @inline(__always) public static func pow(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
    @inline(__always) public static func tanh(_ x: Double) -> Double { Darwin.tanh(x) }
    @inline(__always) public static func sin(_ x: Double) -> Double { Darwin.sin(x) }
    @inline(__always) public static func cos(_ x: Double) -> Double { Darwin.cos(x) }
  #else
    @inline(__always) public static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    @inline(__always) public static func log(_ x: Double) -> Double { Glibc.log(x) }
    @inline(__always) public static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
    @inline(__always) public static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
    @inline(__always) public static func sin(_ x: Double) -> Double { Glibc.sin(x) }
    @inline(__always) public static func cos(_ x: Double) -> Double { Glibc.cos(x) }
  #endif
}
