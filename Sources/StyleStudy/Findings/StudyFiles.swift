import Foundation
import StyleTransfer
import Tensor

/// The files beside the page that no run of their own makes.
enum StudyFiles {
  static let page = "index.html"
  static let numbers = "study.json"
  static let content = "content.png"
  static let style = "style.png"
  static let noise = "noise.png"
  static let seedsDifference = "difference-seeds.png"
  static let originalDifference = "difference-original.png"

  /// A file as the page and the numbers tell it, which others see: an absolute path without its folders, which are
  /// nobody else's business.
  static func shown(_ path: String) -> String {
    path.hasPrefix("/") ? (path as NSString).lastPathComponent : path
  }

  /// A recipe with its files so.
  static func shown(_ recipe: Recipe) -> Recipe {
    recipe.mapSources { (source) throws(Never) in
      guard case .file(let path, let sha256) = source else { return source }
      return .file(shown(path), sha256: sha256)
    }
  }

  static let shifts = [1, 2, 4, 8, 16, 32]

  /// A picture's pixels in other places, with what a reader calls each way.
  static func rearrangements(
    _ picture: Picture
  ) -> [(name: String, title: String, shift: Int?, picture: Picture)] {
    // An eighth of the longer side leaves things whole that are smaller than a block.
    let block = max(1, max(picture.width, picture.height) / 8)
    return shifts.map { ("shifted-\($0)", "Shifted by \($0) px", $0, picture.shifted(by: $0)) } + [
      ("mirrored", "Mirrored", nil, picture.mirrored),
      ("shuffled", "Blocks of \(block) px shuffled", nil, picture.shuffled(blocksOf: block, seed: 0)),
    ]
  }

  /// The noise that the runs start from, at the pictures' size.
  static func noise(_ run: StudyRun, like picture: Picture) throws -> Picture {
    try run.recipe().noise(width: picture.width, height: picture.height)
  }
}
