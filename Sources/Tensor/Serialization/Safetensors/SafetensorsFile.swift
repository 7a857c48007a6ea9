import ImpastoPlatform

/// The tensors of a safetensors file: a length, a JSON header that says where each tensor lies, and the numbers.
///
/// Opening checks all of the header by the rules of the format: at most 100 MB, no key twice, each tensor exactly
/// as long as its shape demands, and all of them together covering the data without gap or overlap. A tensor of a type
/// that is not known is listed, and refused when it is asked for; a field that is not known is passed over.
/// ``TensorArchive/names`` are in the order of the data; of two that differ in how accents are composed alone, which are
/// one text in Swift, the second gets `#2` added.
///
/// ```swift
/// let file = try SafetensorsFile(contentsOf: "features.safetensors")
/// let features: Tensor<Float> = try file.tensor("conv_9")
/// ```
public struct SafetensorsFile: TensorArchive {
  public let directory: TensorDirectory
  /// The free-form text that the writer added.
  public let metadata: [String: String]

  /// Opens and checks the file.
  ///
  /// - Throws: ``SerializationError`` when the file is missing or breaks a rule of the format.
  public init(contentsOf path: String) throws(SerializationError) {
    try self.init(reading: MappedFile(contentsOf: path))
  }

  /// Reads a file that is already in memory; `name` is what messages call it.
  ///
  /// - Throws: ``SerializationError`` as for a file that is opened.
  public init(bytes: some Collection<UInt8>, name: String = "safetensors data") throws(SerializationError) {
    try self.init(reading: MappedFile(copying: bytes, name: name))
  }

  init(reading file: MappedFile) throws(SerializationError) {
    self = try SerializationError.only { try Self(file) }
  }

  private init(_ file: MappedFile) throws {
    var input = ByteReader(file)
    let length = try input.integer(UInt64.self, "the header's length")
    guard length <= Safetensors.headerLimit, length <= UInt64(input.remaining) else {
      throw file.malformed(
        at: 0,
        "a header of \(length) bytes where \(input.remaining) are left and \(Safetensors.headerLimit) allowed",
        remedy: "the file is not safetensors, or was not copied whole")
    }
    let bytes = try input.skip(length, "the header")
    let header = try SafetensorsHeader(ByteReader(file, bytes), dataStart: bytes.upperBound)
    metadata = header.metadata
    var names = DistinctNames()
    directory = TensorDirectory(file, header.entries.map { (names.name($0.name), $0.content) })
  }
}
