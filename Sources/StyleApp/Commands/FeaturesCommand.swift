import ArgumentParser
import Foundation
import NN
import Tensor

/// `impasto features`: what the network sees in a picture, as numbers that anyone can recompute.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Write what the network sees in a picture.",
    discussion: """
      The safetensors file holds one tensor [1, C, H, W] a layer under the name given, with --gram also its Gram \
      matrix F·Fᵀ/M [C, C] as NAME.gram, and 'image', the [1, 3, H, W] RGB in 0…1 that was fed to the network.
      """)

  @Option(help: ArgumentHelp("The picture (PNG or JPEG).", valueName: "picture"))
  var image: String

  @Option(help: ArgumentHelp("The layers, such as conv_1,conv_9.", valueName: "layers"))
  var layers: String

  @Option(
    name: [.customShort("o"), .long], help: ArgumentHelp("The file to write.", valueName: "out.safetensors"))
  var output: String

  @Flag(help: "Write Gram matrices as well.")
  var gram = false

  @Option(help: ArgumentHelp("The longer side in pixels; 0 keeps the picture's own.", valueName: "pixels"))
  var size = 0

  @OptionGroup(title: "Network") var network: NetworkOptions

  func validate() throws {
    if size < 0 { throw ValidationError("--size \(size): 0 or more is needed") }
    if (output as NSString).pathExtension.lowercased() != "safetensors" {
      throw ValidationError("--output '\(output)': the name must end with .safetensors")
    }
    _ = try namedLayers()
  }

  func run() throws {
    try AtomicFile.checkWritable(output)
    let named = try namedLayers()
    let picture = try Picture(contentsOf: image).resized(
      longestSide: size, for: named.map(\.layer), path: image)
    let network = try network.loadNetwork()
    let fed = picture.tensor
    let features = try network(fed, layers: named.map(\.layer))
    var tensors = ["image": fed]
    for (name, layer) in named {
      guard let feature = features[layer] else { continue }
      tensors[name] = feature
      if gram {
        let channels = feature.shape[1]
        tensors["\(name).gram"] = gramMatrix(feature).reshaped(to: [channels, channels])
      }
    }
    let metadata = [
      "image": image, "pooling": self.network.pooling.rawValue, "impasto": Version.current,
      "weights-sha256": try network.weights.sha256(),
    ]
    do {
      try Safetensors.write(tensors, metadata: metadata, to: output)
    } catch {
      throw Failure(.cannotWrite, "\(error)")
    }
    print("Wrote \(output): \(tensors.keys.sorted().joined(separator: ", "))")
  }

  /// Each layer with the name that the user gave it.
  private func namedLayers() throws -> [(name: String, layer: VGG19.Layer)] {
    var named: [(name: String, layer: VGG19.Layer)] = []
    for part in layers.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.trimmingCharacters(in: .whitespaces)
      if name.isEmpty { throw ValidationError("--layers '\(layers)': a name is missing between commas") }
      let layer: VGG19.Layer
      do { layer = try VGG19.Layer(name) } catch { throw ValidationError("--layers: \(error)") }
      if named.contains(where: { $0.name == name }) {
        throw ValidationError("--layers: '\(name)' is listed twice")
      }
      named.append((name, layer))
    }
    return named
  }
}
