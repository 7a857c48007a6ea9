import ImpastoPlatform

/// A tensor that a file holds and nothing here reads: it is listed with the others, and refused when it is asked for.
struct UnreadTensor: Sendable {
  /// What it is, as in "the tensor x is an array of strings".
  let what: String
  /// The lengths of its axes, where they are told.
  var shape: Shape?
  /// Whether it is made of numbers; strings, say, are not.
  var holdsNumbers = true
  /// What a user does about it.
  var remedy: String?
  /// Where the file describes it.
  var offset: Int?

  func error(_ name: String, _ file: MappedFile) -> SerializationError {
    file.unsupported(at: offset, "the tensor \(quoted(name)) is \(what)", remedy: remedy)
  }
}
