import ImpastoPlatform

extension StoredTensor {
  /// The integers in row-major order, truth values as 0 and 1; `nil` where the numbers are no integers.
  ///
  /// - Throws: ``SerializationError`` at an integer that `Integer` cannot hold.
  func integers<Integer: FixedWidthInteger>(from file: MappedFile, as: Integer.Type) throws -> [Integer]? {
    switch scalarType {
    case .int64: try integers(file, Int64.self)
    case .int32: try integers(file, Int32.self)
    case .int16: try integers(file, Int16.self)
    case .int8: try integers(file, Int8.self)
    case .uint64: try integers(file, UInt64.self)
    case .uint32: try integers(file, UInt32.self)
    case .uint16: try integers(file, UInt16.self)
    case .uint8: try integers(file, UInt8.self)
    case .bool: try (integers(file, UInt8.self) as [Integer]).map { $0 == 0 ? 0 : 1 }
    default: nil
    }
  }

  /// The integers, or as `UInt8` also the bytes of numbers of eight bits.
  func integerArray<Integer: TensorInteger>(
    from file: MappedFile, as: Integer.Type
  ) throws -> StridedArray<Integer>? {
    let isBytes = Integer.self == UInt8.self && scalarType.isFloat8
    guard isBytes || (scalarType.isInteger && scalarType != .bool) else { return nil }
    if isBytes || scalarType == Integer.storedType, !isBigEndian,
      let array: StridedArray<Integer> = borrowed(file)
    {
      return array
    }
    return isBytes
      ? array(try integers(file, UInt8.self)) : try integers(from: file, as: Integer.self).map(array)
  }

  /// The truth values. They are copied, because a byte of a file may be neither 0 nor 1.
  func truthValues(from file: MappedFile) throws -> StridedArray<Bool>? {
    guard scalarType == .bool else { return nil }
    return try integers(from: file, as: UInt8.self).map { array($0).assuming(Bool.self) }
  }

  /// Numbers of 16 bits of the file's own type.
  func halves<Scalar: TensorElement>(from file: MappedFile) throws -> StridedArray<Scalar>? {
    guard scalarType == Scalar.storedType else { return nil }
    if !isBigEndian, let array: StridedArray<Scalar> = borrowed(file) { return array }
    // Negated as numbers are, not as integers.
    var plain = self
    plain.isNegated = false
    let bits = try plain.integers(file, UInt16.self) as [UInt16]
    let sign: UInt16 = isNegated ? 0x8000 : 0
    return StridedArray<BFloat16>(layout.shape) { target in
      for index in target.indices { target[index] = BFloat16(bitPattern: bits[index] ^ sign) }
    }.assuming(Scalar.self)
  }

  /// The numbers as they are, whatever their type; `nil` for those of two parts and of fewer bits than a byte has.
  func anyTensor(from file: MappedFile) throws -> AnyTensor? {
    guard scalarType.isReadable || scalarType.isInteger || scalarType.isFloat8 else { return nil }
    switch scalarType.bitCount {
    case 8: return try anyTensor(file, UInt8.self, borrowing: UInt8.self)
    case 16: return try anyTensor(file, UInt16.self, borrowing: BFloat16.self)
    case 32: return try anyTensor(file, UInt32.self, borrowing: Int32.self)
    default: return try anyTensor(file, UInt64.self, borrowing: Int64.self)
    }
  }

  private func anyTensor<Number: FixedWidthInteger, Scalar: TensorElement>(
    _ file: MappedFile, _: Number.Type, borrowing: Scalar.Type
  ) throws -> AnyTensor {
    if !isBigEndian, scalarType != .bool, let array: StridedArray<Scalar> = borrowed(file) {
      return AnyTensor(scalarType, array)
    }
    var plain = self
    plain.isNegated = isNegated && scalarType.isInteger
    var numbers = try plain.integers(file, Number.self) as [Number]
    if isNegated, scalarType.hasSignBit {
      for index in numbers.indices { numbers[index] ^= 1 << (Number.bitWidth - 1) }
    }
    if scalarType == .bool { numbers = numbers.map { $0 == 0 ? 0 : 1 } }
    return AnyTensor(scalarType, bitsOf: numbers, layout.shape)
  }

  private func array<Integer: TensorInteger>(_ integers: [Integer]) -> StridedArray<Integer> {
    StridedArray(layout.shape) { _ = $0.initialize(from: integers) }
  }

  private func integers<Number: FixedWidthInteger, Integer: FixedWidthInteger>(
    _ file: MappedFile, _: Number.Type
  ) throws -> [Integer] {
    let source = UnsafeRawBufferPointer(rebasing: file.bytes[bytes])
    let count = layout.shape.elementCount
    var result: [Integer] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      var (rest, place) = (index, layout.offset)
      for axis in layout.shape.indices.reversed() {
        place += rest % layout.shape[axis] * layout.strides[axis]
        rest /= layout.shape[axis]
      }
      let offset = place * MemoryLayout<Number>.size
      let bits = source.loadUnaligned(fromByteOffset: offset, as: Number.self)
      let stored = isBigEndian ? Number(bigEndian: bits) : Number(littleEndian: bits)
      let number = isNegated ? 0 &- stored : stored
      guard let integer = Integer(exactly: number) else {
        throw file.unsupported(
          at: bytes.lowerBound + offset,
          "the integer \(number) is \(number < 0 ? "smaller than \(Integer.min)" : "larger than \(Integer.max)")",
          remedy: Integer.bitWidth < 64
            ? "read it as Int64" : "only integers of 64 bits with a sign are read")
      }
      result.append(integer)
    }
    return result
  }
}
