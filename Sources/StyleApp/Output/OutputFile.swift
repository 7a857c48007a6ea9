import Foundation
import StyleTransfer

/// The file that a run's picture goes to.
struct OutputFile {
  let path: String

  /// The one place that judges a path by its name; whether it can be written is asked when a run begins.
  ///
  /// - Throws: `RecipeError` for an ending that is not written, and for a setting of the other format.
  init(path: String, bitDepth: Int? = nil, quality: Int? = nil) throws(RecipeError) {
    guard let format = PictureFormat(endingOf: path) else {
      throw RecipeError(PictureError.unknownEnding(path: path).description)
    }
    if let bitDepth {
      if !format.holdsSixteenBits {
        throw RecipeError("--bit-depth goes with a PNG, TIFF or JPEG XL only, and '\(path)' is a \(format)")
      }
      if PictureEncoding.BitDepth(rawValue: bitDepth) == nil {
        throw RecipeError("--bit-depth \(bitDepth): 8 or 16 is needed")
      }
    }
    if let quality {
      if !format.hasQuality {
        throw RecipeError("--quality goes with a JPEG or AVIF only, and '\(path)' is a \(format)")
      }
      if !(1...100).contains(quality) { throw RecipeError("--quality \(quality): 1 to 100 is needed") }
    }
    self.path = path
  }

  /// The file of a picture after `recipe`.
  init(path: String, for recipe: Recipe) throws(RecipeError) {
    try self.init(path: path, bitDepth: recipe.bitDepth?.rawValue, quality: recipe.quality)
  }

  /// The name of the picture saved at `iteration`: `out.png` gives `out-0050.png`.
  func intermediate(_ iteration: Int) -> String {
    named("-\(String(format: "%04d", iteration))")
  }

  /// The path with `suffix` before its ending.
  func named(_ suffix: String) -> String {
    let ending = (path as NSString).pathExtension
    return "\((path as NSString).deletingPathExtension)\(suffix).\(ending)"
  }
}
