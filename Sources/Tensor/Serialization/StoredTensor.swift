import ImpastoPlatform

#if _endian(big)
  #error("files of tensors are little-endian and are read as they lie; this machine is not")
#endif

/// Where a tensor lies in a file, checked against it: its storage is inside the file, its elements inside the
/// storage.
struct StoredTensor: Sendable {
  let scalarType: StoredScalarType
  /// The storage in the file. Several tensors may share one.
  let bytes: Range<Int>
  /// Shape, strides and offset within the storage, in elements.
  let layout: Layout
  /// Whether the most significant byte of each number comes first.
  var isBigEndian = false
  /// Whether the numbers are those of the file with the other sign, as PyTorch notes of a conjugate's imaginary part.
  var isNegated = false
  /// The entry of an archive to whose bytes, once they are unpacked, `bytes` refers; `nil` where they are those of the
  /// file.
  var packedEntry: ZipEntry?
  /// Whether a byte or two of that entry follow the numbers, which must be the end of a line.
  var mayEndWithLine = false
  /// The entry of an archive in which the tensor is all there is, where its checksum is to be compared.
  var checkedEntry: ZipEntry?

  /// How many elements a view may have that shows some of its storage's elements more than once; such views can
  /// be larger than the file.
  static let repeatingElementLimit = 1 << 20
  static let rankLimit = 64

