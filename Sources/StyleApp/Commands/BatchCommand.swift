import ArgumentParser
import Foundation
import ImpastoPlatform
import StyleBatch
import StyleTransfer
import Tensor

/// `impasto batch`: many pictures, from a file of jobs or a few words.
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Make many pictures: the jobs of a file, or a folder, a sweep or a film.",
    discussion: """
      A job is a line of JSON with the flags' names as keys, as a picture carries them, and where it goes: \
      {"command": "transfer", "content": "a.jpg", "styles": ["night.jpg"], "size": 512, "output": "out/a.png"}. \
      Without a file, --content with --out-dir names the photographs, and the other flags are for all of them.

      A job whose picture is there, of the same settings, pictures and weights, is passed over: a batch goes on when it \
      is started again. A job that fails is told of, and the others are made. In a Slurm job array and in a Kubernetes \
      Indexed Job each worker takes its share by itself. docs/many-machines.md has examples.
      """)

  @Argument(help: ArgumentHelp("A file of jobs, one JSON object a line.", valueName: "jobs.jsonl"))
  var jobs: String?

  @OptionGroup(title: "Jobs without a file") var shorthand: BatchShorthand
  @OptionGroup(title: "How they are made") var control: BatchControl
  @OptionGroup(title: "Style") var style: StyleOptions
  @OptionGroup(title: "Content") var content: ContentLayerOptions
  @OptionGroup(title: "Balance") var balance: BalanceOptions
  @OptionGroup(title: "Regions") var regions: RegionOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func validate() throws {
    try asUsage {
      if let jobs, try hasShorthand() {
        throw RecipeError(
          "'\(jobs)' has the jobs with their settings; leave out the flags that make others, or the file")
      }
      if jobs == nil, shorthand.outDir == nil {
        throw RecipeError("a file of jobs is missing, or --content and --out-dir")
      }
      if control.write != nil, shorthand.frames != nil {
        throw RecipeError("--write-jobs and --frames contradict each other: a frame needs the one before")
      }
      _ = try control.share()
      _ = try atOnce()
    }
  }

  /// Whether a flag says what to make.
  private func hasShorthand() throws -> Bool {
    var changes = RecipeChanges()
    for group in settingGroups + [common] { try group.add(to: &changes) }
    return changes != RecipeChanges() || common.settings != nil || shorthand.isGiven
  }

  private var settingGroups: [any RecipeOptions] {
    [style, content, balance, regions, optimization, network, shorthand]
  }

  func run() throws {
    let (shard, atOnce) = (try control.share(), try atOnce())
    let all = try asUsage {
      try jobs.map { try BatchJob.jobs(contentsOf: $0, check: Self.check) } ?? shorthandJobs()
    }
    try checkFiles(all)
    if let file = control.write { return try write(all, to: file) }
    let interruption = Interruption()
    var batch = try Batch(all, shard: shard, network: machine.loadNetwork())
    batch.atOnce = atOnce
    batch.stopsAtFailure = control.stopsAtFailure
    batch.memoryLimit = control.memoryLimit
    batch.shouldStop = { interruption.isRequested }

    let progress = BatchProgress(batch.jobs.map(\.output), isQuiet: control.quiet)
    if let source = shard.source {
      progress.note(
        "\(batch.jobs.count) of \(all.count) jobs, share \(shard.index + 1) of \(shard.count) (\(source))")
    }
    let recipes = batch.jobs.compactMap { try? $0.recipe.get() }
    if let note = recipes.lazy.compactMap(\.precisionNote).first { Terminal.write("impasto: \(note)\n") }
    let summary = batch.make(for: progress)
    progress.note(summary.sentence)
    try report(summary, progress)
    if shorthand.frames != nil, let folder = shorthand.outDir {
      progress.note(
        "As a film: ffmpeg -framerate 25 -i '\(folder)/%04d.\(shorthand.ending)' -c:v libx264 -pix_fmt yuv420p film.mp4"
      )
    }
    try end(summary)
  }

  /// Refuses outputs that would overwrite what is needed, before anything is made.
  private func checkFiles(_ jobs: [BatchJob]) throws {
    let inputs: [(path: String?, option: String)] = [
      (self.jobs, "the jobs"), (common.settings, "--settings"),
      (try? WeightsLocator.path(explicit: machine.weights), "--weights"), (control.write, "--write-jobs"),
    ]
    try jobs.checkOutputs(inputs: inputs.compactMap { input in input.path.map { ($0, input.option) } })
    if let file = control.write {
      var use = FileUse()
      for (path, option) in inputs.dropLast() { use.reads(path, by: option) }
      for source in jobs.flatMap(\.sources) { use.reads(source, by: "a job's picture") }
      use.writes(file, by: "--write-jobs")
      try use.check()
    } else if let folder = reportFolder {
      try ContactSheet.check(folder, suffix: try control.share().suffix)
    }
  }

  private var reportFolder: String? { control.report ?? shorthand.outDir }

  private func atOnce() throws -> Int {
    try control.atOnce(isFilm: shorthand.frames != nil, threads: machine.threads)
  }

  /// Refuses an output that cannot be the recipe's.
  private static func check(_ output: String, _ recipe: Recipe) throws {
    guard output != OutputFile.standardOutput else {
      throw RecipeError("\"output\" is '-', and a batch writes files alone; name one")
    }
    _ = try OutputFile(path: output, for: recipe)
  }

  // MARK: - Jobs

  private func shorthandJobs() throws -> [BatchJob] {
    guard let folder = shorthand.outDir else { return [] }
    let list = JobList(
      kind: shorthand.command ?? .transfer,
      changes: try common.changes(settingGroups),
      sweeps: try shorthand.sweep.map(JobList.Sweep.init(parsing:)), folder: folder,
      ending: shorthand.ending)
    let jobs =
      if let frames = shorthand.frames {
        try list.film(FilePattern.frames(frames))
      } else {
        try list.jobs(contents: shorthand.content.flatMap(FilePattern.pictures))
      }
    for job in jobs { if case .success(let recipe) = job.recipe { try Self.check(job.output, recipe) } }
    return jobs
  }

  private func write(_ jobs: [BatchJob], to file: String) throws {
    let lines = jobs.compactMap(\.line).map { $0 + "\n" }.joined()
    do { try AtomicFile.write(Array(lines.utf8), to: file) } catch let error as AtomicFileError {
      throw PictureError(error)
    }
    BatchProgress([], isQuiet: control.quiet).note("Wrote \(file): \(jobs.count) jobs")
  }

  // MARK: - The end

  private func report(_ summary: BatchSummary, _ progress: BatchProgress) throws {
    guard let folder = reportFolder else { return }
    try FileManager.default.makeFolder(folder)
    func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
    let (numbers, sheet) = ContactSheet.names(summary.shard.suffix)
    let page = path(sheet)
    do {
      try AtomicFile.write(summary.json, to: path(numbers))
      let sheet = ContactSheet(summary, folder: folder, numbers: numbers)
      try AtomicFile.write(Array(sheet.html.utf8), to: page)
    } catch let error as AtomicFileError { throw PictureError(error) }
    progress.note("Wrote \(page)")
  }

  /// Ends with the worst of what happened.
  private func end(_ summary: BatchSummary) throws {
    if summary.isInterrupted, summary.count(.left) > 0 {
      throw StyleTransferError(
        .interrupted, "interrupted with \(summary.count(.left)) jobs left; the same command goes on")
    }
    guard let worst = summary.failures.max(by: { ExitStatus($0).rawValue < ExitStatus($1).rawValue }) else {
      return
    }
    throw StyleTransferError(
      worst, "\(summary.count(.failed)) of \(summary.entries.count) jobs failed; the messages are above")
  }
}
