import ArgumentParser
import Foundation
import StyleTransfer

/// Where a run's results and its progress go.
struct OutputOptions: ParsableArguments, SettingsOptions {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The picture to write: .png, .jpg or .jpeg.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Bits a sample of a PNG: 8 or 16.", valueName: "bits"))
  var bitDepth: Int?

  @Option(help: ArgumentHelp("Quality of a JPEG, 1 to 100 (default: 95).", valueName: "q"))
  var quality: Int?

  @Option(help: ArgumentHelp("Also save the picture every n iterations, as NAME-000n.", valueName: "n"))
  var saveEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Also save how the picture came about: an animated .png, or a folder of numbered pictures.",
      valueName: "out"))
  var timelapse: String?

  @Option(
    help: ArgumentHelp(
      "Write the losses of every iteration to a file, one JSON object a line.", valueName: "file.jsonl"))
  var log: String?

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var planning: PlanOptions

  func validate() throws {
    if let saveEvery, saveEvery < 1 {
      throw ValidationError("--save-every \(saveEvery): at least 1 is needed")
    }
    if let timelapse { _ = try Timelapse.Kind(parsing: timelapse) }
    if let output { _ = try RunOutput(path: output, bitDepth: bitDepth, quality: quality) }
  }

  /// - Throws: `ValidationError` when `-o` was not given.
  func path() throws -> String {
    // A plan writes nothing, and needs no name for it.
    if output == nil, planning.plan { return quality == nil ? "plan.png" : "plan.jpg" }
    guard let output else { throw ValidationError("-o is missing: the picture to write") }
    return output
  }

  func add(to patch: inout SettingsPatch) {
    patch.set(.bitDepth, bitDepth)
    patch.set(.quality, quality)
  }
}

/// The file that a run's picture goes to, and how.
struct RunOutput {
  let path: String
  let bitDepth: Int?
  let quality: Int?

  /// - Throws: `ValidationError` for an ending that is not written, and for an option of the other format.
  init(path: String, bitDepth: Int?, quality: Int?) throws {
    guard let format = PictureFormat(endingOf: path) else {
      throw ValidationError(PictureError.unknownEnding(path: path).description)
    }
    if let bitDepth {
      if format != .png {
        throw ValidationError("--bit-depth goes with a PNG only, and '\(path)' is a JPEG")
      }
      if PictureEncoding.BitDepth(rawValue: bitDepth) == nil {
        throw ValidationError("--bit-depth \(bitDepth): 8 or 16 is needed")
      }
    }
    if let quality {
      if format != .jpeg {
        throw ValidationError("--quality goes with a JPEG only, and '\(path)' is a PNG")
      }
      if !(1...100).contains(quality) { throw ValidationError("--quality \(quality): 1 to 100 is needed") }
    }
    (self.path, self.bitDepth, self.quality) = (path, bitDepth, quality)
  }

  /// How the picture is put into its file, with `settings` inside it.
  func encoding(settings: Settings) -> PictureEncoding {
    var encoding = PictureEncoding()
    if let bitDepth, let depth = PictureEncoding.BitDepth(rawValue: bitDepth) { encoding.bitDepth = depth }
    if let quality { encoding.quality = quality }
    encoding.settings = settings.json
    return encoding
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
