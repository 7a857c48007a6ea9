import NN
import StyleTransfer
import Tensor

/// The files that a run leaves: its picture, those on the way, and the timelapse.
struct RunFiles {
  private var settings: Settings
  private let output: RunOutput
  private let network: VGG19
  /// What gives the picture its colours where only lightness is painted.
  private let colours: Tensor<Float>?
  private let alpha: [Float]?
  private let size: (width: Int, height: Int)
  private let saveEvery: Int?
  private var timelapse: Timelapse?
  /// The start of a size has the count of the iteration that ended the one before, whose picture stays.
  private var lastIteration = -1

  init(
    settings: Settings, inputs: RunInputs, output: RunOutput, network: VGG19, saveEvery: Int?,
    timelapse: Timelapse?
  ) {
    (self.settings, self.output, self.network) = (settings, output, network)
    (self.saveEvery, self.timelapse) = (saveEvery, timelapse)
    size = inputs.size
    let content = inputs.content?.resized(width: size.width, height: size.height)
    colours = settings.keepColors == .luminance ? content?.tensor : nil
    alpha = content?.alpha
  }

  /// Keeps the best picture after an iteration where it is wanted.
  mutating func note(_ picture: Tensor<Float>, at iteration: Int) throws {
    guard iteration > lastIteration else { return }
    lastIteration = iteration
    if let saveEvery, iteration > 0, iteration % saveEvery == 0, iteration < settings.scales!.iterations {
      try write(picture, to: output.intermediate(iteration), stoppedAt: iteration)
    }
    if timelapse?.wants(iteration) == true { try timelapse!.append(finished(picture)) }
  }

  mutating func save(_ outcome: Growth.Outcome) throws {
    try write(
      outcome.picture, to: output.path, stoppedAt: outcome.isInterrupted ? outcome.last.iteration : nil)
    if timelapse != nil {
      try timelapse!.append(finished(outcome.picture))
      try timelapse!.finish()
    }
  }

  private mutating func write(_ picture: Tensor<Float>, to path: String, stoppedAt: Int?) throws {
    // Found only when there is something to save: it takes a moment, and a start should not wait for it.
    if settings.weightsSHA256 == nil { settings.weightsSHA256 = try network.weights.sha256() }
    settings.stoppedAtIteration = stoppedAt
    try finished(picture).write(to: path, as: output.encoding(settings: settings))
  }

  /// A picture on the way at the size of the last, in its colours.
  private func finished(_ picture: Tensor<Float>) -> Picture {
    let picture = resized(picture, width: size.width, height: size.height)
    return Picture(colours.map { $0.replacingLuminance(with: picture) } ?? picture, alpha: alpha)
  }
}
