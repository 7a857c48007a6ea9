import Foundation
import StyleTransfer

/// What the next frame of a film begins from.
struct FrameBefore: Sendable {
  /// The frame before, as it was filmed.
  let content: String
  /// The frame before, as it was painted.
  let output: String
  /// Where the picture goes that the next frame begins from, so that it can be made again by its settings alone.
  let start: String

  /// Moves what was painted to where its parts are in the next frame.
  ///
  /// - Parameter recipe: That of the next frame.
  /// - Throws: ``PictureError`` when a frame cannot be read, or the start not written.
  func writeStart(of recipe: Recipe) throws {
    guard let source = recipe.content?.picture.path else { return }
    let painted = try Picture(contentsOf: output)
    // The motion is looked for at the size that is painted.
    func frame(_ path: String) throws -> Picture {
      try Picture(contentsOf: path).resized(width: painted.width, height: painted.height)
    }
    let motion = try Motion(from: frame(content), to: frame(source))
    try FileManager.default.makeFolder((start as NSString).deletingLastPathComponent)
    try motion.moving(painted).write(to: start, as: PictureEncoding(bitDepth: .sixteen))
  }
}
