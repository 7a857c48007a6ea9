import Foundation
import NN
import Tensor

/// One style transfer, from files to a file.
struct StyleTransfer {
  let command: Transfer

  func run() throws {
    let output = command.output
    // What can fail without work is tried first, so that nobody waits for an error.
    try output.checkWritable()
    let contentPicture = try Picture(contentsOf: command.content)
    let stylePicture = try Picture(contentsOf: command.style)
    let initialPicture = try command.initialPicture()
    let network = try command.network.loadNetwork()
    let layers = (command.contentLayers.layers + command.styleLayers.layers).map(\.layer)
    let content = try contentPicture.resized(longestSide: command.size, for: layers, path: command.content)
    let style = try stylePicture.resized(longestSide: command.size, for: layers, path: command.style)

    var progress = ProgressReporter(iterations: command.optimization.iterations, isQuiet: output.quiet)
    progress.note(
      "Repainting \(command.content) after \(command.style) at \(content.width)×\(content.height) pixels, "
        + "\(command.optimization.iterations) iterations")
    let log = try output.log.map(RunLog.init)
    let weightsHash = try network.weights.sha256()
    func save(_ picture: Tensor<Float>, as path: String, iteration: Int) throws {
      let settings = command.settings(weightsSHA256: weightsHash, iteration: iteration)
      try Picture(picture, alpha: content.alpha).write(to: path, as: output.encoding(settings: settings.json))
    }

    let objective = try StyleTransferObjective(
      network: network, content: content.tensor, style: style.tensor,
      contentLayers: command.contentLayers.layers, styleLayers: command.styleLayers.layers,
      weights: command.weights, normalization: command.normalization)
    let interruption = Interruption()
    let optimization = PictureOptimization(
      iterations: command.optimization.iterations, shouldStop: { interruption.isRequested })
    let outcome = try optimization.run(
      from: startingPicture(content, initialPicture), with: command.optimization.method,
      objective: { try evaluate(objective, at: $0) },
      onIteration: { record, picture in
        progress.update(record)
        try log?.append(record)
        if output.wantsIntermediate(record.iteration, of: command.optimization.iterations) {
          try save(picture, as: output.intermediate(record.iteration), iteration: record.iteration)
        }
      })
    progress.finish()
    try save(outcome.picture, as: output.output, iteration: outcome.last.iteration)
    report(outcome, content, progress)
    if outcome.ending == .interrupted {
      throw Failure(.interrupted, "interrupted; the best picture so far is in '\(output.output)'")
    }
  }

  private func evaluate(
    _ objective: StyleTransferObjective, at picture: Tensor<Float>
  ) throws -> (terms: ObjectiveTerms, gradient: Tensor<Float>) {
    let (_, gradient, terms) = try objective.valueWithGradient(at: picture)
    return (
      ObjectiveTerms(
        content: terms.content, style: terms.style, tv: terms.totalVariation, total: terms.total),
      gradient
    )
  }

  /// Where the run starts, at the size of `content`.
  private func startingPicture(_ content: Picture, _ initial: Picture?) -> Tensor<Float> {
    if let initial {
      return initial.resized(width: content.width, height: content.height).tensor.clamped(to: 0...1)
    }
    guard command.initial == Transfer.noiseName else { return content.tensor.clamped(to: 0...1) }
    var generator = RandomGenerator(seed: command.optimization.seed)
    return Tensor.normal(
      [1, 3, content.height, content.width], mean: 0.5, standardDeviation: Self.noiseAmplitude,
      using: &generator
    ).clamped(to: 0...1)
  }

  /// The standard deviation of the noise around grey that `--init noise` starts from, in units of the pixel range.
  private static let noiseAmplitude: Float = 0.1

  private func report(
    _ outcome: PictureOptimization.Outcome, _ content: Picture, _ progress: ProgressReporter
  ) {
    if case .finished(let reason) = outcome.ending {
      progress.note("Ended at iteration \(outcome.last.iteration): \(reason)")
    }
    progress.note(
      "Wrote \(command.output.output): \(content.width)×\(content.height) pixels, "
        + "\(outcome.last.iteration) iterations, \(outcome.last.evaluations) evaluations, "
        + readable(.seconds(outcome.last.seconds)))
  }
}
