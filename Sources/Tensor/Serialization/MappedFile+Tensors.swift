import ImpastoPlatform

/// A tensor may borrow its numbers from a mapping, which it keeps alive.
extension MappedFile: ByteOwner {}

extension MappedFile {
  /// - Throws: ``SerializationError`` when the file is missing, empty, a folder, or cannot be read.
  convenience init(contentsOf path: String) throws(SerializationError) {
    do { try self.init(path: path) } catch { throw SerializationError(error) }
  }

  func malformed(at offset: Int? = nil, _ cause: String, remedy: String? = nil) -> SerializationError {
    SerializationError(.malformed, file: name, offset: offset, cause, remedy: remedy)
  }

  func unsupported(at offset: Int? = nil, _ cause: String, remedy: String? = nil) -> SerializationError {
    SerializationError(.unsupported, file: name, offset: offset, cause, remedy: remedy)
  }
}
