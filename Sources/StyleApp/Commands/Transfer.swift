import ArgumentParser
import NN
import StyleTransfer

/// `impasto transfer`: the content of one picture in the style of others.
struct Transfer: PictureCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repaint a picture in the style of another.",
    discussion: """
      Layers are conv_1 to conv_16, each convolution's output before its ReLU; conv4_1, relu4_1 and features.19 \
      are understood too. The defaults shown are those of the preset 'study'; --preset list shows them all.
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
  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if preset == Preset.listName { throw CleanExit.message(Preset.list) }
    try checkFlags()
  }

  func settings() throws -> Settings {
    var chosen = SettingsPatch()
    chosen.set(.preset, preset)
    return try .resolved(
      .transfer, common.patches([content, style, balance, optimization, network, output]) + [chosen])
  }
}

/// How much of the photograph stays.
struct BalanceOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(
      "From photograph (0) to painting (1), in place of the weights.", valueName: "b"))
  var balance: Double?

  @Option(
    help: ArgumentHelp(
      "Weight of the content loss (\(Preset.defaults(\.contentWeight))).", valueName: "w"))
  var contentWeight: Double?

  @Option(
    help: ArgumentHelp("Weight of the style loss (\(Preset.defaults(\.styleWeight))).", valueName: "w")
  )
  var styleWeight: Double?

  @Option(
    help: ArgumentHelp(
      "Keep the content's colours: luminance (paint lightness alone) or linear (recolour the style first).",
      valueName: "kind"))
  var keepColors: Settings.ColorKeeping?

  @Option(
    help: ArgumentHelp(
      "How colours are matched for --keep-colors linear: cholesky, pca or symmetric (default: "
        + "\(Settings.Defaults.colorMatching.rawValue)).", valueName: "kind"))
  var colorMatching: ColorMatching?

  func add(to patch: inout SettingsPatch) {
    patch.set(.balance, balance)
    patch.set(.contentWeight, contentWeight)
    patch.set(.styleWeight, styleWeight)
    patch.set(.keepColors, keepColors?.rawValue)
    patch.set(.colorMatching, colorMatching?.rawValue)
  }
}
