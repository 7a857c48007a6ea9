import ImpastoPlatform

/// The arrays of a file that NumPy wrote: one of `np.save` (`.npy`), which is called `tensor`, or the named ones of
/// `np.savez` (`.npz`).
///
/// Arrays in C and in Fortran order, little- and big-endian, in the versions 1.0 to 3.0 of the format are read, and so
/// are the packed ones of `np.savez_compressed`. They are read by ``TensorArchive/tensor(_:as:)``, each as a type of
/// its kind; the `bfloat16` of JAX and ml_dtypes, which NumPy saves as two bytes
/// of no type (`V2`), counts as real. Arrays of Python objects, strings, dates and structures are listed, and refused
/// when they are asked for; files in an archive that are no arrays are in ``TensorArchive/otherContents``. An array of an
/// archive is compared with its checksum when it is first read, which reads all of it. ``TensorArchive/names`` are in
/// the order of the file.
///
/// ```swift
/// let digits = try NumPyFile(contentsOf: "digits.npz")
/// let pictures: Tensor<Float> = try digits.tensor("pictures")
/// let labels: Tensor<Int64> = try digits.tensor("labels")
/// ```
public struct NumPyFile: TensorArchive {
  public let directory: TensorDirectory

  /// Opens and checks the file.
  ///
  /// - Throws: ``SerializationError`` when the file is missing, not NumPy's, damaged, or holds what is not read.
  public init(contentsOf path: String) throws(SerializationError) {
    try self.init(reading: MappedFile(contentsOf: path))
  }

  /// Reads a file that is already in memory; `name` is what messages call it.
  ///
  /// - Throws: ``SerializationError`` as for a file that is opened.
  public init(bytes: some Collection<UInt8>, name: String = "NumPy data") throws(SerializationError) {
    try self.init(reading: MappedFile(copying: bytes, name: name))
  }

  init(reading file: MappedFile) throws(SerializationError) {
    self = try SerializationError.only { try Self(file) }
  }

  private init(_ file: MappedFile) throws {
    if file.bytes.starts(with: NumPyHeader.magic) {
      let content = try NumPyHeader.read(ByteReader(file))
      // Where nothing else is in the file, there is no reason to wait.
      if case .unread(let unread) = content { throw unread.error("tensor", file) }
      directory = TensorDirectory(file, [("tensor", content)])
    } else if file.bytes.starts(with: ZipDirectory.signature) || Self.isEmptyArchive(file) {
      directory = try Self.directory(of: file)
    } else {
      throw file.malformed(at: 0, "the file is neither an array nor an archive of arrays of NumPy")
    }
  }

  /// Whether the bytes begin with an end record; only NumPy writes archives without entries.
  private static func isEmptyArchive(_ file: MappedFile) -> Bool {
    [ZipDirectory.endSignature, ZipDirectory.endSignature64].contains { file.bytes.starts(with: $0) }
  }

  /// Whether a zip archive has an array in it, whatever its entries are called.
  static func hasArrays(_ file: MappedFile) -> Bool {
    guard let archive = try? ZipDirectory(file, .python) else { return false }
    return archive.entries.contains { entry in
      guard let beginning = try? entry.unpacked(from: file, limit: NumPyHeader.magic.count) else {
        return false
      }
      return withExtendedLifetime(beginning) { beginning.bytes.starts(with: NumPyHeader.magic) }
    }
  }

  private static func directory(of file: MappedFile) throws -> TensorDirectory {
    let ordered = try ZipDirectory(file, .python).entries.sorted {
      let (a, b) = ($0.packed, $1.packed)
      return (a.lowerBound, a.upperBound, $0.name) < (b.lowerBound, b.upperBound, $1.name)
    }
    var arrays: [(name: String, content: TensorDirectory.Content)] = []
    var others: [String: String] = [:]
    var names = DistinctNames()
    var flaws: [SerializationError] = []
    for entry in ordered {
      let isNamedAsArray = entry.name.hasSuffix(extensionOfArrays)
      var content: TensorDirectory.Content?
      do { content = try self.content(of: entry, file) } catch let error as SerializationError {
        // The others are not lost with one that is damaged.
        content = .unread(UnreadTensor(flaw: error))
        flaws.append(error)
      }
      if let content {
        let name = isNamedAsArray ? String(entry.name.dropLast(extensionOfArrays.count)) : entry.name
        arrays.append((names.name(name), content))
      } else if !entry.name.hasSuffix("/") {
        let flaw = isNamedAsArray ? ", which does not begin as NumPy's arrays do" : ""
        others[entry.name] = "a file of \(entry.count) bytes\(flaw)"
      }
    }
    if let flaw = flaws.first, flaws.count == arrays.count { throw flaw }
    guard !arrays.isEmpty || ordered.isEmpty else {
      throw file.unsupported("the zip archive has no arrays of NumPy", remedy: "is it a file of np.savez?")
    }
    return TensorDirectory(file, arrays, others: others)
  }

  /// An entry's array; `nil` where it has none. NumPy goes by how an entry begins, not by its name.
  private static func content(of entry: ZipEntry, _ file: MappedFile) throws -> TensorDirectory.Content? {
    switch entry.method {
    case .stored:
      guard file.bytes[entry.packed].starts(with: NumPyHeader.magic) else { return nil }
      let content = try NumPyHeader.read(ByteReader(file, entry.packed))
      guard case .tensor(var array) = content else { return content }
      array.checkedEntry = entry
      return .tensor(array)
    case .deflated:
      // No more is unpacked than tells what the array is.
      let beginning = try entry.unpacked(from: file, limit: 12)
      let length = withExtendedLifetime(beginning) { NumPyHeader.length(beginning.bytes) }
      guard let length else { return nil }
      let start = try entry.unpacked(from: file, limit: length)
      do {
        let content = try NumPyHeader.read(ByteReader(start), following: entry.count - start.bytes.count)
        guard case .tensor(var array) = content else { return content }
        array.packedEntry = entry
        array.mayEndWithLine = array.bytes.upperBound < entry.count
        return .tensor(array)
      } catch let error as SerializationError {
        // Offsets in what was unpacked are none in the file.
        throw SerializationError(
          error.kind, file: error.file, offset: entry.packed.lowerBound,
          "in the zip entry \(quoted(entry.name)), \(error.cause)", remedy: error.remedy)
      }
    case .foreign(let what):
      guard entry.name.hasSuffix(extensionOfArrays) else { return nil }
      return .unread(
        UnreadTensor(
          what: what, remedy: "save it again with np.savez or np.savez_compressed",
          offset: entry.packed.lowerBound))
    }
  }

  static let extensionOfArrays = ".npy"
}
