import Platform

extension StoredTensor {
  /// The integers in row-major order, truth values as 0 and 1; `nil` where the numbers are no integers.
  ///
  /// - Throws: ``SerializationError`` at an integer that `Int` cannot hold.
  func integers(from file: MappedFile) throws -> [Int]? {
    switch scalarType {
    case .int64: try integers(file, Int64.self)
    case .int32: try integers(file, Int32.self)
    case .int16: try integers(file, Int16.self)
    case .int8: try integers(file, Int8.self)
    case .uint64: try integers(file, UInt64.self)
    case .uint32: try integers(file, UInt32.self)
    case .uint16: try integers(file, UInt16.self)
    case .uint8: try integers(file, UInt8.self)
    case .bool: try integers(file, UInt8.self).map { $0 == 0 ? 0 : 1 }
    default: nil
    }
  }

  private func integers<Number: FixedWidthInteger>(_ file: MappedFile, _: Number.Type) throws -> [Int] {
    let source = UnsafeRawBufferPointer(rebasing: file.bytes[bytes])
    let count = layout.shape.elementCount
    var result: [Int] = []
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
      guard let integer = Int(exactly: number) else {
        throw file.unsupported(
          at: bytes.lowerBound + offset, "the integer \(number) is larger than \(Int.max)",
          remedy: "only integers of 64 bits with a sign are read")
      }
      result.append(integer)
    }
    return result
  }
}
