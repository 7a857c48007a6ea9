import ArgumentParser
import StyleTransfer

/// `impasto texture`: more of a picture's texture, of any size.
struct Texture: PictureCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a texture like a picture's, of any size.",
    discussion: """
      --size is the longer side at which the source is looked at; the texture has the source's shape at that \
      size unless --width and --height say another.
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Style") var style: StyleOptions

  @Option(help: ArgumentHelp("Width of the texture in pixels (default: the source's).", valueName: "pixels"))
  var width: Int?

  @Option(help: ArgumentHelp("Height of the texture in pixels (default: the source's).", valueName: "pixels"))
  var height: Int?

  @Flag(
    help: """
      Make edges that meet, so that the texture can be repeated without a seam; sides are rounded up to what the \
      network divides them by (16 with the default layers).
      """)
  var tileable = false

  @Option(
    help: ArgumentHelp(
      "Weight of the distance from the source's power spectrum, which keeps what repeats, such as bricks "
        + "(\(Preset.defaults(\.texture?.spectrumWeight))).", valueName: "w"))
  var spectrumWeight: Double?

  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func recipe() throws -> Recipe {
    var shape = RecipeChanges()
    (shape.width, shape.height, shape.spectrumWeight) = (width, height, spectrumWeight)
    // What is asked for beside a tile is told from what a preset has.
    if tileable { (shape.tileable, shape.padding) = (true, network.padding) }
    return try Recipe(.texture, common.changes([style, optimization, network, output]) + [shape])
  }
}
