import Foundation
import StyleTransfer

/// The files of a film's frame.
struct FilmFrame: Sendable {
  /// As it was filmed.
  let content: String
  /// As it is painted.
  let output: String
  /// The picture that it begins from, so that it can be made again by its settings alone; there where the frame goes on
  /// with the scene of the one before.
  let start: String
}

/// What a frame of a film begins from: the frame before.
struct FrameBefore: Sendable {
  /// The film as far as this frame.
  let frames: ArraySlice<FilmFrame>
  /// How the frame is painted when it is the first of a scene.
  let alone: Recipe

  private var own: FilmFrame { frames[frames.endIndex - 1] }
  private var before: FilmFrame { frames[frames.endIndex - 2] }
  /// The frame before, as it was painted.
  var output: String { before.output }

  /// Moves what was painted to where its parts are in this frame, and paints over it what is new there.
  ///
  /// - Returns: Whether the frame goes on with the scene; else there is no start.
  /// - Throws: ``PictureError`` when a frame cannot be read, or the start not written.
  func writeStart() throws -> Bool {
    let painted = try Picture(contentsOf: before.output)
    // The motion is looked for at the size that is painted.
    func frame(_ path: String) throws -> Picture {
      try Picture(contentsOf: path).resized(width: painted.width, height: painted.height).overWhite
    }
    let (earlier, now) = (try frame(before.content), try frame(own.content))
    let motion = Motion(from: earlier, to: now)
    if motion.isCut {
      try? FileManager.default.removeItem(atPath: own.start)
      return false
    }
    let news = PaintedNews(from: motion.moving(earlier), to: now)
    let start = news.over(motion.moving(painted), coloursOf: earlier, as: painted)
    try FileManager.default.makeFolder((own.start as NSString).deletingLastPathComponent)
    try start.write(to: own.start, as: PictureEncoding(bitDepth: .sixteen))
    return true
  }

  /// The first frame of the scene that this one goes on with.
  var firstOfScene: FilmFrame {
    let others = frames.dropLast()
    let first = others.dropFirst().last { !FileManager.default.fileExists(atPath: $0.start) }
    return first ?? others[others.startIndex]
  }
}
