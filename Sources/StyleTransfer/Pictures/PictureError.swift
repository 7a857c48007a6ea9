import Foundation
import Tensor

/// Why a picture could not be read or written: one sentence with the value at fault and the remedy.
enum PictureError: Error, Equatable {
  case missing(path: String)
  case folder(path: String)
  case unreadable(path: String, reason: String)
  case empty(path: String)
  case unknownKind(path: String)
  case damaged(path: String, format: PictureFormat, reason: String)
  case tooLarge(path: String, width: Int, height: Int)
  case fileTooLong(path: String, limit: Int)

  case unknownEnding(path: String)
  case outputIsNotAFile(path: String)
  case missingOutputFolder(path: String, folder: String)
  case notWritable(path: String, reason: String)
  case notEncodable(format: PictureFormat, width: Int, height: Int, reason: String)

  /// The process's exit status, after sysexits.h: 65 bad data, 66 missing input, 73 cannot write.
  var exitStatus: Int32 {
    switch self {
    case .empty, .unknownKind, .damaged, .tooLarge, .fileTooLong: 65
    case .missing, .folder, .unreadable: 66
    case .unknownEnding, .outputIsNotAFile, .missingOutputFolder, .notWritable, .notEncodable: 73
    }
  }
}

extension PictureError {
  init(_ error: AtomicFileError) {
    switch error.cause {
    case .missingFolder(let folder): self = .missingOutputFolder(path: error.path, folder: folder)
    case .notAFile: self = .outputIsNotAFile(path: error.path)
    case .system(let code): self = .notWritable(path: error.path, reason: String(cString: strerror(code)))
    }
  }
}

extension PictureError: CustomStringConvertible {
  var description: String {
    switch self {
    case .missing(let path):
      "'\(path)' does not exist; check the path"
    case .folder(let path):
      "'\(path)' is a folder; name a PNG or JPEG file"
    case .unreadable(let path, let reason):
      "'\(path)' cannot be read (\(reason)); check its permissions"
    case .empty(let path):
      "'\(path)' is empty; name a PNG or JPEG file"
    case .unknownKind(let path):
      "'\(path)' is neither a PNG nor a JPEG, whatever its name says; convert it to one of them"
    case .damaged(let path, let format, let reason):
      "'\(path)' is a damaged or unsupported \(format) (\(reason)); get an intact copy or save it again"
    case .tooLarge(let path, let width, let height):
      """
      '\(path)' declares \(width)×\(height) pixels, more than the limit of \(Picture.pixelLimit); \
      scale it down first
      """
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
