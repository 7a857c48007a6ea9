import Foundation

/// Why a picture could not be made: one sentence that says what was wrong, with the value, and what to do.
public struct StyleTransferError: Error, Equatable, CustomStringConvertible {
  /// What kind of thing went wrong.
  public enum Kind: Equatable, Sendable {
    /// A file, a picture or a size that cannot be used.
    case badData
    /// Something that is not there.
    case missingInput
    /// Something that cannot be written.
    case cannotWrite
    /// The work was ended from outside before there was anything to keep.
    case interrupted
  }

  /// What kind of thing went wrong.
  public let kind: Kind
  /// The sentence.
  public let description: String

  /// An error with its sentence.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

extension FileManager {
  /// Whether there is a file at the path, or behind the link that is there, and no folder, pipe or device.
  package func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Makes the folder at `path`, where there is none.
  package func makeFolder(_ path: String) throws(StyleTransferError) {
    do {
      try createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StyleTransferError(
        .cannotWrite, "cannot make the folder '\(path)': \(error.localizedDescription)")
    }
  }
}
