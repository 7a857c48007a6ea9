import NN
import Tensor

/// One size of a run: its targets, where it starts, and how it is optimised.
struct Scale {
  private let width: Int
  private let height: Int
  let inputs: RunInputs.Scaled
  let objective: StyleTransferObjective

  init(_ settings: Settings, _ inputs: RunInputs, network: VGG19, _ step: Schedule.Step) throws {
    (width, height) = (step.width, step.height)
    self.inputs = inputs.scaled(width: width, height: height, ratio: step.ratio)
    objective = try Self.objective(settings, self.inputs, network)
  }

  private static func objective(
    _ settings: Settings, _ inputs: RunInputs.Scaled, _ network: VGG19
  ) throws -> StyleTransferObjective {
    func make(_ weights: StyleTransferObjective.Weights) throws -> StyleTransferObjective {
      try StyleTransferObjective(
        network: network, content: inputs.content,
        styles: zip(inputs.styles, settings.styleShares).filter { $1 > 0 }.map { .init($0, weight: $1) },
        contentLayers: settings.contentLayers?.layers ?? [], styleLayers: settings.styleLayers?.layers ?? [],
        weights: weights, statistic: settings.styleLoss ?? .gram, normalization: settings.normalization)
    }
    guard let balance = settings.balance else {
      return try make(
        .init(
          content: settings.contentWeight ?? 0, style: settings.styleWeight ?? 0,
          totalVariation: settings.tvWeight))
    }
    var objective = try make(
      .init(content: balance < 1 ? 1 : 0, style: balance > 0 ? 1 : 0, totalVariation: settings.tvWeight))
    if 0 < balance, balance < 1 {
      objective.weights.style = objective.styleWeight(balance: balance)
    }
    return objective
  }

  /// How much of the detail that a smaller size could not show is put back into the picture as it grows.
  private static let detail: Float = 0.7

  /// The picture that this size starts from.
  ///
  /// - Parameters:
  ///   - smaller: The picture that the size before ended with, and what it had started from.
  func start(_ settings: Settings, after smaller: (picture: Tensor<Float>, start: Tensor<Float>?)?)
    -> Tensor<Float>
  {
    guard let smaller else { return inputs.start ?? Self.noise(settings, width: width, height: height) }
    let grown = resized(smaller.picture, width: width, height: height)
    guard let own = inputs.start, let start = smaller.start else { return grown.clamped(to: 0...1) }
    let missing = own - resized(start, width: width, height: height)
    return (grown + missing * Tensor(Self.detail)).clamped(to: 0...1)
  }

  /// The noise that a run starts from.
  static func noise(_ settings: Settings, width: Int, height: Int) -> Tensor<Float> {
    var generator = RandomGenerator(seed: settings.seed)
    return Tensor.normal(
      [1, 3, height, width], mean: 0.5,
      standardDeviation: Float(settings.noiseAmplitude ?? Settings.Defaults.noiseAmplitude), using: &generator
    ).clamped(to: 0...1)
  }

  /// The optimiser, which keeps pixels in 0…1. It begins anew at each size: what it learned of the curvature
  /// belongs to pixels that are no more.
  func optimizer(_ settings: Settings) -> any Optimizer<Float> {
    switch settings.optimizer {
    case .adam:
      return Adam(learningRate: settings.learningRate ?? Settings.Defaults.learningRate, bounds: 0...1)
    case .lbfgs:
      let history = settings.history ?? Settings.Defaults.history
      guard settings.frequencyFilter ?? Settings.Defaults.frequencyFilter else {
        return LBFGS(historySize: history, bounds: 0...1)
      }
      let filter = InverseFrequencyFilter<Float>(
        height: height, width: width, boundary: settings.tileable == true ? .periodic : .mirrored)
      return LBFGS(historySize: history, bounds: 0...1, initialInverseHessian: { filter($0) })
    }
  }
}

/// A picture [1, 3, H, W] at another size, by Lanczos' filter.
func resized(_ picture: Tensor<Float>, width: Int, height: Int) -> Tensor<Float> {
  picture.resampled(to: width, axis: 3, method: .lanczos3).resampled(to: height, axis: 2, method: .lanczos3)
}
