import Platform

/// A file of named tensors, of whichever format: ``SafetensorsFile``, ``PyTorchFile`` or ``NumPyFile``.
///
/// Opening one reads and checks what describes the tensors; their numbers are read when asked for. The file must
/// not be written in place while the archive or a tensor from it is alive; replacing it by renaming is safe.
public protocol TensorArchive: Sendable {
  /// What the file contains.
  var directory: TensorDirectory { get }
}

extension TensorArchive {
  /// The file as it was named when it was opened.
  public var path: String { directory.file.name }

  /// The names of the tensors, in the order that the format's type describes.
  public var names: [String] { directory.names }

  /// The lengths of a tensor's axes.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name.
  public func shape(of name: String) throws -> Shape { try directory[name].layout.shape }

  /// The type of a tensor's numbers in the file.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name.
  public func scalarType(of name: String) throws -> StoredScalarType { try directory[name].scalarType }

  /// The tensor called `name`, in row-major order.
  ///
  /// F16, BF16 and F32 are widened exactly; F64 asked for as `Float` is rounded to nearest. Where the file's
  /// type is `Scalar` and its numbers are aligned, the tensor borrows them from the mapped file.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, its numbers are integers, truth values or
  ///   of another type that is not read, or they differ from the checksum of NumPy's archive.
  /// - Complexity: O(1) where the numbers are borrowed and no checksum is compared, else O(n) for n elements.
  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type = Scalar.self
  ) throws -> Tensor<Scalar> {
    let stored = try directory[name]
    try stored.checksum?.confirm(in: directory.file)
    if let tensor = stored.read(from: directory.file, as: type) { return tensor }
    throw directory.file.unsupported(
      at: stored.bytes.lowerBound, "the tensor \(quoted(name)) is of type \(stored.scalarType.rawValue)",
      remedy: "only F64, F32, F16 and BF16 are read as tensors"
        + (stored.scalarType.isInteger ? "; read it with integers(_:)" : ""))
  }

  /// The integers of the tensor called `name`, in row-major order; ``shape(of:)`` tells its axes. Truth values are
  /// 0 and 1.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, its numbers are no integers, one of
  ///   them is larger than `Int.max`, or they differ from the checksum of NumPy's archive.
  /// - Complexity: O(n) for n elements.
  public func integers(_ name: String) throws -> [Int] {
    let stored = try directory[name]
    try stored.checksum?.confirm(in: directory.file)
    if let integers = try stored.integers(from: directory.file) { return integers }
    throw directory.file.unsupported(
      at: stored.bytes.lowerBound,
      "the tensor \(quoted(name)) is of type \(stored.scalarType.rawValue), whose numbers are no integers",
      remedy: stored.scalarType.isReadable ? "read it with tensor(_:as:)" : nil)
  }
}

/// Opens a file of tensors, whose format is told by all that its bytes say and not by its name: safetensors, PyTorch's
/// in either of its containers, or NumPy's.
///
/// - Throws: ``SerializationError`` when the file is missing, of another format, or damaged.
public func openTensorArchive(_ path: String) throws -> any TensorArchive {
  let file = try MappedFile(contentsOf: path)
  switch ArchiveFormat(of: file) {
  case .safetensors: return try SafetensorsFile(file)
  case .numPyArray, .numPyArchive: return try NumPyFile(file)
  case .pyTorchArchive, .pyTorchStream: return try PyTorchFile(file)
  case nil: throw ArchiveFormat.unrecognized(file)
  }
}

/// The names in a file of tensors, and where each tensor lies: what all formats share.
public struct TensorDirectory: Sendable {
  let file: MappedFile
  let names: [String]
  private let tensors: [String: StoredTensor]

  /// - Precondition: The names differ.
  init(_ file: MappedFile, _ entries: [(name: String, tensor: StoredTensor)]) {
    self.file = file
    names = entries.map(\.name)
    tensors = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.tensor) })
  }

  subscript(name: String) -> StoredTensor {
    get throws {
      if let tensor = tensors[name] { return tensor }
      let known = names.prefix(8).map(quoted).joined(separator: ", ")
      throw SerializationError(
        .unknownTensor, file: file.name, "there is no tensor \(quoted(name))",
        remedy: names.isEmpty
          ? "the file has none at all"
          : "it has \(names.count): \(known)\(names.count > 8 ? ", …" : "")")
    }
  }
}
