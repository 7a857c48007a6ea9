import Foundation
import ImpastoPlatform
import NN
import StyleTransfer

/// One picture from its recipe to its file: what `transfer`, `texture`, `reconstruct`, `rerun` and `resume` do.
struct PictureRun {
  let output: OutputFile
  let machine: MachineOptions
  let planning: PlanOptions
  let isQuiet: Bool
  var side = SideOptions()
  let checkpoint: CheckpointPlan

  func run(_ recipe: Recipe) throws {
    let begin = ContinuousClock.now
    machine.useThreads()
    let recipe = try recipe.readingStandardInput(reading)
    if planning.plan { return try printPlan(recipe, since: begin) }
    let plan = try prepare(recipe)
    let prepared = plan.prepared
    var painting = try Painting(
      prepared, network: machine.loadNetwork(), memoryLimit: planning.memoryLimit, plan: plan)
    let progress = ProgressReporter(stages: prepared.stages, isQuiet: isQuiet)
    progress.note(announcement(prepared))
    for note in [prepared.sizeNote, alphaNote(prepared), recipe.precisionNote].compactMap({ $0 })
      + prepared.enlargementNotes
    {
      Terminal.write("impasto: \(note)\n")
    }
    if let path = checkpoint.path, (try? Checkpoint(contentsOf: path)) != nil {
      progress.note(
        "'\(path)' is there from a run that was stopped; 'impasto resume' goes on with that one, this one begins anew."
      )
    }
    // It is a transform of the source, which nobody waits for who hears nothing.
    if !isQuiet, let note = prepared.repetitionNote { progress.note(note) }
    for warning in warnings(prepared) { progress.note(warning) }
    try paint(&painting, progress, RunCheckpoint(checkpoint, isResumed: false), since: begin)
  }

  /// Goes on with the run that a checkpoint is of.
  func resume(_ checkpoint: Checkpoint, _ notes: RunNotes) throws {
    let begin = ContinuousClock.now
    machine.useThreads()
    let recipe = try checkpoint.recipe()
    if planning.plan { return try printPlan(recipe, since: begin) }
    let plan = try prepare(recipe)
    let prepared = plan.prepared
    var painting = try Painting(
      resuming: checkpoint, prepared, network: machine.loadNetwork(), memoryLimit: planning.memoryLimit,
      plan: plan)
    var progress = ProgressReporter(stages: prepared.stages, isQuiet: isQuiet)
    progress.note(
      announcement(prepared) + (painting.iteration.map { ", from iteration \($0.number) on" } ?? ""))
    if let note = recipe.precisionNote { Terminal.write("impasto: \(note)\n") }
    if let iteration = painting.iteration {
      progress.begin(at: iteration, after: painting.earlierIterations)
    }
    try paint(
      &painting, progress, RunCheckpoint(self.checkpoint, isResumed: true), since: begin, from: notes.state)
  }

  private var reading: ReadingLimits { machine.reading.limits(memory: planning.memoryLimit) }

  /// Reads the pictures, and tries what can fail without work, so that nobody waits for an error.
  private func prepare(_ recipe: Recipe) throws -> RunPlan {
    try output.check()
    let prepared = try PreparedRecipe(recipe, reading: reading)
    let plan = RunPlan(prepared, memoryLimit: planning.memoryLimit)
    try plan.checkMemory()
    try output.check(
      (prepared.width, prepared.height), bitDepth: prepared.recipe.bitDepth?.rawValue ?? 8)
    return plan
  }

  private func paint(
    _ painting: inout Painting, _ progress: ProgressReporter, _ checkpoint: RunCheckpoint,
    since begin: ContinuousClock.Instant, from state: SideOutputs.State? = nil
  ) throws {
    var (progress, checkpoint) = (progress, checkpoint)
    var side = try SideOutputs(side, output, painting.prepared, from: state)
    let interruption = Interruption()
    while let iteration = try next(&painting, interruption) {
      progress.update(iteration)
      side.note(iteration, of: &painting)
      checkpoint.note(iteration) { try keep(&painting, side, in: $0) }
    }
    progress.finish()
    guard let last = painting.iteration else {
      throw StyleTransferError(
        .interrupted, "interrupted before the first evaluation; there is nothing to save")
    }
    try write(&painting, &checkpoint, side, interruption)
    side.finish(painting)
    progress.note(summary(painting, last, (ContinuousClock.now - begin) / .seconds(1)))
    if let warning = painting.weightsWarning { Terminal.write("impasto: warning: \(warning)\n") }
    guard painting.ending == .stopped else {
      checkpoint.remove()
      side.discard()
      if let failure = side.failure { throw failure }
      return
    }
    checkpoint.keepAtStop { try keep(&painting, side, in: $0) }
    if !checkpoint.isKept { side.discard() }
    let goingOn = checkpoint.isKept ? checkpoint.path.map { "; 'impasto resume \($0)' goes on" } ?? "" : ""
    throw StyleTransferError(
      .interrupted, "interrupted; the best picture so far is in '\(output.name)'\(goingOn)")
  }

  /// Makes one more iteration. What the painting has come to is saved when that fails.
  private func next(_ painting: inout Painting, _ interruption: Interruption) throws -> Iteration? {
    do { return try painting.next(shouldStop: { interruption.isRequested }) } catch {
      if let iteration = painting.iteration, iteration.number > 0, (try? write(&painting)) != nil {
        Terminal.endLine()
        Terminal.write("The best picture until then is in '\(output.name)'.\n")
      }
      throw error
    }
  }

