import Foundation
import NN
import Tensor

/// One style transfer from files to a file.
struct StyleTransfer {
  let command: Transfer

  func run() throws {
    let (output, optimization) = (command.output, command.optimization)
    // All that can fail without work is tried first.
    try checkOutputs()
    let contentPicture = try Picture(contentsOf: command.content)
    let stylePicture = try Picture(contentsOf: command.style)
    let network = try command.network.loadNetwork()
    let content = contentPicture.resized(longestSide: command.size)
    let style = stylePicture.resized(longestSide: command.size)
    try checkSize(content, command.content, network)
    try checkSize(style, command.style, network)
    let start = try startingPicture(content)

    var progress = ProgressReporter(iterations: optimization.iterations, isQuiet: output.quiet)
    let log = try output.log.map(RunLog.init)
    let began = ContinuousClock.now
    progress.note(
      "Repainting \(command.content) after \(command.style) at \(content.width)×\(content.height) pixels")

    let objective = try StyleTransferObjective(
      network: network, content: content.tensor, style: style.tensor,
      contentLayers: command.contentLayers.weights, styleLayers: command.styleLayers.weights,
      contentWeight: command.contentWeight, styleWeight: command.styleWeight,
      totalVariationWeight: command.tvWeight, normalization: command.normalization)

    let interruption = Interruption()
    let outcome = try optimize(objective, from: start, until: interruption) { record, picture in
      progress.update(record)
      try log?.append(record)
      if let every = output.saveEvery, record.iteration > 0, record.iteration % every == 0,
        record.iteration < optimization.iterations
      {
        try save(picture, alpha: content.alpha, to: output.intermediate(record.iteration), record.iteration)
      }
    }
    progress.finish()
    try save(outcome.picture, alpha: content.alpha, to: output.output, outcome.last.iteration)
    report(outcome, content, readable(ContinuousClock.now - began), &progress)
  }
}
