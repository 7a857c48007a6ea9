import ImpastoPlatform
import Tensor

extension Module {
  /// Writes the state to a safetensors file, each tensor under its name, whole or not at all.
  ///
  /// - Throws: `SerializationError` when the file cannot be written.
  public func save(to path: String, metadata: [String: String] = [:]) throws {
    try state.write(to: path, metadata: metadata)
  }

  /// Reads the state from a file, safetensors or PyTorch's.
  ///
  /// - Parameters:
  ///   - path: The file, told apart by its bytes.
  ///   - prefix: What the names in the file begin with before the module's own; other tensors of the file are
  ///     passed over. So a part of a larger model is read.
  /// - Throws: `SerializationError` when the file cannot be read; ``StateMismatch`` when its names or shapes are not
  ///   the module's, which then stays as it was.
  public mutating func load(contentsOf path: String, prefix: String = "") throws {
    try load(from: openTensorArchive(path), prefix: prefix)
  }

  /// Reads the state from an open file of tensors.
  ///
  /// The counters `num_batches_tracked` that PyTorch saves, and nothing here uses, are passed over, and so is what is
  /// not made of numbers, such as the class names beside the weights of a `.npz`.
  ///
  /// - Parameters:
  ///   - archive: The open file.
  ///   - prefix: What the names in the file begin with before the module's own; other tensors of the file are
  ///     passed over.
  /// - Throws: `SerializationError` when a tensor cannot be read; ``StateMismatch`` when names or shapes are not the
  ///   module's, which then stays as it was.
  public mutating func load(from archive: any TensorArchive, prefix: String = "") throws {
    let current = state
    let stored = archive.names.filter { $0.hasPrefix(prefix) && archive.holdsNumbers($0) }
      .map { String($0.dropFirst(prefix.count)) }
    let (known, found) = (Set(current.names), Set(stored))
    let extra = stored.filter { name in
      !known.contains(name) && name.split(separator: ".").last != "num_batches_tracked"
    }
    let missing = current.filter { !found.contains($0.name) }
    let misshapen = try current.filter { found.contains($0.name) }
      .map {
        StateMismatch.Misshapen(
          name: $0.name, shape: try archive.shape(of: prefix + $0.name), expectedShape: $0.tensor.shape)
      }
      .filter { $0.shape != $0.expectedShape }
    guard missing.isEmpty, extra.isEmpty, misshapen.isEmpty else {
      throw StateMismatch(
        file: archive.path, prefix: prefix, missing: missing.map { ($0.name, $0.tensor.shape) }, extra: extra,
        misshapen: misshapen)
    }
    state = NamedTensors(
      names: current.names, tensors: try current.names.map { try archive.tensor(prefix + $0) })
  }
}

extension NamedTensors {
  /// Writes the tensors to a safetensors file, each under its name.
  func write(to path: String, metadata: [String: String]) throws {
    try Safetensors.write(
      Dictionary(uniqueKeysWithValues: map { ($0.name, $0.tensor) }), metadata: metadata, to: path)
  }
}

/// A file whose tensors are not those of the module that was to be read from it: which differ, and how.
public struct StateMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// A tensor of the module that the file does not have.
  public struct Missing: Hashable, Sendable {
    /// The tensor's name in the module.
    public let name: String
    /// The tensor's shape in the module.
    public let shape: Shape
    /// The name among ``StateMismatch/extra`` that it may have been meant by, if one is close.
    public let suggestion: String?
  }

  /// A tensor of another shape in the file than in the module.
  public struct Misshapen: Hashable, Sendable {
    /// The tensor's name in the module.
    public let name: String
    /// The tensor's shape in the file.
    public let shape: Shape
    /// The tensor's shape in the module.
    public let expectedShape: Shape
  }

  /// The file as it was named.
  public let file: String
  /// The prefix that the file's names have before the module's own.
  public let prefix: String
  /// The tensors that the module has and the file does not.
  public let missing: [Missing]
  /// The names in the file, without the prefix, that the module does not have.
  public let extra: [String]
  /// The tensors that both have in different shapes.
  public let misshapen: [Misshapen]

  init(file: String, prefix: String, missing: [(String, Shape)], extra: [String], misshapen: [Misshapen]) {
    self.file = file
    self.prefix = prefix
    self.extra = extra
    self.misshapen = misshapen
    // The comparison of two names costs the product of their lengths: none is looked for that is not shown.
    self.missing = missing.enumerated().map { index, tensor in
      Missing(
        name: tensor.0, shape: tensor.1, suggestion: index < Self.shown ? Self.nearest(tensor.0, extra) : nil)
    }
  }

  /// The name in `names` that is the fewest letters away, if those are a third of its letters at most.
  private static func nearest(_ name: String, _ names: [String]) -> String? {
    nearestName(to: name, among: names).flatMap { $0.distance <= max(name.count / 3, 1) ? $0.name : nil }
  }

  /// How many names of a kind the description lists.
  private static var shown: Int { 8 }

  public var description: String {
    let place = prefix.isEmpty ? "" : " (under '\(prefix)')"
    let lines =
      Self.lines(missing) { missing in
        let hint = missing.suggestion.map { "; is it '\($0)' in the file?" } ?? ""
        return "missing: '\(missing.name)' \(missing.shape)\(hint)"
      } + Self.lines(extra) { "not in the module: '\($0)'" }
      + Self.lines(misshapen) {
        "misshapen: '\($0.name)' is \($0.shape) in the file, \($0.expectedShape) in the module"
      }
    return "\(file)\(place): the tensors are not the module's\n" + lines.joined(separator: "\n")
  }

  private static func lines<Item>(_ items: [Item], _ describe: (Item) -> String) -> [String] {
    let lines = items.prefix(shown).map { "  \(describe($0))" }
    return items.count > shown ? lines + ["  … and \(items.count - shown) more of this kind"] : lines
  }
}
