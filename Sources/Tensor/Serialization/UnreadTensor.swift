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
  /// The kind of the error that it is refused with.
  private var kind = SerializationError.Kind.unsupported

  init(
    what: String, shape: Shape? = nil, holdsNumbers: Bool = true, remedy: String? = nil, offset: Int? = nil
  ) {
    (self.what, self.shape, self.holdsNumbers) = (what, shape, holdsNumbers)
    (self.remedy, self.offset) = (remedy, offset)
  }

  /// A tensor that cannot be read for the error that reading what describes it ended in.
  init(flaw error: SerializationError) {
    self.init(what: "damaged: \(error.cause)", remedy: error.remedy, offset: error.offset)
    kind = error.kind
  }

  func error(_ name: String, _ file: MappedFile) -> SerializationError {
    SerializationError(
      kind, file: file.name, offset: offset, "the tensor \(quoted(name)) is \(what)", remedy: remedy)
  }
}