  /// The bytes of a tensor of `shape`, or `nil` when `Int` cannot count its bits or they fill no whole bytes.
  static func byteCount(_ shape: Shape, _ type: StoredScalarType) -> Int? {
    var count = type.bitCount
    if shape.contains(0) { return 0 }
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      count = product
    }
    return count.isMultiple(of: 8) ? count / 8 : nil
  }

  /// The file, or the bytes in memory, that `bytes` refers to, unpacked and compared with the checksum where there is
  /// one to compare.
  ///
  /// - Throws: ``SerializationError`` when the bytes cannot be unpacked, differ from their checksum, or are followed by
  ///   others.
  func source(_ file: MappedFile) throws -> MappedFile {
    try checkedEntry?.confirm(in: file)
    let source = try packedEntry?.unpacked(from: file) ?? file
    if mayEndWithLine {
      let rest = ByteReader(source, bytes.upperBound..<source.bytes.count)
      guard rest.isAtLineEnd else {
        throw NumPyHeader.excess(rest.remaining, layout.shape, file, at: packedEntry?.packed.lowerBound)
      }
    }
    return source
  }

  /// What is wrong with a view of a storage of `storageCount` elements, or `nil` when it is sound.
  static func problem(of layout: Layout, storageCount: Int) -> String? {
    guard layout.rank <= rankLimit else { return "a rank of \(layout.rank), more than \(rankLimit)" }
    guard layout.strides.count == layout.rank else {
      return "\(layout.rank) lengths but \(layout.strides.count) strides"
    }
    guard layout.offset >= 0, layout.shape.allSatisfy({ $0 >= 0 }), layout.strides.allSatisfy({ $0 >= 0 })
    else { return "a negative length, stride or offset" }
    if layout.shape.contains(0) { return nil }
    var count = 1
    var last = layout.offset
    for (length, stride) in zip(layout.shape, layout.strides) {
      let (product, tooMany) = count.multipliedReportingOverflow(by: length)
      let (step, tooFar) = stride.multipliedReportingOverflow(by: length - 1)
      let (sum, tooLast) = last.addingReportingOverflow(step)
      guard !tooMany, !tooFar, !tooLast else { return "more elements than can be counted" }
      (count, last) = (product, sum)
    }
    guard last < storageCount else {
      return "element \(last) of a storage that has \(storageCount)"
    }
    return nil
  }

  /// What is not read although it is sound: a view in which a few elements stand for so many that a small file would fill
  /// the memory; `nil` for any other. The view is one without a ``problem(of:storageCount:)``.
  static func excess(of layout: Layout, storageCount: Int) -> String? {
    let count = layout.shape.reduce(1, *)
    return count <= max(storageCount, repeatingElementLimit)
      ? nil
      : "made of \(count) elements that repeat the \(storageCount) of its storage, where at most "
        + "\(repeatingElementLimit) are read"
  }

  /// The tensor, borrowed from the file where type, order and alignment allow it, else copied in row-major order; `nil`
  /// where `Scalar` is of another kind than the numbers.
  ///
  /// - Throws: ``SerializationError`` at an integer that `Scalar` cannot hold.
  func read<Scalar: TensorElement>(from file: MappedFile, as: Scalar.Type) throws -> Tensor<Scalar>? {
    let array: StridedArray<Scalar>?
    switch Scalar.storedType {
    case .float32: array = self.array(from: file, as: Float.self)?.assuming(Scalar.self)
    case .float64: array = self.array(from: file, as: Double.self)?.assuming(Scalar.self)
    case .int32: array = try integerArray(from: file, as: Int32.self)?.assuming(Scalar.self)
    case .int64: array = try integerArray(from: file, as: Int64.self)?.assuming(Scalar.self)
    case .uint8: array = try integerArray(from: file, as: UInt8.self)?.assuming(Scalar.self)
    case .bool: array = try truthValues(from: file)?.assuming(Scalar.self)
    default: array = try halves(from: file)
    }
    return array.map { Tensor($0) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func array<Scalar: TensorScalar>(from file: MappedFile, as: Scalar.Type) -> StridedArray<Scalar>? {
    switch (scalarType, isBigEndian) {
    case (.float64, false): borrowed(file) ?? copied(file, Double.self)
    case (.float32, false): borrowed(file) ?? copied(file, Float.self)
    case (.float16, false): copied(file, Float16Bits.self)
    case (.bfloat16, false): copied(file, BFloat16Bits.self)
    case (.float64, true): copied(file, BigEndianFloat64.self)
    case (.float32, true): copied(file, BigEndianFloat32.self)
    case (.float16, true): copied(file, BigEndianFloat16.self)
    case (.bfloat16, true): copied(file, BigEndianBFloat16.self)
    default: nil
    }
  }

  func borrowed<Scalar: TensorElement>(_ file: MappedFile) -> StridedArray<Scalar>? {
    let width = MemoryLayout<Scalar>.stride
    guard width == scalarType.byteCount, layout.isContiguous, !isNegated, let base = file.bytes.baseAddress
    else {
      return nil
    }
    let count = layout.shape.elementCount
    guard count > 0 else { return nil }
    let start = base + bytes.lowerBound + layout.offset * width
    guard Int(bitPattern: start) % MemoryLayout<Scalar>.alignment == 0 else { return nil }
    return StridedArray(
      storage: Storage(borrowing: start, byteCount: count * width, owner: file), layout: Layout(layout.shape))
  }

  private func copied<Element: StoredElement, Scalar: TensorScalar>(
    _ file: MappedFile, _: Element.Type
  ) -> StridedArray<Scalar> {
    let width = MemoryLayout<Scalar>.stride
    let byteCount = layout.shape.elementCount * width
    // Small tensors are not worth the wait for their first use.
    guard byteCount >= Self.deferringThreshold else {
      return StridedArray(layout.shape) { copy(file, Element.self, to: $0) }
    }
    return StridedArray(
      storage: Storage(deferring: byteCount) { target in
        copy(file, Element.self, to: target.bindMemory(to: Scalar.self))
        file.forget(UnsafeRawBufferPointer(rebasing: file.bytes[bytes]))
      }, layout: Layout(layout.shape))
  }

  /// Tensors of at least as many bytes are read when their elements are first asked for.
  private static let deferringThreshold = 1 << 16

  private func copy<Element: StoredElement, Scalar: TensorScalar>(
    _ file: MappedFile, _: Element.Type, to target: UnsafeMutableBufferPointer<Scalar>
  ) {
    let source = UnsafeRawBufferPointer(rebasing: file.bytes[bytes])
    defer {
      if isNegated { for index in target.indices { target[index] = -target[index] } }
    }
    if layout.isContiguous, Element.self == Scalar.self {
      let width = MemoryLayout<Scalar>.stride
      let first = layout.offset * width
      guard !target.isEmpty else { return }
      UnsafeMutableRawBufferPointer(target).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: source[first..<first + target.count * width]))
    } else if layout.isContiguous {
      copyRun(source, layout.offset, 1, Element.self, to: target)
    } else {
      copyStrided(source, Element.self, to: target)
    }
  }

  @inline(__always)
  private func copyRun<Element: StoredElement, Scalar: TensorScalar>(
    _ source: UnsafeRawBufferPointer, _ first: Int, _ step: Int, _: Element.Type,
    to target: UnsafeMutableBufferPointer<Scalar>
  ) {
    let width = MemoryLayout<Element>.size
    for index in target.indices {
      let element = source.loadUnaligned(fromByteOffset: (first + index * step) * width, as: Element.self)
      target[index] = element.converted(to: Scalar.self)
    }
  }

  /// Copies the innermost axis run by run, counting the outer axes like an odometer.
  private func copyStrided<Element: StoredElement, Scalar: TensorScalar>(
    _ source: UnsafeRawBufferPointer, _: Element.Type, to target: UnsafeMutableBufferPointer<Scalar>
  ) {
    guard let run = layout.shape.last, run > 0 else { return }
    let outer = layout.shape.dropLast()
    var index = [Int](repeating: 0, count: outer.count)
    var first = layout.offset
    for start in stride(from: 0, to: target.count, by: run) {
      let row = UnsafeMutableBufferPointer(rebasing: target[start..<start + run])
      copyRun(source, first, layout.strides[outer.count], Element.self, to: row)
      for axis in outer.indices.reversed() {
        index[axis] += 1
        first += layout.strides[axis]
        if index[axis] < outer[axis] { break }
        first -= layout.strides[axis] * index[axis]
        index[axis] = 0
      }
    }
  }
}
