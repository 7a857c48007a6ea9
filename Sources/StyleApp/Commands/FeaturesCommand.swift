import ArgumentParser
import Foundation
import NN
import Platform
import StyleTransfer
import Tensor

/// `impasto features`: what the network sees in a picture, as numbers that anyone can recompute.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Write what the network sees in a picture.",
    discussion: """
      The safetensors file holds one tensor [1, C, H, W] a layer under the name given, with --gram also its Gram \
      matrix F·Fᵀ/M [C, C] as NAME.gram, and 'image', the [1, 3, H, W] RGB in 0…1 that was fed to the network.
      """)

  @Option(help: ArgumentHelp("The picture.", valueName: "picture"))
  var image: String

  @Option(
    help: ArgumentHelp("The layers, such as conv_1,conv_9, conv_5...conv_8 or all.", valueName: "layers"),
    transform: LayerList.init(parsing:))
  var layers: LayerList

  @Option(
    name: [.customShort("o"), .long], help: ArgumentHelp("The file to write.", valueName: "out.safetensors"))
  var output: String

  @Flag(help: "Write Gram matrices as well.")
  var gram = false

  @Option(help: ArgumentHelp("The longer side in pixels; 0 keeps the picture's own.", valueName: "pixels"))
  var size = 0

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if size < 0 { throw ValidationError("--size \(size): 0 or more is needed") }
    if size > Recipe.sideLimit {
      throw ValidationError("--size \(size): at most \(Recipe.sideLimit) is possible")
    }
    if (output as NSString).pathExtension.lowercased() != "safetensors" {
      throw ValidationError("--output '\(output)': the name must end with .safetensors")
    }
    try asUsage { try layers.checkUnweighted(for: "features") }
  }

  func run() throws {
    try AtomicFile.checkWritable(output)
    let wanted = layers.layers.map(\.layer)
    let picture = try Picture(
      contentsOf: image,
      limits: ReadingLimits(pixels: machine.reading.pixels, longestSide: size == 0 ? nil : size)
    ).resized(longestSide: size, for: wanted, path: image)
    let network = try machine.loadNetwork(network)
    let fed = picture.tensor
    let features = try network(fed, layers: wanted)
    var tensors = ["image": fed]
    for (name, layer) in zip(layers.names, wanted) {
      guard let feature = features[layer] else { continue }
      tensors[name] = feature
      if gram {
        let channels = feature.shape[1]
        tensors["\(name).gram"] = feature.gramMatrix().reshaped(to: [channels, channels])
      }
    }
    let metadata = [
      "image": image, "pooling": network.pooling.rawValue, "padding": network.padding.rawValue,
      "impasto": Version.current,
      "weights-sha256": try network.weights.sha256(),
    ]
    do {
      try Safetensors.write(tensors, metadata: metadata, to: output)
    } catch {
      throw StyleTransferError(.cannotWrite, "\(error)")
    }
    if let hash = metadata["weights-sha256"],
      let warning = WeightsLocator.warning(path: network.weights.path, sha256: hash)
    {
      Terminal.write("impasto: warning: \(warning)\n")
    }
    print("Wrote \(output): \(tensors.keys.sorted().joined(separator: ", "))")
  }
}
