import Foundation
import NN
import StyleTransfer

/// One picture from its recipe to its file: what `transfer`, `texture`, `reconstruct` and `rerun` do.
struct PictureRun {
  let recipe: Recipe
  let output: OutputFile
  let machine: MachineOptions
  let planning: PlanOptions
  let isQuiet: Bool
  /// Iterations from one picture on the way to the next.
  var saveEvery: Int?
  /// Where it is shown how the picture came about.
  var timelapse: String?
  /// Where the losses of every iteration go.
  var log: String?

  func run() throws {
    let begin = ContinuousClock.now
    machine.useThreads()
    // What can fail without work is tried first, so that nobody waits for an error.
    if planning.plan { return try printPlan(since: begin) }
    try Picture.checkWritable(output.path)
    let prepared = try PreparedRecipe(recipe, pixelLimit: machine.reading.pixels)
    try RunPlan(prepared).checkMemory(planning.memoryLimit)
    var painting = try Painting(prepared, network: machine.loadNetwork())

    var progress = ProgressReporter(stages: prepared.stages, isQuiet: isQuiet)
    progress.note(announcement(prepared))
    for note in [prepared.sizeNote].compactMap({ $0 }) + prepared.enlargementNotes {
      Terminal.write("impasto: \(note)\n")
    }
    let log = try log.map(IterationLog.init(path:))
    let interruption = Interruption()
    var timelapse = try timelapse.map {
      try Timelapse($0, (prepared.width, prepared.height), prepared.iterations)
    }
    var lastNumber = -1
    var side = SideOutputs()
    while let iteration = try next(&painting, interruption) {
      progress.update(iteration)
      side.attempt("--log") { try log?.append(iteration) }
      let number = iteration.number
      // The start of a size has the number of the iteration that ended the one before, whose picture stays.
      guard number > lastNumber else { continue }
      lastNumber = number
      if let saveEvery, number > 0, number % saveEvery == 0, number < prepared.iterations {
        side.attempt("--save-every") { try painting.write(to: output.intermediate(number)) }
      }
      if timelapse?.wants(number) == true {
        side.attempt("--timelapse") { try timelapse?.append(painting.picture) }
      }
    }
    progress.finish()
    guard let last = painting.iteration else {
      throw StyleTransferError(
        .interrupted, "interrupted before the first evaluation; there is nothing to save")
    }
    try painting.write(to: output.path)
    side.attempt("--timelapse") { try timelapse?.finish(with: painting.picture) }
    progress.note(summary(painting, last, (ContinuousClock.now - begin) / .seconds(1)))
    if let warning = painting.weightsWarning { Terminal.write("impasto: warning: \(warning)\n") }
    if painting.ending == .stopped {
      throw StyleTransferError(
        .interrupted, "interrupted; the best picture so far is in '\(output.path)'")
    }
    if let failure = side.failure { throw failure }
  }

  /// Makes one more iteration. What the painting has come to is saved when that fails.
  private func next(_ painting: inout Painting, _ interruption: Interruption) throws -> Iteration? {
    do { return try painting.next(shouldStop: { interruption.isRequested }) } catch {
      if let iteration = painting.iteration, iteration.number > 0,
        (try? painting.write(to: output.path)) != nil
      {
        Terminal.endLine()
        Terminal.write("The best picture until then is in '\(output.path)'.\n")
      }
      throw error
    }
  }

  private func printPlan(since begin: ContinuousClock.Instant) throws {
    let prepared = try PreparedRecipe(recipe, pixelLimit: machine.reading.pixels)
    let network = try machine.loadNetwork()
    // A run puts the hash into its picture.
    _ = try Painting(prepared, network: network, weightsSHA256: network.weights.sha256())
    let reading = (ContinuousClock.now - begin) / .seconds(1)
    var cost = try prepared.cost(network, memoryLimit: planning.memoryLimit)
    cost.readingSeconds = reading
    print(cost)
  }

  private func announcement(_ prepared: PreparedRecipe) -> String {
    func names(_ sources: [PictureSource]) -> String { sources.compactMap(\.path).joined(separator: " and ") }
    let what =
      switch recipe.subject {
      case .transfer(let transfer):
        "Repainting \(names([transfer.content.picture])) after \(names(transfer.style.pictures))"
      case .texture(let texture): "Making a texture after \(names(texture.style.pictures))"
      case .reconstruction(let reconstruction):
        "Reconstructing \(names([reconstruction.content.picture])) from \(reconstruction.content.layers)"
      }
    return "\(what) at \(prepared.width)×\(prepared.height) pixels, scales \(prepared.scales)"
  }

  /// - Parameter seconds: What all of the run took, reading and writing too.
  private func summary(_ painting: Painting, _ last: Iteration, _ seconds: Double) -> String {
    var text =
      "Wrote \(output.path): \(painting.prepared.width)×\(painting.prepared.height) pixels, \(last.number) "
      + "iterations, \(last.evaluations) evaluations, \(readable(.seconds(seconds)))"
    if case .settled(let reason) = painting.ending { text += "; \(reason)" }
    // An optimiser that goes uphill, as Adam may, is not followed there.
    if let best = painting.best, best.number < last.number, best.total < last.total {
      text +=
        "; the picture is the best, of iteration \(best.number) with the loss \(short(best.total)), and the last had "
        + short(last.total)
    }
    return text
  }
}
