#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// What the system's error numbers mean to a user.

extension SerializationError {
  /// A failure to open or read a file.
  static func reading(_ path: String, _ code: Int32) -> SerializationError {
    switch code {
    case ENOENT, ENOTDIR: SerializationError(.missing, file: path, "there is no such file")
    case EISDIR: SerializationError(.unreadable, file: path, "it is a folder")
    default:
      SerializationError(.unreadable, file: path, "it cannot be read: \(String(cString: strerror(code)))")
    }
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
          "it cannot be written: \(String(cString: strerror(code)))",
          code == ENOSPC || code == EDQUOT ? "free some space" : "choose a place that you may write to"
        )
      }
    self.init(.unwritable, file: error.path, cause, remedy: remedy)
  }
}
