import ImpastoPlatform
import Tensor

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
