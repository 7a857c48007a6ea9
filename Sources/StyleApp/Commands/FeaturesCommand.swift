import ArgumentParser
import Foundation
import ImpastoPlatform
import NN
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

  @OptionGroup var planning: LookOptions
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
    if !planning.plan { try AtomicFile.checkWritable(output) }
    let wanted = layers.layers.map(\.layer)
    let source = try Picture(
      contentsOf: image,
      limits: machine.reading.limits(memory: planning.memoryLimit, side: size == 0 ? nil : size))
    let network = try machine.loadNetwork(network)
    let seen = source.sizeWhen(longestSide: size)
    // Beyond that it is refused for its size.
    if seen.width * seen.height <= Picture.pixelLimit {
      let plan = LookPlan(
        .init(
          network, layers: Set(wanted), pictures: 1, sourcePixels: Double(source.width * source.height)),
        width: seen.width, height: seen.height)
      let bytes = shapes(seen).values.reduce(0) { $0 + 4 * Double($1.reduce(1, *)) }
      if planning.plan { return print("\(plan)\nfile: \(ByteCount(bytes))") }
      try plan.checkMemory(planning.memoryLimit) { "the largest --size that fits is \($0)" }
      try checkRoom(bytes)
    }
    // What is clear is not there, whatever colour lies hidden in the file.
    let picture = try source.resized(longestSide: size, for: wanted, path: image).overWhite
    let metadata = [
      // The folder is nobody else's business.
      "image": (image as NSString).lastPathComponent, "pooling": network.pooling.rawValue,
      "padding": network.padding.rawValue,
      "impasto": Version.current,
      "weights-sha256": try network.weights.sha256(),
    ]
    let shapes = shapes((picture.width, picture.height))
    do {
      try Safetensors.write(shapes: shapes, metadata: metadata, to: output) { write in
        try self.write(picture.tensor, network, wanted, with: write)
      }
    } catch let error as SerializationError {
      throw StyleTransferError(.cannotWrite, "\(error)")
    }
    if let hash = metadata["weights-sha256"],
      let warning = WeightsLocator.warning(path: network.weights.path, sha256: hash)
    {
      Terminal.write("impasto: warning: \(warning)\n")
    }
    print("Wrote \(output): \(shapes.keys.sorted().joined(separator: ", "))")
  }

  /// The shapes of the tensors in the file of a picture of that size.
  private func shapes(_ size: (width: Int, height: Int)) -> [String: Shape] {
    var shapes: [String: Shape] = ["image": [1, 3, size.height, size.width]]
    for (name, layer) in zip(layers.names, layers.layers.map(\.layer)) {
      let (channels, shift) = (layer.channelCount, layer.halvings)
      shapes[name] = [1, channels, size.height >> shift, size.width >> shift]
      if gram { shapes["\(name).gram"] = [channels, channels] }
    }
    return shapes
  }

  private func checkRoom(_ bytes: Double) throws {
    guard let free = DiskSpace.available(for: output), free < bytes else { return }
    throw StyleTransferError(
      .cannotWrite,
      "'\(output)' needs \(ByteCount(bytes)), and there is room for \(ByteCount(free)); free some space, choose another "
        + "disk, a smaller --size or fewer layers")
  }

  /// Writes the features some rows at a time, so that those of a large picture need not be there as a whole.
  private func write(
    _ fed: Tensor<Float>, _ network: VGG19, _ wanted: [VGG19.Layer],
    with write: (String, Tensor<Float>, Int) throws -> Void
  ) throws {
    try write("image", fed, 0)
    var products: [VGG19.Layer: Tensor<Float>] = [:]
    try network.forEachBand(of: [fed], layers: Set(wanted)) { band in
      let features = band.features[0]
      for (name, layer) in zip(layers.names, wanted) where layer == band.layer {
        try write(name, features, band.rows.lowerBound)
      }
      guard gram else { return }
      let product = features.reshaped(to: [features.shape[1], -1]).selfProduct()
      products[band.layer] = products[band.layer].map { $0 + product } ?? product
    }
    for (name, layer) in zip(layers.names, wanted) {
      guard let product = products[layer] else { continue }
      let pixels = (fed.shape[2] >> layer.halvings) * (fed.shape[3] >> layer.halvings)
      try write("\(name).gram", product * Tensor(1 / Float(pixels)), 0)
    }
  }
}
