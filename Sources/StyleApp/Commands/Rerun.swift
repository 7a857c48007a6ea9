import ArgumentParser
import Foundation
import StyleTransfer

/// `impasto rerun`: the run that made a picture once more, to the same bytes.
struct Rerun: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repeat the run that made a picture, from the settings in it.",
    discussion: """
      The pictures that it was made from are looked for where they were, seen from the current folder, and must \
      be the same; so must the weights.
      """)

  @Argument(help: ArgumentHelp("A picture that impasto made.", valueName: "picture"))
  var picture: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The picture to write (default: PICTURE-rerun).", valueName: "file"))
  var output: String?

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var planning: PlanOptions
  @OptionGroup var machine: MachineOptions

  func run() throws {
    guard let json = try Picture.settings(ofFileAt: picture) else {
      throw StyleTransferError(
        .badData, "'\(picture)' holds no settings; it was not made by impasto, or they were removed")
    }
    let patch = try SettingsPatch(json: Data(json.utf8), source: "the settings in '\(picture)'")
    guard let command = patch.command else {
      throw StyleTransferError(.badData, "the settings in '\(picture)' do not say what made it")
    }
    let settings = try Settings.resolved(command, [patch])
    let path = try output ?? RunOutput(path: picture, bitDepth: nil, quality: nil).named("-rerun")
    var run = try PictureRun(settings: settings, path: path, isQuiet: quiet, machine: machine)
    (run.isPlan, run.memoryLimit) = (planning.plan, planning.memoryLimit)
    try run.run()
  }
}
