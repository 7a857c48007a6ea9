import Foundation
import ImpastoPlatform
import StyleTransfer

/// The file that a run's picture goes to.
struct OutputFile {
  /// What stands for standard output.
  static let standardOutput = "-"

  let path: String
  /// The kind of picture that is written.
  let format: PictureFormat
  var isStandardOutput: Bool { path == Self.standardOutput }

  /// The one place that judges a path by its name; whether it can be written is asked when a run begins.
  ///
  /// - Throws: `RecipeError` for an ending that is not written, and for a setting of the other format.
  init(path: String, bitDepth: Int? = nil, quality: Int? = nil) throws(RecipeError) {
    // Standard output has no ending to tell by.
    let told = path == Self.standardOutput ? quality == nil ? .png : .jpeg : PictureFormat(endingOf: path)
    guard let format = told else {
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
    (self.path, self.format) = (path, format)
  }

  /// The file of a picture after `recipe`.
  init(path: String, for recipe: Recipe) throws(RecipeError) {
    try self.init(path: path, bitDepth: recipe.bitDepth?.rawValue, quality: recipe.quality)
  }

  /// What messages call the file.
  var name: String { isStandardOutput ? "standard output" : path }

  /// Says early, before a long run, why nothing can be written there.
  ///
  /// - Parameter size: Of the picture, in pixels.
  /// - Throws: ``PictureError``, ``StyleTransferError``.
  func check(_ size: (width: Int, height: Int)? = nil, bitDepth: Int = 8) throws {
    if isStandardOutput {
      guard isatty(STDOUT_FILENO) == 0 else {
        throw StyleTransferError(
          .cannotWrite, "a picture is not written to a terminal; send standard output to a file or a program")
      }
      return
    }
    try Picture.checkWritable(path)
    guard let size, let free = DiskSpace.available(for: path) else { return }
    // Paintings lose a fifth when they are packed as PNG and nine tenths as JPEG at most.
    let least = Double(3 * size.width * size.height) * (format == .png ? Double(bitDepth) / 16 : 0.1)
    guard free < least else { return }
    throw StyleTransferError(
      .cannotWrite,
      "'\(path)' needs about \(ByteCount(2 * least)), and there is room for \(ByteCount(free)); free some space or choose "
        + "another disk")
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
