import ImpastoPlatform
import Tensor

/// A file in the format IDX, in which MNIST and its relatives are published: one array of numbers, also packed by gzip.
///
/// ```swift
/// let pictures = try IDXFile(contentsOf: "train-images-idx3-ubyte.gz").tensor(as: UInt8.self)  // [60000, 28, 28]
/// let labels = try IDXFile(contentsOf: "train-labels-idx1-ubyte.gz").tensor(as: UInt8.self)    // [60000]
/// let x = Tensor<Float>(pictures).reshaped(to: [-1, 784]) / 255
/// ```
///
/// The file is read when it is opened, and its length compared with what its beginning says.
public struct IDXFile: Sendable {
  /// The type of the numbers in the file.
  public enum NumberType: UInt8, Sendable {
    /// Whole numbers from 0 to 255.
    case uint8 = 0x08
    /// Whole numbers of 8 bits with a sign.
    case int8 = 0x09
    /// Whole numbers of 16 bits with a sign.
    case int16 = 0x0B
    /// Whole numbers of 32 bits with a sign.
    case int32 = 0x0C
    /// Numbers of 32 bits with a point.
    case float32 = 0x0D
    /// Numbers of 64 bits with a point.
    case float64 = 0x0E

    var byteCount: Int {
      switch self {
      case .uint8, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  /// The file as it was named.
  public let path: String
  /// The lengths of the array's axes.
  public let shape: Shape
  /// The type of the numbers in the file.
  public let numberType: NumberType
  /// The numbers, the most significant byte of each first.
  private let bytes: ArraySlice<UInt8>

  /// Opens and reads a file.
  ///
  /// - Throws: `SerializationError` when it is missing, of another format, or damaged.
  public init(contentsOf path: String) throws(SerializationError) {
    let bytes: [UInt8]
    do throws(InputFileError) {
      bytes = try InputFile.bytes(of: path, limit: Self.byteLimit)
    } catch {
      throw SerializationError(error)
    }
    try self.init(
      bytes.starts(with: Gzip.signature) ? Gzip.unpack(bytes, path, limit: Self.byteLimit) : bytes, path)
  }

  /// More bytes than any file of examples that fits into memory has.
  private static var byteLimit: Int { 1 << 40 }

  /// Reads the bytes of a file that messages call `path`.
  init(_ bytes: [UInt8], _ path: String) throws(SerializationError) {
    func malformed(_ cause: String, at offset: Int) -> SerializationError {
      SerializationError(.malformed, file: path, offset: offset, cause)
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let type = NumberType(rawValue: bytes[2]) else {
      throw malformed("the file does not begin as IDX does: two zeros, a type and the number of axes", at: 0)
    }
    let rank = Int(bytes[3])
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw malformed("it ends within the lengths of its \(rank) axes", at: 4)
    }
    var shape: Shape = []
    var byteCount = type.byteCount
    for axis in 0..<rank {
      let length = bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: length)
      guard !overflow else { throw malformed("the lengths of its axes are more than can be counted", at: 4) }
      shape.append(length)
      byteCount = product
    }
    guard bytes.count - start == byteCount else {
      throw malformed(
        "its shape \(shape) needs \(byteCount) bytes of numbers, it has \(bytes.count - start)", at: start)
    }
    self.path = path
    self.shape = shape
    numberType = type
    self.bytes = bytes[start...]
  }

  /// The array, as integers, which all of the file's integer types are read as where each number fits.
  ///
  /// - Throws: `SerializationError` when the numbers have a point, or one does not fit into `Scalar`.
  public func tensor<Scalar: TensorInteger>(
    as type: Scalar.Type = Scalar.self
  ) throws(SerializationError) -> Tensor<Scalar> {
    switch numberType {
    case .uint8: return Tensor<Scalar>(read(UInt8.self) { $0 })
    case .int8: return try narrowed(read(UInt8.self) { Int32(Int8(bitPattern: $0)) })
    case .int16: return try narrowed(read(UInt16.self) { Int32(Int16(bitPattern: $0)) })
    case .int32: return try narrowed(read(UInt32.self) { Int32(bitPattern: $0) })
    case .float32, .float64:
      throw SerializationError(
        .unsupported, file: path, "its numbers are no integers",
        remedy: "read them as Double or Float")
    }
  }

  /// The array, as numbers with a point: `Float` and `Double` read both of the file's types of such, and 64 bits are
  /// rounded to 32 where that is asked for.
  ///
  /// - Throws: `SerializationError` when the numbers are integers.
  public func tensor<Scalar: TensorScalar>(
    as type: Scalar.Type = Scalar.self
  ) throws(SerializationError) -> Tensor<Scalar> {
    switch numberType {
    case .float32: return Tensor<Scalar>(read(UInt32.self) { Float(bitPattern: $0) })
    case .float64: return Tensor<Scalar>(read(UInt64.self) { Double(bitPattern: $0) })
    case .uint8, .int8, .int16, .int32:
      throw SerializationError(
        .unsupported, file: path, "its numbers are integers",
        remedy: "read them as UInt8 or Int32, and convert them: Tensor<\(Scalar.scalarName)>(x)")
    }
  }

  /// Every number by `convert` from its bits.
  private func read<Bits: FixedWidthInteger, Element: TensorElement>(
    _: Bits.Type, _ convert: (Bits) -> Element
  ) -> Tensor<Element> {
    bytes.withUnsafeBytes { source in
      Tensor(shape: shape) { target in
        for index in target.indices {
          let bits = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
          target.initializeElement(at: index, to: convert(Bits(bigEndian: bits)))
        }
      }
    }
  }

  private func narrowed<Scalar: TensorInteger>(
    _ numbers: Tensor<Int32>
  ) throws(SerializationError) -> Tensor<Scalar> {
    if let odd = numbers.scalars.first(where: { Scalar(exactly: $0) == nil }) {
      throw SerializationError(
        .unsupported, file: path, "the number \(odd) does not fit into \(Scalar.scalarName)",
        remedy: "read it as Int32")
    }
    return Tensor<Scalar>(numbers)
  }
}

/// Files packed by gzip (RFC 1952), of one member.
enum Gzip {
  static let signature: [UInt8] = [0x1F, 0x8B]

