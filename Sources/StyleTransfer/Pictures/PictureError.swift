import Foundation
import ImpastoPlatform
import Tensor

/// Why a picture could not be read or written: one sentence with the value at fault and the remedy.
public enum PictureError: Error, Equatable {
  /// There is no file of that name.
  case missing(path: String)
  /// The path is that of a folder.
  case folder(path: String)
  /// The file exists and cannot be read.
  case unreadable(path: String, reason: String)
  /// The file has no bytes.
  case empty(path: String)
  /// The file's bytes are those of no kind that is read.
  case unknownKind(path: String)
  /// The file is of another kind, which has a name, and a command that converts it where there is one.
  case foreignKind(path: String, name: String, command: String?)
  /// The file is broken, or uses what is not supported.
  case damaged(path: String, format: PictureFormat, reason: String)
  /// The file needs a library that is not installed.
  case missingLibrary(path: String, reason: String)
  /// The picture has more pixels than are read, ``Picture/pixelLimit`` unless more are allowed.
  case tooLarge(path: String, width: Int, height: Int, limit: Int = Picture.pixelLimit)
  /// Reading the picture takes more memory than there is; most of it for decoding all of the file at once where
  /// `isDecoding`. `allowed` says how much there is, and why.
  case tooLittleMemory(
    path: String, format: PictureFormat, width: Int, height: Int, needed: ByteCount, allowed: String,
    isDecoding: Bool)
  /// The file has more bytes than are read.
  case fileTooLong(path: String, limit: Int)

  /// The output's name has the ending of no kind that is written.
  case unknownEnding(path: String)
  /// The output's path is taken by something that is no regular file.
  case outputIsNotAFile(path: String)
  /// The output's folder does not exist.
  case missingOutputFolder(path: String, folder: String)
  /// The system refuses to write the file.
  case notWritable(path: String, reason: String)
  /// The picture does not fit into the kind of file.
  case notEncodable(format: PictureFormat, width: Int, height: Int, reason: String)
}

extension PictureError {
  /// What kind of thing went wrong.
  public var kind: StyleTransferError.Kind {
    switch self {
    case .empty, .unknownKind, .foreignKind, .damaged, .tooLarge, .tooLittleMemory, .fileTooLong: .badData
    case .missing, .folder, .unreadable, .missingLibrary: .missingInput
    case .unknownEnding, .outputIsNotAFile, .missingOutputFolder, .notWritable, .notEncodable: .cannotWrite
    }
  }

  /// Whether the file has no room, which may change while one waits.
  package var isLackOfRoom: Bool {
    guard case .notWritable(_, let reason) = self else { return false }
    return [ENOSPC, EDQUOT, EFBIG].contains { systemMessage($0) == reason }
  }

  init(_ error: InputFileError) {
    switch error.cause {
    case .missing: self = .missing(path: error.path)
    case .folder: self = .folder(path: error.path)
    case .notRegular: self = .unreadable(path: error.path, reason: "it is not a regular file")
    case .empty: self = .empty(path: error.path)
    case .tooLong(let limit): self = .fileTooLong(path: error.path, limit: limit)
    case .system(let code): self = .unreadable(path: error.path, reason: systemMessage(code))
    }
  }

  package init(_ error: AtomicFileError) {
    switch error.cause {
    case .missingFolder(let folder): self = .missingOutputFolder(path: error.path, folder: folder)
    case .notAFile: self = .outputIsNotAFile(path: error.path)
    case .system(let code): self = .notWritable(path: error.path, reason: systemMessage(code))
    }
  }
}

extension PictureError: CustomStringConvertible {
  /// The sentence, with the remedy.
  public var description: String {
    switch self {
    case .missing(let path):
      "'\(path)' does not exist; check the path"
    case .folder(let path):
      "'\(path)' is a folder; name a picture"
    case .unreadable(let path, let reason):
      "'\(path)' cannot be read (\(reason)); check its permissions"
    case .empty(let path):
      "'\(path)' is empty; name a picture"
    case .unknownKind(let path):
      "'\(path)' is no picture that can be read, whatever its name says; convert it to one of \(PictureFormat.listOfKinds)"
    case .foreignKind(let path, let name, let command):
      "'\(path)' is \(name), which is not read; "
        + (command.map { "convert it, as with: \($0)" } ?? "get the picture itself")
    case .damaged(let path, let format, let reason):
      "'\(path)' is a damaged or unsupported \(format) (\(reason)); get an intact copy or save it again"
    case .missingLibrary(let path, let reason):
      "'\(path)' cannot be read: \(reason)"
    case .tooLarge(let path, let width, let height, let limit):
      """
      '\(path)' declares \(width)×\(height) pixels, more than the limit of \(limit); \
      scale it down first, or allow more with --pixel-limit
      """
    case .tooLittleMemory(
      let path, let format, let width, let height, let needed, let allowed, let isDecoding):
      "'\(path)', \(format) of \(width)×\(height) pixels, takes about \(needed) to read"
        + (isDecoding ? ", since such a file is decoded all at once" : "") + ", and \(allowed); "
        + (isDecoding ? "save it as PNG, which is read row by row, or scale it down" : "scale it down first")
    case .fileTooLong(let path, let limit):
      "'\(path)' is longer than the limit of \(limit) bytes; scale the picture down first"
    case .unknownEnding(let path):
      "'\(path)' has an ending that cannot be written; end its name with \(PictureFormat.listOfEndings)"
    case .outputIsNotAFile(let path):
      "'\(path)' exists and is not a regular file; choose another name for the output"
    case .missingOutputFolder(let path, let folder):
      "'\(path)' cannot be written, since the folder '\(folder)' does not exist; create it first"
    case .notWritable(let path, let reason):
      "'\(path)' cannot be written (\(reason)); check its permissions and the space left, or choose another"
    case .notEncodable(let format, let width, let height, let reason):
      "A picture of \(width)×\(height) cannot be written as \(format) (\(reason)); write a smaller one or a PNG"
    }
  }
}

extension PictureError {
  /// The error for bytes of no kind that is read, with the name of their kind where it is known.
  init(unreadableKindOf bytes: [UInt8], path: String) {
    guard let foreign = ForeignFormat(magicOf: bytes) else {
      self = .unknownKind(path: path)
      return
    }
    self = .foreignKind(path: path, name: foreign.name, command: foreign.command(for: path))
  }
}
