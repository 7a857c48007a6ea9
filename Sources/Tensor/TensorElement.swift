/// The type of a tensor's elements: `Bool`, `UInt8`, `Int32`, `Int64`, `Float16` (not on Intel Macs), ``BFloat16``,
/// `Float` or `Double`.
///
/// Shapes, indexing, copies, comparisons and files are for all of them. Arithmetic is for numbers: ``TensorInteger`` has
/// the four operations and remainders, ``TensorScalar`` everything, and derivatives. The 16-bit types store and compare;
/// to compute, convert them: `Tensor<Float>(x)`. No conversion happens unless it is written.
///
/// The protocol is closed: no other type may conform, since loops are chosen by the type, once per array. What only moves
/// elements is compiled for their widths alone (1, 2, 4 and 8 bytes), not for each type.
public protocol TensorElement: BitwiseCopyable, Codable, Hashable, Sendable {
  /// The name that messages show, such as `Float`.
  static var scalarName: String { get }
  /// What files call the type.
  static var storedType: StoredScalarType { get }
}

/// A whole number as a tensor's element: `UInt8`, `Int32` or `Int64`.
///
/// Each can be a label, a token or a position; functions that give positions give `Int64`.
///
/// Tensors of them are compared, added, subtracted, multiplied and divided; a result that the type cannot hold traps, as
/// Swift's operators do, and `&+`, `&-`, `&*` wrap around.
public protocol TensorInteger: TensorElement, FixedWidthInteger {}

extension Bool: TensorElement {
  public static var scalarName: String { "Bool" }
  public static var storedType: StoredScalarType { .bool }
}

extension UInt8: TensorInteger {
  public static var scalarName: String { "UInt8" }
  public static var storedType: StoredScalarType { .uint8 }
}

extension Int32: TensorInteger {
  public static var scalarName: String { "Int32" }
  public static var storedType: StoredScalarType { .int32 }
}

extension Int64: TensorInteger {
  public static var scalarName: String { "Int64" }
  public static var storedType: StoredScalarType { .int64 }
}

#if !(os(macOS) && arch(x86_64))
  extension Float16: TensorElement {
    public static var scalarName: String { "Float16" }
    public static var storedType: StoredScalarType { .float16 }
  }
#endif

extension Tensor {
  /// Whether the elements are numbers of a type that derivatives are for, so that a recorded rule may be called.
  static var hasDerivatives: Bool { Scalar.self == Float.self || Scalar.self == Double.self }
}
