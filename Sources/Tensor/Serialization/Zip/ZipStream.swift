import ImpastoPlatform

/// Writes the entries of a zip archive one after the other, stored as they are.
///
/// All sizes are in the 64-bit form, which every reader of today knows: so what no test could write, an archive
/// beyond 4 GiB, takes the same path as a small one. All dates are the format's first, so the same entries always
/// give the same bytes.
struct ZipStream {
  /// What the format allows a name to have, in bytes.
  static let nameLimit = Int(UInt16.max)

  private var directory: [UInt8] = []
  private var count: UInt64 = 0
  private var position: UInt64 = 0

  /// Writes an entry whose content is `parts`, one after the other.
  ///
  /// - Parameter alignment: What the content's place in the file is a multiple of.
  /// - Precondition: The name has at most `nameLimit` bytes.
  mutating func append(
    _ name: String, _ parts: [UnsafeRawBufferPointer], alignment: Int = 1,
    to file: borrowing AtomicFile.OpenFile
  ) throws {
    precondition(name.utf8.count <= Self.nameLimit, "ZipStream: a name of \(name.utf8.count) bytes")
    var checksum = CRC32()
    for part in parts { checksum.update(part) }
    let size = parts.reduce(0) { $0 + UInt64($1.count) }
    // Version 4.5, names in UTF-8, stored, the first of January 1980.
    var common: [UInt8] = []
    common.append(little: 45 as UInt16)
    common.append(little: 1 << 11 as UInt16)
    common.append(little: 0 as UInt16)
    common.append(little: 0 as UInt16)
    common.append(little: 1 << 5 | 1 as UInt16)
    common.append(little: checksum.value)
    common.append(little: UInt32.max)
    common.append(little: UInt32.max)
    common.append(little: UInt16(name.utf8.count))

    var header = ZipDirectory.signature + common
    let sizesField = 20
    let start = Int(position) + header.count + 2 + name.utf8.count + sizesField
    let padding = Self.padding(after: start, alignment)
    header.append(little: UInt16(sizesField + padding.count))
    header += name.utf8
    header.append(little: 1 as UInt16)
    header.append(little: 16 as UInt16)
    header.append(little: size)
    header.append(little: size)
    header += padding

    directory += [0x50, 0x4b, 0x01, 0x02]
    directory.append(little: 45 as UInt16)
    directory += common
    directory.append(little: 28 as UInt16)
    // No comment, the first disk, no attributes.
    directory += [UInt8](repeating: 0, count: 10)
    directory.append(little: UInt32.max)
    directory += name.utf8
    directory.append(little: 1 as UInt16)
    directory.append(little: 24 as UInt16)
    directory.append(little: size)
    directory.append(little: size)
    directory.append(little: position)

    try file.append(header)
    for part in parts { try file.append(part) }
    position += UInt64(header.count) + size
    count += 1
  }

  /// A field of no meaning, after which a content that would begin at `start` is aligned; none where it is already.
  private static func padding(after start: Int, _ alignment: Int) -> [UInt8] {
    if start.isMultiple(of: alignment) { return [] }
    let fieldHeader = 4
    let count = (alignment - (start + fieldHeader) % alignment) % alignment
    // The field's name is that of PyTorch's own.
    var field = Array("FB".utf8)
    field.append(little: UInt16(count))
    return field + [UInt8](repeating: UInt8(ascii: "Z"), count: count)
  }

  /// Writes the directory, after which nothing may follow.
  func finish(_ file: borrowing AtomicFile.OpenFile) throws {
    // Without entries the end record must be the first thing: NumPy knows such a file by it.
    if count == 0 {
      return try file.append(ZipDirectory.endSignature + [UInt8](repeating: 0, count: 18))
    }
    var end = ZipDirectory.endSignature64
    end.append(little: 44 as UInt64)
    end.append(little: 45 as UInt16)
    end.append(little: 45 as UInt16)
    end.append(little: 0 as UInt64)
    end.append(little: count)
    end.append(little: count)
    end.append(little: UInt64(directory.count))
    end.append(little: position)
    end += [0x50, 0x4b, 0x06, 0x07]
    end.append(little: 0 as UInt32)
    end.append(little: position + UInt64(directory.count))
    end.append(little: 1 as UInt32)
    end += ZipDirectory.endSignature
    end.append(little: 0 as UInt32)
    end.append(little: UInt16.max)
    end.append(little: UInt16.max)
    end.append(little: UInt32.max)
    end.append(little: UInt32.max)
    end.append(little: 0 as UInt16)
    try file.append(directory)
    try file.append(end)
  }
}

extension [UInt8] {
  /// Appends a number with its least significant byte first.
  mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
