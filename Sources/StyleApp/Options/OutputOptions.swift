import ArgumentParser
import StyleTransfer

/// Where a run's results and its progress go.
struct OutputOptions: ParsableArguments, RecipeOptions {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The picture to write: \(PictureFormat.listOfEndings); - is standard output, a PNG or with --quality a JPEG.",
      valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Bits a sample of a PNG, TIFF or JPEG XL: 8 or 16.", valueName: "bits"))
  var bitDepth: Int?

  @Option(help: ArgumentHelp("Quality of a JPEG or AVIF, 1 to 100 (default: 95).", valueName: "q"))
  var quality: Int?

  @Flag(
    name: .customLong("no-metadata"),
    help: "Leave the settings out of the picture, which then cannot be run again.")
  var leavesMetadataOut = false

  @Flag(help: "Write the picture in the content's own colours, with its profile, in place of sRGB.")
  var keepProfile = false

  @Option(help: ArgumentHelp("Also save the picture every n iterations, as NAME-000n.", valueName: "n"))
  var saveEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Also save how the picture came about: an animated .png, or a folder of numbered pictures.",
      valueName: "out"))
  var timelapse: String?

  @Option(
    help: ArgumentHelp(
      "Show the picture as it grows: a file that is written over, or in a terminal that knows kitty's, iTerm2's or sixel pictures.",
      valueName: "file|kitty|iterm2|sixel"))
  var preview: String?

  @Option(
    help: ArgumentHelp(
      "Write the losses of every iteration to a file, one JSON object a line.", valueName: "file.jsonl"))
  var log: String?

  @OptionGroup var checkpoint: CheckpointOptions

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var planning: PlanOptions

  func validate() throws {
    if let saveEvery, saveEvery < 1 {
      throw ValidationError("--save-every \(saveEvery): at least 1 is needed")
    }
    if output == OutputFile.standardOutput, saveEvery != nil {
      throw ValidationError("--save-every needs a name for its pictures, and -o is standard output")
    }
    if let timelapse { _ = try Timelapse.Kind(parsing: timelapse) }
    if let preview { _ = try Preview.Kind(parsing: preview) }
    if let output {
      _ = try asUsage { try OutputFile(path: output, bitDepth: bitDepth, quality: quality) }
    }
  }

  /// - Throws: `ValidationError` when `-o` was not given.
  func path() throws -> String {
    // A plan writes nothing, and needs no name for it.
    if output == nil, planning.plan { return quality == nil ? "plan.png" : "plan.jpg" }
    guard let output else { throw ValidationError("-o is missing: the picture to write") }
    return output
  }

  var side: SideOptions {
    SideOptions(saveEvery: saveEvery, timelapse: timelapse, log: log, preview: preview)
  }

  func add(to changes: inout RecipeChanges) {
    changes.bitDepth = bitDepth
    changes.quality = quality
    changes.metadata = leavesMetadataOut ? false : nil
    changes.keepProfile = keepProfile ? true : nil
  }
}

/// Where the state of a run is kept.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the state of the run there, for 'impasto resume' (default: beside the picture, while the run takes longer than two minutes).",
      valueName: "file"))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "Seconds from one state to the next, more where writing them would take over a twentieth of the time (default: \(Int(StateSchedule.interval))).",
      valueName: "seconds"))
  var checkpointEvery: Double?

  /// In seconds; what is beyond it does not fit into a point in time.
  private static let longestInterval = 1e9

  @Flag(help: "Keep no state.")
  var noCheckpoint = false

  func validate() throws {
    if let every = checkpointEvery, !(0...Self.longestInterval ~= every) {
      throw ValidationError(
        "--checkpoint-every \(every): a number from 0 to \(Int(Self.longestInterval)), thirty years, is needed"
      )
    }
    if noCheckpoint, checkpoint != nil || checkpointEvery != nil {
      throw ValidationError("--no-checkpoint contradicts --checkpoint and --checkpoint-every; leave it out")
    }
  }

  func plan(for output: OutputFile) -> CheckpointPlan {
    CheckpointPlan(
      path: noCheckpoint ? nil : checkpoint ?? CheckpointPlan.besides(output),
      isAsked: checkpoint != nil || checkpointEvery != nil,
      interval: checkpointEvery ?? StateSchedule.interval)
  }
}
