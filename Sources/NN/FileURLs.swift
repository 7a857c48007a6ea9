import Foundation
import Tensor

// Each function that takes a file's path as text, for a URL; an URL of no file is a `SerializationError`.

extension Module {
  /// Writes the state to a safetensors file, each tensor under its name, whole or not at all.
  ///
  /// - Throws: `SerializationError` when the file cannot be written.
  public func save(to url: URL, metadata: [String: String] = [:]) throws(SerializationError) {
    try save(to: url.filePath(toWrite: true), metadata: metadata)
  }

  /// Reads the state from a file, safetensors or PyTorch's; for the parameters see the function that takes a path.
  ///
  /// - Throws: `SerializationError` when the file cannot be read; ``StateMismatch`` when its names or shapes are not
  ///   the module's, which then stays as it was.
  public mutating func load(
    contentsOf url: URL, prefix: String = "", renaming rename: (String) -> String? = { $0 }
  ) throws {
    try load(contentsOf: url.filePath(), prefix: prefix, renaming: rename)
  }

  /// Reads what fits from a file, and says what was left out; the module's other tensors stay as they were.
  ///
  /// - Returns: The tensors that only one of the two has, or both in different shapes; `nil` where all fit.
  /// - Throws: `SerializationError` when the file cannot be read; the module then stays as it was.
  public mutating func loadMatching(
    contentsOf url: URL, prefix: String = "", renaming rename: (String) -> String? = { $0 }
  ) throws(SerializationError) -> StateMismatch? {
    try loadMatching(contentsOf: url.filePath(), prefix: prefix, renaming: rename)
  }
}

extension Optimizer {
  /// Writes the state to a safetensors file, each tensor under its name, whole or not at all.
  ///
  /// - Throws: `SerializationError` when the file cannot be written.
  public func save(to url: URL, metadata: [String: String] = [:]) throws(SerializationError) {
    try save(to: url.filePath(toWrite: true), metadata: metadata)
  }

  /// Reads the state from a file, and goes on from it.
  ///
  /// - Throws: `SerializationError` when the file cannot be read; ``OptimizerStateError`` when it is not the state of
  ///   such an optimiser, which then stays as it was.
  public mutating func load(contentsOf url: URL, prefix: String = "") throws {
    try load(contentsOf: url.filePath(), prefix: prefix)
  }
}

extension VGG19 {
  /// The network with the weights of a file; see ``Weights``.
  public init(
    contentsOf url: URL, pooling: Pooling = .max, padding: Padding = .zero, precision: Precision = .full
  ) throws {
    try self.init(contentsOf: url.filePath(), pooling: pooling, padding: padding, precision: precision)
  }
}

extension VGG19.Weights {
  /// The weights of a file, .pth or .safetensors.
  ///
  /// - Throws: ``VGG19/UnrecognizedWeights`` when they are not VGG-19's; `SerializationError` when the file cannot be read
  ///   or is damaged.
  public init(contentsOf url: URL) throws { try self.init(contentsOf: url.filePath()) }

  /// Writes the weights to a safetensors file, under the names that they have in a file of their own.
  ///
  /// - Throws: `SerializationError` when the file cannot be written.
  public func write(to url: URL) throws(SerializationError) {
    try write(to: url.filePath(toWrite: true))
  }
}

extension LPIPS {
  /// The measure with the weights of a file.
  ///
  /// - Throws: ``UnrecognizedPerceptualWeights`` when it holds something else; `SerializationError` when it cannot be read
  ///   or is damaged.
  public init(contentsOf url: URL) throws { try self.init(contentsOf: url.filePath()) }
}

extension DISTS {
  /// The measure with the weights of two files.
  ///
  /// - Throws: ``UnrecognizedPerceptualWeights`` when a file holds something else; `SerializationError` when one cannot be
  ///   read or is damaged.
  public init(network: URL, weights: URL) throws {
    try self.init(network: network.filePath(), weights: weights.filePath())
  }
}

extension IDXFile {
  /// Opens and reads a file.
  ///
  /// - Throws: `SerializationError` when it is missing, of another format, or damaged.
  public init(contentsOf url: URL) throws(SerializationError) { try self.init(contentsOf: url.filePath()) }
}

extension CSVTable {
  /// Reads a file of fields between separators.
  ///
  /// - Throws: `SerializationError` when it cannot be read, or its lines differ in their number of fields.
  public init(
    contentsOf url: URL, separator: Character = ",", hasHeader: Bool = true
  ) throws(SerializationError) {
    try self.init(contentsOf: url.filePath(), separator: separator, hasHeader: hasHeader)
  }
}

extension TrainingLog {
  /// Opens a file for figures; for the parameters see the initialiser that takes a path.
  ///
  /// - Throws: `SerializationError` when the file cannot be written, or is there already.
  public convenience init(url: URL, appending: Bool = false, showsLiveLine: Bool = false)
    throws(SerializationError)
  {
    try self.init(
      path: url.filePath(toWrite: true), appending: appending, showsLiveLine: showsLiveLine)
  }
}
