/// Numbers as NumPy's files hold them: a tensor, or integers, for which tensors have no type.
public struct NumPyArray: Sendable {
  private enum Content: Sendable {
    case float(Tensor<Float>)
    case double(Tensor<Double>)
    case integers([Int], Shape)
  }

  private let content: Content

  /// The numbers of a tensor: float32 for `Float`, float64 for `Double`.
  public init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
    content =
      Scalar.self == Float.self
      ? .float(tensor.assuming(Float.self)) : .double(tensor.assuming(Double.self))
  }

  /// Integers in row-major order: int64.
  ///
  /// - Parameters:
  ///   - integers: The numbers.
  ///   - shape: The lengths of the axes; `nil` for a single one.
  /// - Precondition: `integers.count` is the product of the lengths in `shape`.
  public init(_ integers: [Int], shape: Shape? = nil) {
    let shape = shape ?? [integers.count]
    ShapeCheck.validShape("NumPyArray", shape)
    ShapeCheck.require(integers.count == shape.elementCount) {
      "NumPyArray: \(integers.count) integers do not fill the shape \(shape), which has \(shape.elementCount)"
    }
    content = .integers(integers, shape)
  }

  /// The lengths of the axes, outermost first.
  public var shape: Shape {
    switch content {
    case .float(let tensor): tensor.shape
    case .double(let tensor): tensor.shape
    case .integers(_, let shape): shape
    }
  }

  /// Calls `body` with the header and the numbers as they stand in a file.
  func withParts(
    _ order: NumPy.Order, _ body: ([UnsafeRawBufferPointer]) throws -> Void
  ) throws {
    switch content {
    case .float(let tensor): try Self.withParts(of: tensor, "<f4", order, body)
    case .double(let tensor): try Self.withParts(of: tensor, "<f8", order, body)
    case .integers(let integers, let shape):
      let header = NumPyHeader.encoded("<i8", isColumnMajor: order == .columnMajor, shape)
      let numbers = order == .rowMajor ? integers : Self.columnMajor(integers, shape)
      try header.withUnsafeBytes { header in try numbers.withUnsafeBytes { try body([header, $0]) } }
    }
  }

  private static func withParts<Scalar: TensorScalar>(
    of tensor: Tensor<Scalar>, _ code: String, _ order: NumPy.Order,
    _ body: ([UnsafeRawBufferPointer]) throws -> Void
  ) throws {
    let header = NumPyHeader.encoded(code, isColumnMajor: order == .columnMajor, tensor.shape)
    let array =
      order == .rowMajor
      ? tensor.array : tensor.array.transposed(Array(tensor.shape.indices.reversed()))
    try header.withUnsafeBytes { header in
      try array.withTransientScalars { try body([header, UnsafeRawBufferPointer($0)]) }
    }
  }

  private static func columnMajor(_ integers: [Int], _ shape: Shape) -> [Int] {
    let strides = shape.rowMajorStrides
    return integers.indices.map { index in
      var (rest, place) = (index, 0)
      for axis in shape.indices {
        place += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      return integers[place]
    }
  }
}
