/// A tensor whose elements may be of any type: what files that hold several types are written from.
///
/// ```swift
/// try Safetensors.write(["weights": AnyTensor(weights), "tokens": AnyTensor(tokens)], to: "model.safetensors")
/// ```
public struct AnyTensor: Sendable {
  /// The type of the elements.
  public let scalarType: StoredScalarType
  private let storage: Storage
  private let layout: Layout

  /// A tensor, without its history.
  public init<Scalar: TensorElement>(_ tensor: Tensor<Scalar>) {
    scalarType = Scalar.storedType
    storage = tensor.array.storage
    layout = tensor.array.layout
  }

  /// Integers in row-major order, as `Int64`.
  ///
  /// - Parameters:
  ///   - integers: The numbers.
  ///   - shape: The lengths of the axes; `nil` for a single one.
  /// - Precondition: `integers.count` is the product of the lengths in `shape`.
  public init(_ integers: [Int], shape: Shape? = nil) {
    let shape = shape ?? [integers.count]
    ShapeCheck.validShape("AnyTensor", shape)
    ShapeCheck.require(integers.count == shape.elementCount) {
      "AnyTensor: \(integers.count) integers do not fill the shape \(shape), which has \(shape.elementCount)"
    }
    self.init(Tensor<Int64>(integers: integers, shape: shape))
  }

  /// The lengths of the axes, outermost first.
  public var shape: Shape { layout.shape }

  /// Calls `body` with the elements' bytes in row-major order, or with the first axis innermost.
  func withBytes(
    isColumnMajor: Bool = false, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    // A copy asks for the width alone.
    switch scalarType.byteCount {
    case 1: try withBytes(of: UInt8.self, isColumnMajor, body)
    case 2: try withBytes(of: BFloat16.self, isColumnMajor, body)
    case 4: try withBytes(of: Float.self, isColumnMajor, body)
    default: try withBytes(of: Double.self, isColumnMajor, body)
    }
  }

  private func withBytes<Scalar: TensorElement>(
    of _: Scalar.Type, _ isColumnMajor: Bool, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let array = StridedArray<Scalar>(storage: storage, layout: layout)
    let ordered = isColumnMajor ? array.transposed(Array(shape.indices.reversed())) : array
    try ordered.withTransientScalars { try body(UnsafeRawBufferPointer($0)) }
  }
}

extension AnyTensor {
  /// Calls `body` with the header and the numbers as they stand in a file of NumPy's.
  func withParts(_ order: NumPy.Order, _ body: ([UnsafeRawBufferPointer]) throws -> Void) throws {
    let header = NumPyHeader.encoded(scalarType.numPyCode, isColumnMajor: order == .columnMajor, shape)
    try header.withUnsafeBytes { header in
      try withBytes(isColumnMajor: order == .columnMajor) { try body([header, $0]) }
    }
  }
}
