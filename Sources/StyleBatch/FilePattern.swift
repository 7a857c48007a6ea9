import Foundation
import StyleTransfer

/// Files that a pattern stands for.
package enum FilePattern {
  /// The pictures that a pattern such as `photos/*.jpg` stands for, in order; a name without `*`, `?` or `[` stands for
  /// itself, and a folder for the pictures in it.
  ///
  /// - Throws: ``StyleTransferError`` when there are none.
  package static func pictures(_ pattern: String) throws -> [String] {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: pattern, isDirectory: &isFolder) {
      guard isFolder.boolValue else { return [pattern] }
      return try pictures((pattern as NSString).appendingPathComponent("*"))
    }
    guard pattern.contains(where: { "*?[".contains($0) }) else { return [pattern] }
    var found = glob_t()
    defer { globfree(&found) }
    var paths: [String] = []
    if glob(pattern, 0, nil, &found) == 0 {
      paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
    // What is no picture by its first bytes is passed over: a folder of photographs has other things in it.
    let pictures = paths.filter(isPicture)
    if pictures.isEmpty {
      throw StyleTransferError(
        .missingInput,
        paths.isEmpty
          ? "no file matches '\(pattern)'; check the path"
          : "none of the \(paths.count) files of '\(pattern)' is a picture that is read")
    }
    return pictures
  }

  private static func isPicture(_ path: String) -> Bool {
    guard FileManager.default.isRegularFile(path), let file = FileHandle(forReadingAtPath: path) else {
      return false
    }
    defer { try? file.close() }
    guard let head = try? file.read(upToCount: 32) else { return false }
    return PictureFormat(magicOf: Array(head)) != nil
  }

  /// The frames of a film: the files that `pattern` with its one `%d` or `%04d` names, from 0 or 1 on, without a gap.
  ///
  /// - Throws: ``RecipeError`` for a pattern without a number, ``StyleTransferError`` when there are no frames.
  package static func frames(_ pattern: String) throws -> [(number: Int, path: String)] {
    guard let match = pattern.firstMatch(of: /%(0?)(\d*)d/), pattern.count(where: { $0 == "%" }) == 1,
      let width = match.2.isEmpty ? 0 : Int(match.2), width < 20
    else {
      throw RecipeError(
        "--frames '\(pattern)': write the place of the number as %04d, such as 'frames/%04d.png'")
    }
    func path(_ number: Int) -> String {
      let digits = String(number)
      let fill = String(repeating: match.1.isEmpty ? " " : "0", count: max(0, width - digits.count))
      return pattern.replacingCharacters(in: match.range, with: fill + digits)
    }
    func exists(_ number: Int) -> Bool { FileManager.default.fileExists(atPath: path(number)) }
    guard let first = (0...1).first(where: exists) else {
      throw StyleTransferError(
        .missingInput, "neither '\(path(0))' nor '\(path(1))' exists, with which --frames begins")
    }
    var frames: [(number: Int, path: String)] = []
    while exists(first + frames.count) { frames.append((first + frames.count, path(first + frames.count))) }
    return frames
  }
}
