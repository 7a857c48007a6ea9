import ArgumentParser
import Foundation
import ImpastoPlatform
import StyleTransfer
import Tensor

/// How a picture came about, as an animated PNG or a folder of numbered pictures.
struct Timelapse {
  /// Where it goes.
  enum Kind: Equatable {
    case animation(String)
    case folder(String)

    /// - Throws: `ValidationError` for the ending of another kind of picture.
    init(parsing path: String) throws {
      switch (path as NSString).pathExtension.lowercased() {
      case "png", "apng": self = .animation(path)
      case "": self = .folder(path)
      case let ending:
        throw ValidationError(
          "--timelapse '\(path)': a .png (animated) or a folder without an ending is needed, not .\(ending)")
      }
    }
  }

  /// What a checkpoint keeps: the frames themselves are in files.
  struct State: Codable {
    let count: Int
    let animation: AnimatedPNG.State
  }

  private let kind: Kind
  private var animation: AnimatedPNG
  /// Iterations from one frame to the next.
  private let step: Int
  private var count = 0

  /// More would make a file that nobody can send.
  static let frameLimit = 60

  /// - Parameter state: Where a timelapse goes on that was begun before.
  /// - Throws: ``StyleTransferError`` when it cannot be written.
  init(_ path: String, _ prepared: PreparedRecipe, from state: State? = nil) throws {
    kind = try Kind(parsing: path)
    step = max(1, prepared.iterations / Self.frameLimit)
    var spool: String?
    switch kind {
    case .animation(let path):
      try AtomicFile.checkWritable(path)
      spool = path + ".frames"
    case .folder(let path): try FileManager.default.makeFolder(path)
    }
    animation = AnimatedPNG(
      width: prepared.width, height: prepared.height, frameDuration: .milliseconds(100),
      lastFrameDuration: .seconds(2), spool: spool)
    guard let state else { return }
    count = state.count
    animation.goOn(from: state.animation)
  }

  var state: State { State(count: count, animation: animation.state) }

  func wants(_ iteration: Int) -> Bool { iteration % step == 0 }

  mutating func append(_ picture: Picture) throws {
    switch kind {
    case .animation: try animation.append(picture)
    case .folder(let path):
      count += 1
      try picture.write(to: "\(path)/\(String(format: "%04d", count)).png")
    }
  }

  /// Ends with the finished picture.
  func finish(with picture: Picture) throws {
    // Of a copy: the run may be gone on with, whose next frame then is the next.
    var whole = self
    try whole.append(picture)
    if case .animation(let path) = kind { try whole.animation.write(to: path, settings: nil) }
  }

  /// Deletes what a run that goes on would need.
  func discard() { animation.discardSpool() }
}