  /// Writes the state of the run.
  private func keep(_ painting: inout Painting, _ side: SideOutputs, in path: String) throws {
    let notes = RunNotes(
      output: output.path, weights: machine.weights, side: self.side, plan: checkpoint, state: side.state)
    try painting.checkpoint(to: path, notes: notes.notes)
  }

  // MARK: The picture

  /// Writes the picture. Where there is no room for it, it waits in memory until there is, or until it is given up.
  private func write(
    _ painting: inout Painting, _ checkpoint: inout RunCheckpoint, _ side: SideOutputs,
    _ interruption: Interruption
  ) throws {
    let wasStopped = interruption.isRequested
    var (isTold, pause) = (false, 1.0)
    while true {
      do { return try write(&painting) } catch let error as PictureError where error.isLackOfRoom {
        if !isTold {
          Terminal.endLine()
          Terminal.write(
            "impasto: \(error). The picture waits in memory until there is room for it, and is then written; Ctrl-C "
              + "gives it up.\n")
          // The state may be on another disk.
          checkpoint.keepAtStop { try keep(&painting, side, in: $0) }
          isTold = true
        }
        let end = ContinuousClock.now + .seconds(pause)
        while ContinuousClock.now < end {
          // After a stop, a further request leaves by itself.
          if interruption.isRequested, !wasStopped { throw error }
          usleep(100_000)
        }
        pause = min(2 * pause, 30)
      }
    }
  }

  private func write(_ painting: inout Painting) throws {
    guard output.isStandardOutput else { return try painting.write(to: output.path) }
    let bytes = try painting.encoded(as: output.format)
    guard StandardStreams.writeOutput(bytes) else {
      throw StyleTransferError(
        .cannotWrite, "the picture cannot be written to standard output (\(String(cString: strerror(errno))))"
      )
    }
  }

  // MARK: Sentences

  private func printPlan(_ recipe: Recipe, since begin: ContinuousClock.Instant) throws {
    let prepared = try PreparedRecipe(recipe, reading: reading)
    let network = try machine.loadNetwork()
    // A run puts the hash into its picture.
    _ = try Painting(prepared, network: network, weightsSHA256: network.weights.sha256())
    let reading = (ContinuousClock.now - begin) / .seconds(1)
    var cost = try prepared.cost(network, memoryLimit: planning.memoryLimit)
    cost.readingSeconds = reading
    print(cost)
    if let note = recipe.precisionNote { Terminal.write("impasto: \(note)\n") }
  }

  /// What may find no room on its disk, though the picture does.
  private func warnings(_ prepared: PreparedRecipe) -> [String] {
    let pixels = Double(prepared.width * prepared.height)
    var copies = 6.0
    if case .lbfgs(let history, _) = prepared.recipe.method { copies = 2 * Double(history ?? 0) + 4 }
    let picture = prepared.recipe.fileBytes(pixels: pixels)
    let saved = side.saveEvery.map { Double(prepared.iterations / $0) } ?? 0
    let frames = Double(min(prepared.iterations, Timelapse.frameLimit))
    let needs: [(what: String, path: String?, bytes: Double)] = [
      // The old state stays until the new one is there.
      ("The state of the run", checkpoint.path, 2 * copies * 12 * pixels),
      ("--save-every", saved > 0 ? output.path : nil, saved * picture),
      ("--timelapse", side.timelapse, 2 * frames * 2.4 * pixels),
    ]
    return needs.compactMap { what, path, bytes in
      guard let path, let free = DiskSpace.available(for: path), free < bytes else { return nil }
      return "\(what) needs up to \(ByteCount(bytes)), and its disk has \(ByteCount(free)) free."
    }
  }

  /// What becomes of transparency that the picture's file cannot have.
  private func alphaNote(_ prepared: PreparedRecipe) -> String? {
    guard prepared.pictures.content?.alpha != nil, !output.format.holdsAlpha else { return nil }
    return
      "warning: the content is clear in places, and a \(output.format) has no transparency: they become white; a PNG, WebP, "
      + "TIFF, AVIF or JPEG XL keeps them"
  }

  private func announcement(_ prepared: PreparedRecipe) -> String {
    func names(_ sources: [PictureSource]) -> String {
      sources.compactMap { $0.isStandardInput ? "standard input" : $0.path }.joined(separator: " and ")
    }
    let what =
      switch prepared.recipe.subject {
      case .transfer(let transfer):
        "Repainting \(names([transfer.content.picture])) after \(names(transfer.style.pictures))"
      case .texture(let texture): "Making a texture after \(names(texture.style.pictures))"
      case .reconstruction(let reconstruction):
        "Reconstructing \(names([reconstruction.content.picture])) from \(reconstruction.content.layers)"
      }
    return "\(what) at \(prepared.width)×\(prepared.height) pixels, scales \(prepared.scales)"
  }

  /// - Parameter seconds: What all of the run took since it was started, reading and writing too.
  private func summary(_ painting: Painting, _ last: Iteration, _ seconds: Double) -> String {
    var text =
      "Wrote \(output.name): \(painting.prepared.width)×\(painting.prepared.height) pixels, \(counted(last.number, "iteration")), "
      + "\(counted(last.evaluations, "evaluation")), \(readable(.seconds(seconds)))"
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
