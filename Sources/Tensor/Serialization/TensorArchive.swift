import ImpastoPlatform

/// A file of named tensors, of whichever format: ``SafetensorsFile``, ``PyTorchFile``,
/// ``NumPyFile`` or ``NumPyPickleFile``.
///
/// Opening one reads and checks what describes the tensors; their numbers are read when asked for. The file must
/// not be written in place while the archive or a tensor from it is alive; replacing it by renaming is safe.
public protocol TensorArchive: Sendable {
  /// The names, types and places of the tensors in the file.
  var directory: TensorDirectory { get }
  /// Opens and checks a file of the format.
  ///
  /// - Throws: ``SerializationError`` when the file is missing, of another format, or damaged.
  init(contentsOf path: String) throws(SerializationError)
}

extension TensorArchive {
  /// The file as it was named when it was opened.
  public var path: String { directory.file.name }

  /// The names of the tensors, in the order that the format's type describes: of those that can be read, and of those
  /// that are refused when they are asked for.
  public var names: [String] { directory.names }

  /// What the file holds beside tensors and nothing here reads, by its name: the class of an object, say.
  public var otherContents: [String: String] { directory.others }

  /// Whether a tensor is made of numbers, of whichever type; an array of strings, objects or dates is not, and no
  /// tensor is called so where this is false.
  public func holdsNumbers(_ name: String) -> Bool { directory.holdsNumbers(name) }

  /// The lengths of a tensor's axes.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, or it has no axes, as ragged ones.
  public func shape(of name: String) throws(SerializationError) -> Shape {
    try SerializationError.only { try directory.shape(of: name) }
  }

  /// The type of a tensor's numbers in the file.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, or it is none of numbers of one type, as
  ///   strings and quantised numbers are not.
  public func scalarType(of name: String) throws(SerializationError) -> StoredScalarType {
    try SerializationError.only { try directory[name].scalarType }
  }

  /// The tensor called `name`, in row-major order.
  ///
  /// `Float` and `Double` read F16, BF16, F32 and F64: they are widened exactly, and F64 asked for as `Float` is rounded
  /// to nearest. `Int64`, `Int32` and `UInt8` read integers of all types, each number as it is; `UInt8` also reads the
  /// bytes of numbers of eight bits, for ``Tensor/init(float8:_:)``. `Bool`, `Float16` and ``BFloat16`` read their own
  /// type. Where the file's type is `Scalar` and its numbers are aligned, the tensor borrows them from the mapped file, or
  /// from the memory that a packed entry of an archive was unpacked to.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, its numbers are of a type that `Scalar` does
  ///   not read, an integer is too large for `Scalar`, they differ from the checksum of NumPy's archive, or cannot be
  ///   unpacked.
  /// - Complexity: O(1) where the numbers are borrowed and no checksum is compared, else O(n) for n elements.
  public func tensor<Scalar: TensorElement>(
    _ name: String, as type: Scalar.Type = Scalar.self
  ) throws(SerializationError) -> Tensor<Scalar> {
    let (stored, tensor) = try reading(name) { try $0.read(from: $1, as: type) }
    if let tensor { return tensor }
    throw directory.file.unsupported(
      at: stored.bytes.lowerBound, "the tensor \(quoted(name)) is of type \(stored.scalarType.rawValue)",
      remedy: Self.remedy(for: stored.scalarType, readAs: Scalar.scalarName))
  }

  /// The tensor called `name` in the type that it has in the file, also one that no ``Tensor`` has, such as integers of 16
  /// bits: for a file that is to be written again, in the same format or another.
  ///
  /// ```swift
  /// let file = try openTensorArchive("model.safetensors")
  /// let tensors = try file.names.map { ($0, try file.anyTensor($0)) }
  /// try PyTorch.write(Dictionary(uniqueKeysWithValues: tensors), to: "model.pth")
  /// ```
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, its numbers are complex or of fewer bits than
  ///   eight, they differ from the checksum of NumPy's archive, or cannot be unpacked.
  public func anyTensor(_ name: String) throws(SerializationError) -> AnyTensor {
    let (stored, tensor) = try reading(name) { try $0.anyTensor(from: $1) }
    if let tensor { return tensor }
    throw directory.file.unsupported(
      at: stored.bytes.lowerBound, "the tensor \(quoted(name)) is of type \(stored.scalarType.rawValue)",
      remedy: "only real numbers of eight bits and more, integers and truth values are read")
  }

  /// A tensor's place, and what `body` makes of it and of the file that it lies in.
  private func reading<Result>(
    _ name: String, _ body: (StoredTensor, MappedFile) throws -> Result
  ) throws(SerializationError) -> (StoredTensor, Result) {
    try SerializationError.only {
      let stored = try directory[name]
      // Damage is told first: what a changed file says of its types may be wrong too.
      return (stored, try body(stored, try stored.source(directory.file)))
    }
  }

