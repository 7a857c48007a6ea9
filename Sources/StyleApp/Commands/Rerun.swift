import ArgumentParser
import Foundation
import StyleTransfer

/// `impasto rerun`: the run that made a picture once more, to the same bytes or with changes.
struct Rerun: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repeat the run that made a picture, from the settings in it.",
    discussion: """
      The pictures that it was made from are looked for in the picture's folder and in the current folder, by name \
      and SHA-256, and the weights must be the same: the picture is made again to the same bytes. With --size a small \
      try that one likes is made again, larger; --content and --style tell where the pictures are, or take others; \
      --set changes any setting, by its flag's name. A picture of the studio whose settings were changed on the way is \
      painted by the last of them alone, and said to be.
      """)

  @Argument(help: ArgumentHelp("A picture that impasto made.", valueName: "picture"))
  var picture: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The picture to write (default: PICTURE-rerun).", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("The picture whose content is kept.", valueName: "picture"))
  var content: String?

  @Option(
    help: ArgumentHelp(
      "A picture whose style is taken; as often as there are styles.", valueName: "picture"))
  var style: [String] = []

  @Option(
    help: ArgumentHelp("The longer side in pixels; the iterations at each size stay.", valueName: "pixels"))
  var size: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Another value of a setting, such as balance=0.7; may be given several times.", valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var checkpoint: CheckpointOptions

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var planning: PlanOptions
  @OptionGroup var machine: MachineOptions

  func validate() throws { _ = try asUsage { try changes() } }

  func run() throws {
    let made = try made()
    var recipe = try recipe(of: made)
    if let given = try changes().styles?.count, let count = made.styles?.count, given != count {
      // Other styles may be others in number; one that was forgotten is to be seen.
      Terminal.write(
        "impasto: '\(picture)' was made from \(count) \(count == 1 ? "style" : "styles"); this is made from the \(given) "
          + "that \(given == 1 ? "is" : "are") given\n")
    }
    if recipe.wasChanged {
      Terminal.write(
        "impasto: the settings of '\(picture)' were changed while it was painted, and it holds the last of them; "
          + "painted by these alone it will not be the same picture\n")
      recipe.wasChanged = false
    }
    try recipe.checkStandardInput()
    let file = try OutputFile(path: outputPath(), for: recipe)
    try PictureRun(
      output: file, machine: machine, planning: planning, isQuiet: quiet,
      checkpoint: checkpoint.plan(for: file)
    ).run(recipe)
  }

  /// What the flags change.
  private func changes() throws -> RecipeChanges {
    var changes = try RecipeChanges(assignments: settings)
    changes.content = content ?? changes.content
    changes.styles = style.isEmpty ? changes.styles : style
    changes.size = size ?? changes.size
    return changes
  }

  /// The recipe in the picture, with the files where they are now and what was changed.
  func recipe() throws -> Recipe { try recipe(of: made()) }

  /// The settings in the picture.
  private func made() throws -> RecipeChanges {
    guard let json = try Picture.settings(ofFileAt: picture) else {
      throw StyleTransferError(
        .badData, "'\(picture)' holds no settings; it was not made by impasto, or they were removed")
    }
    return try RecipeChanges(json: Data(json.utf8), source: "the settings in '\(picture)'")
  }

  private func recipe(of made: RecipeChanges) throws -> Recipe {
    guard let kind = made.command else {
      throw StyleTransferError(.badData, "the settings in '\(picture)' do not say what made it")
    }
    let folders = [(picture as NSString).deletingLastPathComponent, "."]
    let named = kind == .texture ? "--style" : "--content or --style"
    return try Recipe(kind, made.changed(by: changes())).findingFiles(
      in: folders, remedy: "put it there, or name it with \(named), or a mask as in --set mask=FILE")
  }

  func outputPath() throws -> String { try output ?? OutputFile(path: picture).named("-rerun") }
}
