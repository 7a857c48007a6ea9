import Tensor

extension Module {
  /// Writes the state to a safetensors file, each tensor under its name, whole or not at all.
  ///
  /// - Throws: `SerializationError` when the file cannot be written.
  public func save(to path: String, metadata: [String: String] = [:]) throws(SerializationError) {
    try state.write(to: path, metadata: metadata)
  }

  /// Reads the state from a file, safetensors or PyTorch's.
  ///
  /// - Parameters:
  ///   - path: The file, told apart by its bytes.
  ///   - prefix: What the names in the file begin with before the module's own; other tensors of the file are
  ///     passed over. So a part of a larger model is read.
  ///   - rename: From a name in the file, without the prefix, to the module's name for it; `nil` passes the tensor over.
  /// - Throws: `SerializationError` when the file cannot be read; ``StateMismatch`` when its names or shapes are not
  ///   the module's, which then stays as it was.
  public mutating func load(
    contentsOf path: String, prefix: String = "", renaming rename: (String) -> String? = { $0 }
  ) throws {
    try load(from: openTensorArchive(path), prefix: prefix, renaming: rename)
  }

  /// Reads the state from an open file of tensors.
  ///
  /// The counters `num_batches_tracked` that PyTorch saves, and nothing here uses, are passed over, and so is what is
  /// not made of numbers, such as the class names beside the weights of a `.npz`.
  ///
  /// ```swift
  /// try model.load(from: file, renaming: { $0.replacing("attn.", with: "self_attn.") })
  /// ```
  ///
  /// - Parameters:
  ///   - archive: The open file.
  ///   - prefix: What the names in the file begin with before the module's own; other tensors of the file are
  ///     passed over.
  ///   - rename: From a name in the file, without the prefix, to the module's name for it; `nil` passes the tensor over.
  /// - Throws: `SerializationError` when a tensor cannot be read; ``StateMismatch`` when names or shapes are not the
  ///   module's, which then stays as it was.
  public mutating func load(
    from archive: any TensorArchive, prefix: String = "", renaming rename: (String) -> String? = { $0 }
  ) throws {
    let comparison = try StateComparison(state, archive, prefix: prefix, rename)
    if let mismatch = comparison.mismatch { throw mismatch }
    state = try comparison.replacing(state)
  }

  /// Reads what fits from a file, and says what was left out; the module's other tensors stay as they were.
  ///
  /// ```swift
  /// if let left = try model.loadMatching(contentsOf: "backbone.safetensors") { print(left) }
  /// ```
  ///
  /// - Parameters:
  ///   - path: The file, told apart by its bytes.
  ///   - prefix: What the names in the file begin with before the module's own; other tensors of the file are
  ///     passed over.
  ///   - rename: From a name in the file, without the prefix, to the module's name for it; `nil` passes the tensor over.
  /// - Returns: The tensors that only one of the two has, or both in different shapes; `nil` where all fit.
  /// - Throws: `SerializationError` when the file cannot be read; the module then stays as it was.
  public mutating func loadMatching(
    contentsOf path: String, prefix: String = "", renaming rename: (String) -> String? = { $0 }
  ) throws(SerializationError) -> StateMismatch? {
    try loadMatching(from: openTensorArchive(path), prefix: prefix, renaming: rename)
  }

  /// Reads what fits from an open file of tensors, and says what was left out; the module's other tensors stay as they
  /// were.
  ///
  /// - Parameters:
  ///   - archive: The open file.
  ///   - prefix: What the names in the file begin with before the module's own; other tensors of the file are
  ///     passed over.
  ///   - rename: From a name in the file, without the prefix, to the module's name for it; `nil` passes the tensor over.
  /// - Returns: The tensors that only one of the two has, or both in different shapes; `nil` where all fit.
  /// - Throws: `SerializationError` when a tensor cannot be read; the module then stays as it was.
  public mutating func loadMatching(
    from archive: any TensorArchive, prefix: String = "", renaming rename: (String) -> String? = { $0 }
  ) throws(SerializationError) -> StateMismatch? {
    let comparison = try StateComparison(state, archive, prefix: prefix, rename)
    state = try comparison.replacing(state)
    return comparison.mismatch
  }
}

/// What a file and a module have in common, and what not.
private struct StateComparison {
  /// The names in the file of the module's tensors that are there in the same shape.
  private var sources: [String: String] = [:]
  private let archive: any TensorArchive
  /// How they differ, or `nil`.
  private(set) var mismatch: StateMismatch?

  init<Scalar>(
    _ current: NamedTensors<Scalar>, _ archive: any TensorArchive, prefix: String,
    _ rename: (String) -> String?
  ) throws(SerializationError) {
    self.archive = archive
    var stored: [String: String] = [:]
    var extra: [String] = []
    let known = Set(current.names)
    for name in archive.names where name.hasPrefix(prefix) && archive.holdsNumbers(name) {
      guard let own = rename(String(name.dropFirst(prefix.count))) else { continue }
      let other = stored.updateValue(name, forKey: own)
      ShapeCheck.require(other == nil) {
        "load: '\(other ?? "")' and '\(name)' of \(archive.path) would both be '\(own)'; rename one of them otherwise, or "
          + "to nil"
      }
      if !known.contains(own), own.split(separator: ".").last != "num_batches_tracked" { extra.append(own) }
    }
    var missing: [(String, Shape)] = []
    var misshapen: [StateMismatch.Misshapen] = []
    for (name, tensor) in current {
      guard let source = stored[name] else {
        missing.append((name, tensor.shape))
        continue
      }
      let shape = try archive.shape(of: source)
      if shape == tensor.shape {
        sources[name] = source
      } else {
        misshapen.append(StateMismatch.Misshapen(name: name, shape: shape, expectedShape: tensor.shape))
      }
    }
    if !missing.isEmpty || !extra.isEmpty || !misshapen.isEmpty {
      mismatch = StateMismatch(
        file: archive.path, prefix: prefix, missing: missing, extra: extra, misshapen: misshapen)
    }
  }

  /// The state with the file's tensors in place of those that it has in the same shape.
  func replacing<Scalar>(
    _ state: NamedTensors<Scalar>
  ) throws(SerializationError) -> NamedTensors<Scalar> {
    var tensors: [Tensor<Scalar>] = []
    for (name, tensor) in state {
      if let source = sources[name] {
        tensors.append(try archive.tensor(source))
      } else {
        tensors.append(tensor)
      }
    }
    return NamedTensors(names: state.names, tensors: tensors)
  }
}

extension NamedTensors {
  /// Writes the tensors to a safetensors file, each under its name.
  func write(to path: String, metadata: [String: String]) throws(SerializationError) {
    try Safetensors.write(
      Dictionary(uniqueKeysWithValues: map { ($0.name, $0.tensor) }), metadata: metadata, to: path)
  }
}
