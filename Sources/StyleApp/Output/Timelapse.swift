import ArgumentParser
import Foundation
import Platform
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

  private let kind: Kind
  private var animation: AnimatedPNG
  /// Iterations from one frame to the next.
  private let step: Int
  private var count = 0

  /// More would make a file that nobody can send.
  private static let frameLimit = 60

  /// - Throws: ``StyleTransferError`` when it cannot be written.
  init(_ path: String, _ size: (width: Int, height: Int), _ iterations: Int) throws {
    kind = try Kind(parsing: path)
    step = max(1, iterations / Self.frameLimit)
    animation = AnimatedPNG(
      width: size.width, height: size.height, frameDuration: .milliseconds(100),
      lastFrameDuration: .seconds(2))
    switch kind {
    case .animation(let path): try AtomicFile.checkWritable(path)
    case .folder(let path): try FileManager.default.makeFolder(path)
    }
  }

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
  mutating func finish(with picture: Picture) throws {
    try append(picture)
    if case .animation(let path) = kind { try animation.write(to: path, settings: nil) }
  }
}
