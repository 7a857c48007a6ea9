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
  static func writing(_ path: String, _ code: Int32) -> SerializationError {
    let remedy: String? =
      switch code {
      case ENOENT, ENOTDIR: "create the folder first"
      case EACCES, EPERM, EROFS: "choose a folder that you may write to"
      case ENOSPC, EDQUOT: "free some space"
      default: nil
      }
    return SerializationError(
      .unwritable, file: path, "it cannot be written: \(String(cString: strerror(code)))", remedy: remedy)
  }
}