  /// How numbers of `type` are read instead.
  private static func remedy(for type: StoredScalarType, readAs wanted: String) -> String {
    if type == .bool { return "no truth values are read as \(wanted); read it as Bool, or with integers(_:)" }
    if type.isInteger {
      return "no integers are read as \(wanted); read it as Int64 and convert it, or with integers(_:)"
    }
    if type.isReadable { return "read it as Float, and convert it: Tensor<\(wanted)>(x)" }
    if type.isFloat8 { return "read its bytes as UInt8, and convert them: Tensor<Float>(float8: x, type)" }
    return "only F64, F32, F16 and BF16, integers and truth values are read as tensors"
  }

  /// The integers of the tensor called `name`, in row-major order; ``shape(of:)`` tells its axes. Truth values are
  /// 0 and 1.
  ///
  /// - Throws: ``SerializationError`` when there is no tensor of that name, its numbers are no integers, one of
  ///   them is larger than `Int.max`, or they differ from the checksum of NumPy's archive.
  /// - Complexity: O(n) for n elements.
  public func integers(_ name: String) throws(SerializationError) -> [Int] {
    let (stored, integers) = try reading(name) { try $0.integers(from: $1, as: Int.self) }
    if let integers { return integers }
    throw directory.file.unsupported(
      at: stored.bytes.lowerBound,
      "the tensor \(quoted(name)) is of type \(stored.scalarType.rawValue), whose numbers are no integers",
      remedy: stored.scalarType.isReadable ? "read it with tensor(_:as:)" : nil)
  }
}

/// Opens a file of tensors, whose format is told by all that its bytes say and not by its name: safetensors, PyTorch's
/// in either of its containers, or NumPy's, also as a pickle of arrays.
///
/// - Throws: ``SerializationError`` when the file is missing, of another format, or damaged.
public func openTensorArchive(_ path: String) throws(SerializationError) -> any TensorArchive {
  let file = try MappedFile(contentsOf: path)
  switch ArchiveFormat(of: file) {
  case .safetensors: return try SafetensorsFile(reading: file)
  case .numPyArray, .numPyArchive: return try NumPyFile(reading: file)
  case .pyTorchArchive, .pyTorchStream: return try PyTorchFile(reading: file)
  case .numPyPickle: return try NumPyPickleFile(reading: file)
  case nil: throw ArchiveFormat.unrecognized(file)
  }
}

/// The names in a file of tensors, and where each tensor lies: what all formats share.
public struct TensorDirectory: Sendable {
  /// What there is under a name.
  enum Content: Sendable {
    case tensor(StoredTensor)
    case unread(UnreadTensor)
  }

  let file: MappedFile
  let names: [String]
  /// What is no tensor, and was passed over.
  let others: [String: String]
  private let contents: [String: Content]

  /// - Precondition: The names differ.
  init(_ file: MappedFile, _ entries: [(name: String, content: Content)], others: [String: String] = [:]) {
    self.file = file
    self.others = others
    names = entries.map(\.name)
    contents = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.content) })
  }

  subscript(name: String) -> StoredTensor {
    get throws {
      switch try content(name) {
      case .tensor(let tensor): return tensor
      case .unread(let unread): throw unread.error(name, file)
      }
    }
  }

  func shape(of name: String) throws -> Shape {
    switch try content(name) {
    case .tensor(let tensor): return tensor.layout.shape
    case .unread(let unread):
      guard let shape = unread.shape else { throw unread.error(name, file) }
      return shape
    }
  }

  func holdsNumbers(_ name: String) -> Bool {
    switch contents[name] {
    case .tensor: true
    case .unread(let unread): unread.holdsNumbers
    case nil: false
    }
  }

  private func content(_ name: String) throws -> Content {
    if let content = contents[name] { return content }
    if let other = others[name] {
      throw file.unsupported("\(quoted(name)) is no tensor but \(other)", remedy: "only tensors are read")
    }
    let known = names.prefix(8).map(quoted).joined(separator: ", ")
    throw SerializationError(
      .unknownTensor, file: file.name, "there is no tensor \(quoted(name))",
      remedy: names.isEmpty
        ? "the file has none at all"
        : "it has \(names.count): \(known)\(names.count > 8 ? ", …" : "")")
  }
}

/// Gives out names that differ: one that was given out before gets a number.
struct DistinctNames {
  private var used: Set<String> = []
  /// The last number that a name was given.
  private var numbers: [String: Int] = [:]

  /// `name` the first time, then `name#2`, `name#3` …
  mutating func name(_ name: String) -> String {
    if used.insert(name).inserted { return name }
    var number = numbers[name] ?? 1
    repeat { number += 1 } while !used.insert("\(name)#\(number)").inserted
    numbers[name] = number
    return "\(name)#\(number)"
  }
}
