import Platform

/// The arrays of a file that NumPy wrote: one of `np.save` (`.npy`), which is called `tensor`, or the named ones of
/// `np.savez` (`.npz`).
///
/// Arrays in C and in Fortran order, little- and big-endian, in the versions 1.0 to 3.0 of the format are read.
/// Real numbers are read by ``TensorArchive/tensor(_:as:)``, integers and truth values by
/// ``TensorArchive/integers(_:)``. Arrays of Python objects, strings and structures, and compressed archives, are
/// refused when the file is opened. An array of an archive is compared with its checksum when it is first read, which
/// reads all of it. ``TensorArchive/names`` are in the order of the file.
///
/// ```swift
/// let digits = try NumPyFile(contentsOf: "digits.npz")
/// let pictures: Tensor<Float> = try digits.tensor("pictures")
/// let labels = try digits.integers("labels")
/// ```
public struct NumPyFile: TensorArchive {
  public let directory: TensorDirectory

  /// Opens and checks the file.
  ///
  /// - Throws: ``SerializationError`` when the file is missing, not NumPy's, damaged, or holds what is not read.
  public init(contentsOf path: String) throws { try self.init(MappedFile(contentsOf: path)) }

  /// Reads a file that is already in memory; `name` is what messages call it.
  ///
  /// - Throws: ``SerializationError`` as ``init(contentsOf:)`` does.
  public init(bytes: some Collection<UInt8>, name: String = "NumPy data") throws {
    try self.init(MappedFile(copying: bytes, name: name))
  }

  init(_ file: MappedFile) throws {
    if file.bytes.starts(with: NumPyHeader.magic) {
      directory = TensorDirectory(file, [("tensor", try NumPyHeader.read(ByteReader(file)))])
    } else if file.bytes.starts(with: ZipDirectory.signature) || Self.isEmptyArchive(file) {
      directory = TensorDirectory(file, try Self.entries(of: file))
    } else {
      throw file.malformed(at: 0, "the file is neither an array nor an archive of arrays of NumPy")
    }
  }

  /// Whether the bytes begin with an end record; only NumPy writes archives without entries.
  private static func isEmptyArchive(_ file: MappedFile) -> Bool {
    [ZipDirectory.endSignature, ZipDirectory.endSignature64].contains { file.bytes.starts(with: $0) }
  }

  private static func entries(of file: MappedFile) throws -> [(name: String, tensor: StoredTensor)] {
    let archive = try ZipDirectory(
      file, remedy: "save it again with np.savez, which does not compress, not np.savez_compressed")
    let ordered = archive.entries.sorted {
      let (a, b) = ($0.value.bytes, $1.value.bytes)
      return (a.lowerBound, a.upperBound, $0.key) < (b.lowerBound, b.upperBound, $1.key)
    }
    return try ordered.map { name, entry in
      guard name.hasSuffix(extensionOfArrays) else {
        throw file.unsupported(
          at: entry.bytes.lowerBound,
          "the entry \(quoted(name)) is not called \(extensionOfArrays), as arrays are")
      }
      var array = try NumPyHeader.read(ByteReader(file, entry.bytes))
      array.checksum = entry.checksum
      return (String(name.dropLast(extensionOfArrays.count)), array)
    }
  }

  static let extensionOfArrays = ".npy"
}
