import ArgumentParser
import Foundation
import NN
import StyleTransfer
import Tensor

/// One picture from its settings to its file: what `transfer`, `texture`, `reconstruct` and `rerun` do.
struct PictureRun {
  private var settings: Settings
  private let output: RunOutput
  private let machine: MachineOptions
  private var saveEvery: Int?
  private var timelapse: String?
  /// Where the losses of every iteration go.
  var log: String?
  private let isQuiet: Bool
  /// Whether to print what the run would take in place of running.
  var isPlan = false
  /// What the run may take; `nil` for what the machine has.
  var memoryLimit: ByteCount?
  /// The network where one is loaded already; else the machine's weights are read.
  var loadedNetwork: LoadedNetwork?
  /// What asks the run to save and stop; else it watches for Ctrl-C by itself.
  var interruption: Interruption?
  /// Told after each iteration, with how much of the run is done.
  var onProgress: ((IterationRecord, WorkDone) -> Void)?

  /// - Throws: `ValidationError` when the output is missing or does not go with the settings.
  init(settings: Settings, output: OutputOptions, machine: MachineOptions) throws {
    try self.init(settings: settings, path: output.path(), isQuiet: output.quiet, machine: machine)
    (saveEvery, timelapse, log) = (output.saveEvery, output.timelapse, output.log)
    (isPlan, memoryLimit) = (output.planning.plan, output.planning.memoryLimit)
  }

  init(settings: Settings, path: String, isQuiet: Bool, machine: MachineOptions) throws {
    (self.settings, self.machine, self.isQuiet) = (settings, machine, isQuiet)
    output = try RunOutput(path: path, bitDepth: settings.bitDepth, quality: settings.quality)
  }

  /// The settings as they are in the run's finished picture, but for the weights' hash where none is known yet.
  ///
  /// - Throws: ``PictureError`` or ``StyleTransferError`` when the run could not begin.
  func settingsWhenFinished() throws -> Settings { try prepared().settings }

  /// What the run would take.
  ///
  /// - Throws: ``PictureError`` or ``StyleTransferError`` when the run could not begin.
  func plan() throws -> RunPlan {
    let (settings, inputs) = try prepared()
    return plan(settings, inputs, schedule(settings, inputs))
  }

  private func plan(_ settings: Settings, _ inputs: RunInputs, _ schedule: Schedule) -> RunPlan {
    RunPlan(
      settings, inputs, schedule, sizeOption: self.settings.scales == nil ? "--size" : "size in --scales")
  }

  private func schedule(_ settings: Settings, _ inputs: RunInputs) -> Schedule {
    Schedule(settings.scales!, width: inputs.size.width, height: inputs.size.height)
  }

  /// The pictures, and the settings with all that follows from them.
  private func prepared() throws -> (settings: Settings, inputs: RunInputs) {
    var settings = settings
    let inputs = try RunInputs(&settings)
    (settings.scales, settings.iterations, settings.pyramid) = (try sizes(inputs, settings), nil, nil)
    settings.stoppedAtIteration = nil
    if let loadedNetwork { settings.weightsSHA256 = settings.weightsSHA256 ?? loadedNetwork.sha256 }
    return (settings, inputs)
  }

