import Foundation
import ImpastoPlatform

extension Picture {
  /// What stands for standard input in place of a path.
  package static let standardInput = "-"

  /// The picture that standard input holds.
  ///
  /// - Throws: ``PictureError``.
  package static func readingStandardInput(_ limits: ReadingLimits) throws -> Picture {
    let name = "standard input"
    let bytes = [UInt8](try FileHandle.standardInput.read(upToCount: limits.bytes + 1) ?? Data())
    guard bytes.count <= limits.bytes else {
      throw PictureError.fileTooLong(path: name, limit: limits.bytes)
    }
    var picture = try Picture(decoding: bytes, path: name, limits: limits)
    var digest = SHA256()
    digest.update(bytes)
    picture.origin = Picture.Origin(path: standardInput, sha256: digest.finish())
    return picture
  }
}

extension PictureSource {
  /// Whether the picture comes, or came, from standard input.
  package var isStandardInput: Bool { path == Picture.standardInput }
}

extension Recipe {
  /// Refuses more than one picture from standard input, which holds one.
  package func checkStandardInput() throws(RecipeError) {
    var count = 0
    _ = mapSources { (source) throws(Never) in
      if source.isStandardInput { count += 1 }
      return source
    }
    if count > 1 {
      throw RecipeError(
        "-: standard input holds one picture, and \(count) are to come from there; name files")
    }
  }

  /// The recipe with the picture that is called `-` read from standard input, where there is one.
  ///
  /// - Throws: ``PictureError``.
  package func readingStandardInput(_ limits: ReadingLimits) throws -> Recipe {
    var limits = limits
    limits.longestSide = neededSide
    return try mapSources { source in
      guard case .file = source, source.isStandardInput else { return source }
      return .picture(try .readingStandardInput(limits))
    }
  }
}
