import Foundation

// Each function that takes a file's path as text, for a URL. Foundation's URL and not System's FilePath: it is on all
// platforms without a further dependency, and file pickers, bundles and temporary folders give it.

extension URL {
  /// The path of a file's URL.
  ///
  /// - Throws: ``SerializationError`` when it is the URL of something else.
  package func filePath(toWrite: Bool = false) throws(SerializationError) -> String {
    guard isFileURL else {
      throw SerializationError(
        toWrite ? .unwritable : .missing, file: absoluteString, "the URL names no file of this machine",
        remedy: "download or upload it by other means, and pass URL(filePath:)")
    }
    return path(percentEncoded: false)
  }
}

extension TensorArchive {
  /// Opens and checks a file of the format.
  ///
  /// - Throws: ``SerializationError`` when the file is missing, of another format, or damaged, or the URL is of no file.
  public init(contentsOf url: URL) throws(SerializationError) { try self.init(contentsOf: url.filePath()) }
}

/// Opens a file of tensors, whose format is told by all that its bytes say and not by its name.
///
/// - Throws: ``SerializationError`` when the file is missing, of another format, or damaged, or the URL is of no file.
public func openTensorArchive(_ url: URL) throws(SerializationError) -> any TensorArchive {
  try openTensorArchive(url.filePath())
}

extension Safetensors {
  /// Writes `tensors` to a file, in their own type and in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or a tensor is called `__metadata__`.
  public static func write<Scalar: TensorElement>(
    _ tensors: [String: Tensor<Scalar>], metadata: [String: String] = [:], to url: URL
  ) throws(SerializationError) {
    try write(tensors, metadata: metadata, to: url.filePath(toWrite: true))
  }

  /// Writes tensors of several types to a file, in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or a tensor is called `__metadata__`.
  public static func write(
    _ tensors: [String: AnyTensor], metadata: [String: String] = [:], to url: URL
  ) throws(SerializationError) {
    try write(tensors, metadata: metadata, to: url.filePath(toWrite: true))
  }
}

extension PyTorch {
  /// Writes `tensors` to a file, in their own type and in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written.
  public static func write<Scalar: TensorElement>(
    _ tensors: [String: Tensor<Scalar>], to url: URL
  ) throws(SerializationError) {
    try write(tensors, to: url.filePath(toWrite: true))
  }

  /// Writes tensors of several types to a file, in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written.
  public static func write(_ tensors: [String: AnyTensor], to url: URL) throws(SerializationError) {
    try write(tensors, to: url.filePath(toWrite: true))
  }
}

extension NumPy {
  /// Writes one array to a `.npy` file.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or NumPy has no such array.
  public static func write(
    _ array: AnyTensor, order: Order = .rowMajor, to url: URL
  ) throws(SerializationError) {
    try write(array, order: order, to: url.filePath(toWrite: true))
  }

  /// Writes one tensor to a `.npy` file, in its own type.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or the tensor has more than 64 axes.
  public static func write<Scalar: TensorElement>(
    _ tensor: Tensor<Scalar>, order: Order = .rowMajor, to url: URL
  ) throws(SerializationError) {
    try write(tensor, order: order, to: url.filePath(toWrite: true))
  }

  /// Writes arrays of any types to a `.npz` file, uncompressed, in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, NumPy has no such array, or a name is longer than
  ///   the format allows.
  public static func write(
    _ arrays: [String: AnyTensor], order: Order = .rowMajor, to url: URL
  ) throws(SerializationError) {
    try write(arrays, order: order, to: url.filePath(toWrite: true))
  }

  /// Writes tensors to a `.npz` file, in their own type and in the order of their names.
  ///
  /// - Throws: ``SerializationError`` as for arrays.
  public static func write<Scalar: TensorElement>(
    _ tensors: [String: Tensor<Scalar>], order: Order = .rowMajor, to url: URL
  ) throws(SerializationError) {
    try write(tensors, order: order, to: url.filePath(toWrite: true))
  }
}