  func run() throws {
    let begin = ContinuousClock.now
    // What can fail without work is tried first, so that nobody waits for an error.
    if !isPlan { try Picture.checkWritable(output.path) }
    let (settings, inputs) = try prepared()
    let (size, scales) = (inputs.size, settings.scales!)
    let schedule = schedule(settings, inputs)
    let plan = plan(settings, inputs, schedule)
    if isPlan {
      let network = try network(settings)
      // A run puts the hash into its picture.
      _ = try network.weights.sha256()
      let reading = (ContinuousClock.now - begin) / .seconds(1)
      return print(try plan.report(network, reading: reading, limit: memoryLimit))
    }
    try plan.checkMemory(memoryLimit)
    let stop = self.settings.stoppedAtIteration
    let network = try network(settings)

    var progress = ProgressReporter(schedule: schedule, isQuiet: isQuiet)
    progress.note(announcement(settings, size))
    let log = try log.map(RunLog.init)
    let interruption = interruption ?? Interruption()
    var files = RunFiles(
      settings: settings, inputs: inputs, output: output, network: network, saveEvery: saveEvery,
      timelapse: try timelapse.map { try Timelapse($0, size, scales.iterations) })

    let growth = Growth(
      settings: settings, inputs: inputs, network: network, schedule: schedule, limit: stop,
      shouldStop: { interruption.isRequested })
    let outcome = try growth.run(
      onScale: { progress.begin($0) },
      onIteration: { record, picture in
        progress.update(record)
        onProgress?(record, progress.work)
        try log?.append(record)
        try files.note(picture, at: record.iteration)
      })
    progress.finish()
    try files.save(outcome)
    progress.note(
      "Wrote \(output.path): \(size.width)×\(size.height) pixels, \(outcome.last.iteration) iterations, "
        + "\(outcome.last.evaluations) evaluations, \(readable(.seconds(outcome.last.seconds)))"
        + (outcome.settled.map { "; \($0)" } ?? ""))
    if outcome.isInterrupted && stop == nil {
      throw StyleTransferError(.interrupted, "interrupted; the best picture so far is in '\(output.path)'")
    }
  }

  /// The sizes that the picture grows through, all of them large enough for the layers.
  private func sizes(_ inputs: RunInputs, _ settings: Settings) throws -> ScaleList {
    let layers = settings.layers
    let size = inputs.size
    let side = max(size.width, size.height)
    try inputs.check(layers, width: size.width, height: size.height, ratio: 1)
    let scales = settings.scales(side: side)
    let steps = Schedule(scales, width: size.width, height: size.height).steps
    if settings.scales != nil {
      for step in steps { try inputs.check(layers, step) }
      return scales
    }
    // What a pyramid begins with may be too small for a narrow picture.
    return ScaleList(
      zip(scales.scales, steps).filter { scale, step in
        scale.side == side || (try? inputs.check(layers, step)) != nil
      }.map(\.0))
  }

  /// - Throws: ``StyleTransferError`` when the weights are not those that the settings know.
  private func network(_ settings: Settings) throws -> VGG19 {
    let network =
      try loadedNetwork?.network(settings)
      ?? machine.loadNetwork(pooling: settings.pooling, padding: settings.padding)
    guard let expected = settings.weightsSHA256 else { return network }
    let hash = try loadedNetwork?.sha256 ?? network.weights.sha256()
    if hash != expected {
      throw StyleTransferError(
        .badData,
        "the weights '\(network.weights.path)' are not those that were used (SHA-256 \(hash.prefix(8))…, "
          + "then \(expected.prefix(8))…); name the right file with --weights")
    }
    return network
  }

  private func announcement(_ settings: Settings, _ size: (width: Int, height: Int)) -> String {
    let what =
      switch settings.command {
      case .transfer: "Repainting \(settings.content!) after \(settings.styles.joined(separator: " and "))"
      case .texture: "Making a texture after \(settings.styles.joined(separator: " and "))"
      case .reconstruct: "Reconstructing \(settings.content!) from \(settings.contentLayers!)"
      }
    return "\(what) at \(size.width)×\(size.height) pixels, scales \(settings.scales!)"
  }
}

/// Weights in memory with their hash, to be used by many runs.
struct LoadedNetwork {
  let weights: VGG19.Weights
  /// In hexadecimal.
  let sha256: String

  init(_ machine: MachineOptions) throws {
    let defaults = Preset.defaults
    weights = try machine.loadNetwork(pooling: defaults.pooling, padding: defaults.padding).weights
    sha256 = try weights.sha256()
  }

  /// As a run with `settings` looks at pictures.
  func network(_ settings: Settings) -> VGG19 {
    VGG19(weights: weights, pooling: settings.pooling, padding: settings.padding)
  }
}
