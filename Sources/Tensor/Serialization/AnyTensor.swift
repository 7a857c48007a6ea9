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
    self.init(Scalar.storedType, tensor.array)
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

  /// Integers as a type of integers that is none of a tensor's own, such as `int16` or `uint32`.
  ///
  /// ```swift
  /// try NumPy.write(AnyTensor(samples, as: .int16), to: "sound.npy")
  /// ```
  ///
  /// - Parameters:
  ///   - integers: The numbers.
  ///   - type: Of integers, with or without a sign, of 8 to 64 bits.
  /// - Precondition: `type` holds each of the numbers.
  public init<Integer: TensorInteger>(_ integers: Tensor<Integer>, as type: StoredScalarType) {
    switch type {
    case .int64: self.init(integers, type, Int64.self)
    case .int32: self.init(integers, type, Int32.self)
    case .int16: self.init(integers, type, Int16.self)
    case .int8: self.init(integers, type, Int8.self)
    case .uint64: self.init(integers, type, UInt64.self)
    case .uint32: self.init(integers, type, UInt32.self)
    case .uint16: self.init(integers, type, UInt16.self)
    case .uint8: self.init(integers, type, UInt8.self)
    default: ShapeCheck.fail("AnyTensor: \(type.rawValue) is no type of integers, such as I16")
    }
  }

  /// Numbers of eight bits by their bytes, such as ``Tensor/float8(_:)`` gives.
  ///
  /// - Parameters:
  ///   - bytes: The numbers, a byte each.
  ///   - type: How a byte is a number: `float8E4M3`, `float8E5M2`, `float8E4M3FNUZ`, `float8E5M2FNUZ` or `float8E8M0`.
  /// - Precondition: `type` is one of these.
  public init(float8 bytes: Tensor<UInt8>, _ type: StoredScalarType) {
    ShapeCheck.require(type.isFloat8) {
      "AnyTensor: \(type.rawValue) is no type of eight-bit numbers, such as F8_E4M3"
    }
    self.init(type, bytes.array)
  }

  init<Scalar: TensorElement>(_ scalarType: StoredScalarType, _ array: StridedArray<Scalar>) {
    self.scalarType = scalarType
    storage = array.storage
    layout = array.layout
  }

  private init<Integer: TensorInteger, Number: FixedWidthInteger>(
    _ integers: Tensor<Integer>, _ type: StoredScalarType, _: Number.Type
  ) {
    let numbers = integers.scalars.enumerated().map { index, integer in
      guard let number = Number(exactly: integer) else {
        ShapeCheck.fail(
          "AnyTensor: \(integer) at \(integers.shape.place(ofElement: index)) is not in \(Number.min) ... \(Number.max), "
            + "what \(type.rawValue) holds; choose a wider type")
      }
      return number
    }
    self.init(type, bitsOf: numbers, integers.shape)
  }

  /// Integers of any type as they are.
  init<Number: FixedWidthInteger>(_ type: StoredScalarType, bitsOf numbers: [Number], _ shape: Shape) {
    switch Number.bitWidth {
    case 8: self.init(type, StridedArray<UInt8>(shape) { fill($0, numbers) })
    case 16: self.init(type, StridedArray<BFloat16>(shape) { fill($0, numbers) })
    case 32: self.init(type, StridedArray<Int32>(shape) { fill($0, numbers) })
    default: self.init(type, StridedArray<Int64>(shape) { fill($0, numbers) })
    }
    func fill<Scalar>(_ target: UnsafeMutableBufferPointer<Scalar>, _ numbers: [Number]) {
      numbers.withUnsafeBytes { UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
    }
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
    guard let code = scalarType.numPyCode else { preconditionFailure("the type was checked") }
    let header = NumPyHeader.encoded(code, isColumnMajor: order == .columnMajor, shape)
    try header.withUnsafeBytes { header in
      try withBytes(isColumnMajor: order == .columnMajor) { try body([header, $0]) }
    }
  }
}
