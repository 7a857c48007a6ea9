import ArgumentParser
import NN

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

  @Flag(help: "Make edges that meet, so that the texture can be repeated without a seam.")
  var tileable = false

  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func settings() throws -> Settings {
    var shape = SettingsPatch()
    shape.set(.width, width)
    shape.set(.height, height)
    if tileable {
      shape.set(.tileable, true)
      if network.padding == nil { shape.set(.padding, VGG19.Padding.circular.rawValue) }
    }
    return try .resolved(.texture, common.patches([style, optimization, network, output]) + [shape])
  }
}
