import ArgumentParser
import StyleTransfer

/// `impasto transfer`: the content of one picture in the style of others.
struct Transfer: PictureCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repaint a picture in the style of another.",
    discussion: """
      Layers are conv_1 to conv_16, each convolution's output before its ReLU; conv4_1, relu4_1 and features.19 \
      are understood too. The defaults shown are those of the preset '\(Preset.standard(for: .transfer).rawValue)'; --preset list \
      shows them all.
      """)

  @Option(
    help: ArgumentHelp(
      "A table of settings to begin from, or 'list' (default: \(Preset.standard(for: .transfer).rawValue)).",
      valueName: "name"))
  var preset: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Content") var content: ContentOptions
  @OptionGroup(title: "Style") var style: StyleOptions
  @OptionGroup(title: "Balance") var balance: BalanceOptions
  @OptionGroup(title: "Regions") var regions: RegionOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if preset == Preset.listName { throw CleanExit.message(Preset.list) }
    try checkFlags()
  }

  func recipe() throws -> Recipe {
    var chosen = RecipeChanges()
    chosen.preset = preset
    return try Recipe(
      .transfer, common.changes([content, style, balance, regions, optimization, network, output]) + [chosen])
  }
}