  /// The bytes that were packed, compared with their length and checksum.
  static func unpack(
    _ file: [UInt8], _ path: String, limit: Int
  ) throws(SerializationError) -> [UInt8] {
    func malformed(_ cause: String) -> SerializationError {
      SerializationError(.malformed, file: path, "the gzip file \(cause)", remedy: "fetch it again")
    }
    // Two bytes of signature, the method, flags, six bytes that do not matter; at the end a checksum and the length.
    guard file.count >= 18, file[2] == 8 else { throw malformed("ends early or has an unknown method") }
    let flags = file[3]
    var start = 10
    if flags & 4 != 0 { start += 2 + Int(file[10]) + Int(file[11]) << 8 }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      // A name or a comment, up to a zero.
      guard start < file.count, let end = file[start...].firstIndex(of: 0) else {
        throw malformed("ends early")
      }
      start = end + 1
    }
    if flags & 2 != 0 { start += 2 }
    guard start <= file.count - 8 else { throw malformed("ends early") }
    let packed = file[start..<file.count - 8]
    func number(_ offset: Int) -> UInt32 {
      file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    let unpacked = packed.withUnsafeBytes { source in
      Result { () throws(Inflater.Fault) in try Inflater.unpack(source, limit: limit) }
    }
    switch unpacked {
    case .failure(let fault): throw malformed(fault.rawValue)
    case .success(let bytes):
      var checksum = CRC32()
      bytes.withUnsafeBytes { checksum.update($0) }
      guard UInt32(truncatingIfNeeded: bytes.count) == number(file.count - 4),
        checksum.value == number(file.count - 8)
      else { throw malformed("holds other bytes than its checksum says") }
      return bytes
    }
  }
}
