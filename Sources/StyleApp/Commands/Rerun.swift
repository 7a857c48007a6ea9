import ArgumentParser
import Foundation
import StyleTransfer

/// `impasto rerun`: the run that made a picture once more, to the same bytes.
struct Rerun: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repeat the run that made a picture, from the settings in it.",
    discussion: """
      The pictures that it was made from are looked for in the picture's folder and in the current folder, by name \
      and SHA-256; they must be the same, and so must the weights.
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
    let recipe = try recipe()
    try PictureRun(
      recipe: recipe, output: OutputFile(path: outputPath(), for: recipe), machine: machine,
      planning: planning,
      isQuiet: quiet
    ).run()
  }

  /// The recipe in the picture, with the files where they are now.
  func recipe() throws -> Recipe {
    guard let json = try Picture.settings(ofFileAt: picture) else {
      throw StyleTransferError(
        .badData, "'\(picture)' holds no settings; it was not made by impasto, or they were removed")
    }
    let changes = try RecipeChanges(json: Data(json.utf8), source: "the settings in '\(picture)'")
    guard let kind = changes.command else {
      throw StyleTransferError(.badData, "the settings in '\(picture)' do not say what made it")
    }
    let folders = [(picture as NSString).deletingLastPathComponent, "."]
    return try Recipe(kind, [changes]).findingFiles(in: folders)
  }

  func outputPath() throws -> String { try output ?? OutputFile(path: picture).named("-rerun") }
}
