import ImpastoPlatform

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// What the system's error numbers mean to a user.

extension SerializationError {
  /// A failure to open or read a file.
  package init(_ error: InputFileError) {
    let (kind, cause): (Kind, String) =
      switch error.cause {
      case .missing: (.missing, "there is no such file")
      case .folder: (.unreadable, "it is a folder")
      case .notRegular: (.unreadable, "it is not a regular file")
      case .empty: (.malformed, "the file is empty")
      case .tooLong(let limit): (.unreadable, "it has more than \(limit) bytes")
      case .system(let code): (.unreadable, "it cannot be read: \(systemMessage(code))")
      }
    self.init(kind, file: error.path, cause)
  }

  /// A failure to create, write or rename a file.
  init(_ error: AtomicFileError) {
    if error.path.isEmpty {
      self.init(.unwritable, file: error.path, "the file has no name", remedy: "give it one")
      return
    }
    let (cause, remedy): (String, String?) =
      switch error.cause {
      case .missingFolder(let folder): ("the folder \(quoted(folder)) does not exist", "create it first")
      case .notAFile: ("it is a folder or a device", "choose another name")
      case .system(let code):
        (
          "it cannot be written: \(systemMessage(code))",
          code == ENOSPC || code == EDQUOT ? "free some space" : "choose a place that you may write to"
        )
      }
    self.init(.unwritable, file: error.path, cause, remedy: remedy)
  }

  /// Replaces a file by what `body` appends, whole or not at all; see ``AtomicFile``.
  ///
  /// - Throws: ``SerializationError`` if the file cannot be written, and what `body` throws.
  static func replacing(
    _ path: String, _ body: (borrowing AtomicFile.OpenFile) throws -> Void
  ) throws(SerializationError) {
    try only {
      do {
        try AtomicFile.replace(path, body: body)
      } catch let error as AtomicFileError {
        throw SerializationError(error)
      }
    }
  }

  /// What `body` returns, which throws errors of this type alone though its declaration does not say so.
  static func only<Result>(_ body: () throws -> Result) throws(SerializationError) -> Result {
    do {
      return try body()
    } catch let error as SerializationError {
      throw error
    } catch {
      ShapeCheck.fail("SerializationError: an error of another type, \(error)")
    }
  }
}
