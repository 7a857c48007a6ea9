import ArgumentParser
import Foundation
import NN
import Tensor

/// `impasto transfer`: the content of one picture in the style of another.
struct Transfer: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repaint a picture in the style of another.",
    discussion: """
      Layers are conv_1 to conv_16, each convolution's output before its ReLU; conv4_1, relu4_1 and features.19 \
      are understood too, and conv_2:0.5 weighs a layer.
      """)

  @Option(help: ArgumentHelp("The picture whose content is kept (PNG or JPEG).", valueName: "picture"))
  var content: String

  @Option(help: ArgumentHelp("The picture whose style is taken (PNG or JPEG).", valueName: "picture"))
  var style: String

  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("The longer side in pixels; 0 keeps the pictures' own.", valueName: "pixels"))
  var size = 512

  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions

  @Option(
    help: ArgumentHelp(
      "Layers whose features are kept (default: \(LayerList.studyContent)).", valueName: "layers"),
    transform: LayerList.init(parsing:))
  var contentLayers = LayerList.studyContent

  @Option(
    help: ArgumentHelp(
      "Layers whose Gram matrices are matched (default: \(LayerList.studyStyle)).", valueName: "layers"),
    transform: LayerList.init(parsing:))
  var styleLayers = LayerList.studyStyle

  @Option(help: ArgumentHelp("Weight of the content loss.", valueName: "w"))
  var contentWeight = 1.0

  @Option(help: ArgumentHelp("Weight of the style loss.", valueName: "w"))
  var styleWeight = 0.5

  @Option(help: ArgumentHelp("Weight of the total variation, which smooths.", valueName: "w"))
  var tvWeight = 0.0

  @Option(help: "How losses are scaled: relative, mean, sum or study.")
  var normalization = LossNormalization.relative

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp("Where to start: content, noise or a picture.", valueName: "start"))
  var initial = Transfer.contentName

  @OptionGroup(title: "Network") var network: NetworkOptions

  func validate() throws {
    if size < 0 { throw ValidationError("--size \(size): 0 or more is needed") }
    for (name, weight) in [("content", contentWeight), ("style", styleWeight), ("tv", tvWeight)]
    where !(weight >= 0 && weight.isFinite) {
      throw ValidationError("--\(name)-weight \(weight): a number of 0 or more is needed")
    }
    if contentWeight == 0 && styleWeight == 0 && tvWeight == 0 {
      throw ValidationError(
        "all weights are 0, so there is nothing to do; give --content-weight or --style-weight")
    }
  }

  func run() throws {
    try StyleTransfer(command: self).run()
  }

  static let contentName = "content"
  static let noiseName = "noise"

  /// The picture to start from, where `--init` names one.
  func initialPicture() throws -> Picture? {
    [Self.contentName, Self.noiseName].contains(initial) ? nil : try Picture(contentsOf: initial)
  }

  var weights: StyleTransferObjective.Weights {
    .init(content: contentWeight, style: styleWeight, totalVariation: tvWeight)
  }

  /// The settings that the picture will carry.
  func settings(weightsSHA256: String, iteration: Int) -> TransferSettings {
    TransferSettings(
      content: content, style: style, size: size, iterations: optimization.iterations,
      optimizer: optimization.optimizer.rawValue,
      learningRate: optimization.optimizer == .adam ? optimization.effectiveLearningRate : nil,
      history: optimization.optimizer == .lbfgs ? optimization.effectiveHistory : nil,
      contentLayers: contentLayers.description, styleLayers: styleLayers.description,
      contentWeight: contentWeight, styleWeight: styleWeight, tvWeight: tvWeight,
      normalization: normalization.rawValue, initial: initial, seed: optimization.seed,
      pooling: network.pooling.rawValue, weightsSHA256: weightsSHA256,
      stoppedAtIteration: iteration == optimization.iterations ? nil : iteration)
  }
}
