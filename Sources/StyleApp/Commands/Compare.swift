import ArgumentParser
import Foundation
import NN
import StyleTransfer
import Tensor

/// `impasto compare`: how far a picture is from another, in pixels and in the eyes of the network.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell how far a picture is from another.",
    discussion: """
      PSNR, SSIM and MS-SSIM compare pixels; --perceptual adds LPIPS and DISTS, which know what people take for alike, \
      and --texture how much of A is in B as it stands and how much B repeats itself. \
      Per layer, with F and P the features of B and of A, and with their Gram \
      matrices G and A: the content distance is ‖F − P‖²/‖P‖² and the Gram distance 64·‖G − A‖²/‖A‖², which are \
      the losses of 'transfer'. A is the original; transparent pictures are compared over white. Where B has A's shape \
      in another size, A is scaled to B's, which the output says.
      """)

  @Argument(help: ArgumentHelp("The original.", valueName: "a"))
  var original: String

  @Argument(help: ArgumentHelp("The picture that is compared with it.", valueName: "b"))
  var other: String

  @Option(
    help: ArgumentHelp(
      "Write ½ + gain · (B − A), which is grey where they agree: \(PictureFormat.listOfEndings).",
      valueName: "file"))
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

  @Flag(help: "Scale A to B's size whatever its shape.")
  var fit = false

  @Flag(
    help: """
      Also LPIPS and DISTS, by networks that no picture here was made with. Their weights are a download of their own: \
      'make weights-perceptual'.
      """)
  var perceptual = false

  @Option(
    help: ArgumentHelp(
      "The folder with alexnet.ckpt, vgg16.ckpt and dists.pt (default: that of the cache).",
      valueName: "folder"))
  var perceptualWeights: String?

  @Flag(
    help: """
      Also how much B, a texture, copies of A, its source, in windows of \(TextureComparison.window) pixels, and how much it \
      repeats itself: 0 to 1, beside what A does of itself.
      """)
  var texture = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var planning: LookOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  static let defaultGain: Float = 4

  func validate() throws {
    if [original, other].allSatisfy({ $0 == Picture.standardInput }) {
      throw ValidationError("-: standard input holds one picture, and two are to come from there; name files")
    }
    if let difference, PictureFormat(endingOf: difference) == nil {
      throw ValidationError(PictureError.unknownEnding(path: difference).description)
    }
    if let gain {
      if difference == nil { throw ValidationError("--gain goes with --difference only") }
      if !(gain > 0 && gain.isFinite) {
        throw ValidationError("--gain \(gain): a number above 0 is needed")
      }
    }
    if perceptualWeights != nil, !perceptual {
      throw ValidationError("--perceptual-weights goes with --perceptual only")
    }
    try asUsage { try layers.checkUnweighted(for: "distances") }
  }

  func run() throws {
    if let difference { try Picture.checkWritable(difference) }
    let perceptualWeights = perceptual ? PerceptualWeights(folder: self.perceptualWeights) : nil
    if !planning.plan { try perceptualWeights?.checkNetworks() }
    let limits = machine.reading.limits(memory: planning.memoryLimit)
    var pictures = try [original, other].map { path in
      try
        (path == Picture.standardInput
        ? .readingStandardInput(limits) : Picture(contentsOf: path, limits: limits))
        .overWhite
    }
    let scaling = try scaling(pictures[0], to: pictures[1])
    let wanted = layers.layers.map(\.layer)
    let network = try machine.loadNetwork(network)
    let plan = LookPlan(
      .init(
        network, layers: Set(wanted), pictures: 2,
        sourcePixels: pictures.reduce(0) { $0 + Double($1.width * $1.height) }, isPerceptual: perceptual,
        isTexture: texture),
      width: pictures[1].width, height: pictures[1].height)
    if planning.plan { return print(plan) }
    try plan.checkMemory(planning.memoryLimit) {
      "the largest that fits has a longer side of \($0) pixels; scale the pictures to that, or choose earlier layers"
    }
    if scaling != nil {
      // As a file of that size would hold it: the filter goes beyond 0 … 1 beside sharp edges.
      pictures[0] = Picture(
        pictures[0].resized(width: pictures[1].width, height: pictures[1].height).tensor.clamped(to: 0...1))
    }
    for (picture, path) in zip(pictures, [original, other]) {
      _ = try picture.resized(longestSide: 0, for: wanted, path: path)
    }
    let comparison = PictureComparison(pictures[0], pictures[1])
    let finding =
      texture
      ? ComparisonReport.TextureFinding(TextureComparison(source: pictures[0], texture: pictures[1])) : nil
    pictures = []
    let distances = try comparison.distances(at: wanted, network: network)
    if let difference {
      try comparison.differencePicture(gain: gain ?? Self.defaultGain).write(to: difference)
    }
    let similarities = comparison.similarities()
    let report = ComparisonReport(
      original: original, other: other, scaling: scaling, psnr: comparison.peakSignalToNoiseRatio,
      ssim: similarities.single?.channelMean, lumaSSIM: similarities.single?.luma,
      multiScaleSSIM: similarities.multi?.channelMean, lumaMultiScaleSSIM: similarities.multi?.luma,
      perceptual: try perceptualWeights.map(comparison.perceptualDistances),
      texture: finding,
      layers: zip(layers.names, wanted).compactMap { name, layer in
        distances[layer].map {
          .init(layer: name, content: $0.content, gram: StyleStatistic.gram.relativeScale * $0.gram)
        }
      })
    if json {
      // What is left out there is said here.
      for line in report.absences { Terminal.write("impasto: \(line)\n") }
      print(try report.json())
    } else {
      print(report.text)
    }
  }

  /// How the original comes to the other picture's size; `nil` where it has it.
  ///
  /// - Throws: `StyleTransferError` where its shape is another and it was not asked for.
  private func scaling(_ picture: Picture, to other: Picture) throws -> ComparisonReport.Scaling? {
    let (from, to) = ((picture.width, picture.height), (other.width, other.height))
    if from == to { return nil }
    guard fit || Self.haveOneShape(from, to) else {
      throw StyleTransferError(
        .badData,
        "'\(original)' has \(from.0)×\(from.1) pixels and '\(self.other)' has \(to.0)×\(to.1), which is another shape; "
          + "scale one of them, or stretch the first with --fit")
    }
    return .init(from: [from.0, from.1], to: [to.0, to.1])
  }

  /// Whether one size is the other times a number, with both sides rounded to whole pixels.
  static func haveOneShape(_ a: (Int, Int), _ b: (Int, Int)) -> Bool {
    func isScaled(_ a: (Int, Int), _ b: (Int, Int)) -> Bool {
      func factors(_ side: Int, _ scaled: Int) -> Range<Double> {
        (Double(scaled) - 0.5) / Double(side)..<(Double(scaled) + 0.5) / Double(side)
      }
      return factors(a.0, b.0).overlaps(factors(a.1, b.1))
    }
    return isScaled(a, b) || isScaled(b, a)
  }
}
