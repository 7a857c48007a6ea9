/// Why a file of tensors could not be read or written: the file, the place in it, and what to do.
///
/// Its description is one sentence, fit to be shown to a user:
/// `vgg.pth: byte 137: the opcode 0x69 is not one that weights need; …`.
public struct SerializationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of trouble, for callers that act on it (an exit status, another file).
  public enum Kind: Hashable, Sendable {
    /// There is no such file.
    case missing
    /// The file is there but the system does not let it be read.
    case unreadable
    /// The bytes are not what the format demands: damaged, cut short, or of another format.
    case malformed
    /// The format allows it, this library does not read it.
    case unsupported
    /// The file is good but has no tensor of the name asked for.
    case unknownTensor
    /// The file could not be written.
    case unwritable
  }

  /// The kind of trouble.
  public let kind: Kind
  /// The file as it was named by the caller.
  public let file: String
  /// The offset at which the trouble was noticed, in bytes from the file's start.
  public let offset: Int?
  /// The cause: what is wrong with the file.
  public let cause: String
  /// The remedy: what a user can do about the cause, where that is known.
  public let remedy: String?

  package init(_ kind: Kind, file: String, offset: Int? = nil, _ cause: String, remedy: String? = nil) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.cause = cause
    self.remedy = remedy
  }

  public var description: String {
    let place = offset.map { "byte \($0): " } ?? ""
    let advice = remedy.map { "; \($0)" } ?? ""
    return "\(file.isEmpty ? quoted(file) : file): \(place)\(cause)\(advice)"
  }
}

/// Text from a file as a message shows it: escaped, and cut where it is long.
package func quoted(_ text: String) -> String {
  let shown = text.prefix(80)
  return shown.count < text.count ? String(shown).debugDescription + "…" : text.debugDescription
}
