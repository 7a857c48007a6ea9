import ArgumentParser
import Foundation
import NN
import StyleTransfer
import Tensor

/// `impasto compare`: how far a picture is from another, in pixels and in the eyes of the network.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell how far a picture is from another of its size.",
    discussion: """
      PSNR and SSIM compare pixels. Per layer, with F and P the features of B and of A, and with their Gram \
      matrices G and A: the content distance is ‖F − P‖²/‖P‖² and the Gram distance 64·‖G − A‖²/‖A‖², which are \
      the losses of 'transfer'. A is the original; transparent pictures are compared over white.
      """)

  @Argument(help: ArgumentHelp("The original (PNG or JPEG).", valueName: "a"))
  var original: String

  @Argument(help: ArgumentHelp("The picture that is compared with it (PNG or JPEG).", valueName: "b"))
  var other: String

  @Option(
    help: ArgumentHelp(
      "Write ½ + gain · (B − A), which is grey where they agree: .png, .jpg or .jpeg.", valueName: "file"))
  var difference: String?

  @Option(
    help: ArgumentHelp("How much --difference is amplified (default: \(Self.defaultGain)).", valueName: "g"))
  var gain: Float?

  @Option(
    help: ArgumentHelp(
      "The layers, such as conv_1,conv_9 or conv_5...conv_8 (default: \(LayerList.all)).", valueName: "layers"
    ),
    transform: LayerList.init(parsing:))
  var layers = LayerList.all

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  static let defaultGain: Float = 4

  func validate() throws {
    if let difference, PictureFormat(endingOf: difference) == nil {
      throw ValidationError(PictureError.unknownEnding(path: difference).description)
    }
    if let gain {
      if difference == nil { throw ValidationError("--gain goes with --difference only") }
      if !(gain > 0 && gain.isFinite) {
        throw ValidationError("--gain \(gain): a number above 0 is needed")
      }
    }
    try asUsage { try layers.checkUnweighted(for: "distances") }
  }

  func run() throws {
    if let difference { try Picture.checkWritable(difference) }
    let pictures = try [original, other].map { try Picture(contentsOf: $0).overWhite }
    guard pictures[0].width == pictures[1].width && pictures[0].height == pictures[1].height else {
      let sizes = pictures.map { "\($0.width)×\($0.height)" }
      throw StyleTransferError(
        .badData,
        "'\(original)' has \(sizes[0]) pixels and '\(other)' has \(sizes[1]); only pictures of one size can be "
          + "compared, so scale one of them")
    }
    let wanted = layers.layers.map(\.layer)
    for (picture, path) in zip(pictures, [original, other]) {
      _ = try picture.resized(longestSide: 0, for: wanted, path: path)
    }
    let comparison = PictureComparison(pictures[0], pictures[1])
    let distances = try LossProbe(pictures[0], layers: wanted, network: machine.loadNetwork(network))
      .distances(of: pictures[1])
    if let difference {
      try comparison.differencePicture(gain: gain ?? Self.defaultGain).write(to: difference)
    }
    let report = ComparisonReport(
      original: original, other: other, psnr: comparison.peakSignalToNoiseRatio,
      ssim: comparison.structuralSimilarity?.channelMean, lumaSSIM: comparison.structuralSimilarity?.luma,
      layers: zip(layers.names, distances).map {
        .init(layer: $0, content: $1.content, gram: StyleStatistic.gram.relativeScale * $1.gram)
      })
    print(json ? try report.json() : report.text)
  }
}
