import ArgumentParser
import Foundation
import NN
import Tensor

/// Which network a command looks through, and on how many threads.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How the network makes its pictures smaller: max or average.", valueName: "kind"))
  var pooling = VGG19.Pooling.max

  @Option(
    help: ArgumentHelp(
      "VGG-19's weights, a .pth or .safetensors file (default: those that 'make weights' fetched).",
      valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp("Threads to compute with (default: the cores given to the process).", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1 is needed") }
  }

  /// Sets the threads and reads the network.
  func loadNetwork() throws -> VGG19 {
    if let threads { Parallelism.threadCount = threads }
    return try WeightsLocator.loadNetwork(explicit: weights, pooling: pooling)
  }
}

/// How a picture is made better step by step.
struct OptimizationOptions: ParsableArguments {
  enum Method: String, CaseIterable, ExpressibleByArgument { case lbfgs, adam }

  @Option(help: ArgumentHelp("Iterations of the optimiser.", valueName: "n"))
  var iterations = 300

  @Option(help: "The optimiser: lbfgs or adam.")
  var optimizer = Method.lbfgs

  @Option(
    help: ArgumentHelp(
      "Adam's step size, in units of the pixel range 0…1 (default: \(Self.defaultLearningRate)).",
      valueName: "r"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp("Steps that L-BFGS remembers (default: \(Self.defaultHistory)).", valueName: "n"))
  var history: Int?

  @Option(help: ArgumentHelp("The seed of all randomness.", valueName: "n"))
  var seed: UInt64 = 0

  static let defaultLearningRate = 0.02
  static let defaultHistory = 20

  /// The optimiser, which keeps pixels in 0…1.
  var method: any Optimizer<Float> {
    switch optimizer {
    case .lbfgs: LBFGS(historySize: effectiveHistory, bounds: 0...1)
    case .adam: Adam(learningRate: effectiveLearningRate, bounds: 0...1)
    }
  }

  var effectiveLearningRate: Double { learningRate ?? Self.defaultLearningRate }
  var effectiveHistory: Int { history ?? Self.defaultHistory }

  func validate() throws {
    if iterations < 1 { throw ValidationError("--iterations \(iterations): at least 1 is needed") }
    if let learningRate {
      if optimizer != .adam { throw ValidationError("--learning-rate goes with --optimizer adam only") }
      if !(learningRate > 0 && learningRate.isFinite) {
        throw ValidationError("--learning-rate \(learningRate): a number above 0 is needed")
      }
    }
    if let history {
      if optimizer != .lbfgs { throw ValidationError("--history goes with --optimizer lbfgs only") }
      if history < 1 { throw ValidationError("--history \(history): at least 1 is needed") }
    }
  }
}

/// Where a run's results and its progress go.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The picture to write: .png, .jpg or .jpeg.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Bits a sample of a PNG: 8 or 16.", valueName: "bits"))
  var bitDepth: Int?

  @Option(help: ArgumentHelp("Quality of a JPEG, 1 to 100 (default: 95).", valueName: "q"))
  var quality: Int?

  @Option(help: ArgumentHelp("Also save the picture every n iterations, as NAME-000n.", valueName: "n"))
  var saveEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Write the losses of every iteration to a file, one JSON object a line.", valueName: "file.jsonl"))
  var log: String?

  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    guard let format = PictureFormat(endingOf: output) else {
      throw ValidationError(PictureError.unknownEnding(path: output).description)
    }
    if let bitDepth {
      if format != .png {
        throw ValidationError("--bit-depth goes with a PNG only, and '\(output)' is a JPEG")
      }
      if PictureEncoding.BitDepth(rawValue: bitDepth) == nil {
        throw ValidationError("--bit-depth \(bitDepth): 8 or 16 is needed")
      }
    }
    if let quality {
      if format != .jpeg {
        throw ValidationError("--quality goes with a JPEG only, and '\(output)' is a PNG")
      }
      if !(1...100).contains(quality) { throw ValidationError("--quality \(quality): 1 to 100 is needed") }
    }
    if let saveEvery, saveEvery < 1 {
      throw ValidationError("--save-every \(saveEvery): at least 1 is needed")
    }
  }

  /// Says early, before a long run, whether the picture can be written.
  func checkWritable() throws { try Picture.checkWritable(output) }

  /// Whether the picture of an iteration is saved beside the last one.
  func wantsIntermediate(_ iteration: Int, of iterations: Int) -> Bool {
    guard let saveEvery, iteration > 0, iteration < iterations else { return false }
    return iteration % saveEvery == 0
  }

  /// How the picture is put into its file, with `settings` inside it.
  func encoding(settings: String) -> PictureEncoding {
    var encoding = PictureEncoding()
    if let bitDepth, let depth = PictureEncoding.BitDepth(rawValue: bitDepth) { encoding.bitDepth = depth }
    if let quality { encoding.quality = quality }
    encoding.settings = settings
    return encoding
  }

  /// The name of the picture saved at `iteration`: `out.png` gives `out-0050.png`.
  func intermediate(_ iteration: Int) -> String {
    let ending = (output as NSString).pathExtension
    let stem = (output as NSString).deletingPathExtension
    return "\(stem)-\(String(format: "%04d", iteration)).\(ending)"
  }
}

extension VGG19.Pooling: ExpressibleByArgument {}
extension LossNormalization: ExpressibleByArgument {}
