import Tensor

extension Optimizer {
  /// Writes the state to a safetensors file, each tensor under its name, whole or not at all.
  ///
  /// With the model, the position in the data and the random generator, which is `Codable`, that is all that a
  /// training needs to go on another day, and to give the same numbers as without the break:
  ///
  /// ```swift
  /// try model.save(to: "model.safetensors")
  /// try optimizer.save(to: "optimizer.safetensors")
  /// ```
  ///
  /// - Throws: `SerializationError` when the file cannot be written.
  public func save(to path: String, metadata: [String: String] = [:]) throws(SerializationError) {
    try state.write(to: path, metadata: metadata)
  }

  /// Reads the state from a file, and goes on from it.
  ///
  /// - Parameters:
  ///   - path: The file, told apart by its bytes.
  ///   - prefix: What the names in the file begin with before the optimiser's own; other tensors of the file are
  ///     passed over.
  /// - Throws: `SerializationError` when the file cannot be read; ``OptimizerStateError`` when it is not the state of
  ///   such an optimiser, which then stays as it was.
  public mutating func load(contentsOf path: String, prefix: String = "") throws {
    try load(from: openTensorArchive(path), prefix: prefix)
  }

  /// Reads the state from an open file of tensors, and goes on from it.
  ///
  /// - Parameters:
  ///   - archive: The open file.
  ///   - prefix: What the names in the file begin with before the optimiser's own; other tensors of the file are
  ///     passed over.
  /// - Throws: `SerializationError` when a tensor cannot be read; ``OptimizerStateError`` when they are not the state
  ///   of such an optimiser, which then stays as it was.
  public mutating func load(from archive: any TensorArchive, prefix: String = "") throws {
    let names = archive.names.filter { $0.hasPrefix(prefix) && archive.holdsNumbers($0) }
    let state = NamedTensors<Scalar>(
      names: names.map { String($0.dropFirst(prefix.count)) },
      tensors: try names.map { try archive.tensor($0) })
    do {
      try restore(state)
    } catch {
      var error = error
      error.file = archive.path
      throw error
    }
  }
}
