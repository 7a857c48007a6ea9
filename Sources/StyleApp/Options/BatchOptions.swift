import ArgumentParser
import Foundation
import StyleBatch
import StyleTransfer
import Tensor

/// Jobs that flags make.
struct BatchShorthand: ParsableArguments, RecipeOptions {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The photographs: files, folders, and patterns such as 'photos/*.jpg' in quotes.", valueName: "pictures"
    ))
  var content: [String] = []

  @Option(
    help: ArgumentHelp(
      "The frames of a film, such as 'frames/%04d.png'; each begins from the picture of the one before, moved as the film moves.",
      valueName: "pattern"))
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Make every job once with each value of a setting, such as balance=0.2,0.5,0.8; may be given several times.",
      valueName: "setting"))
  var sweep: [String] = []

  @Option(help: ArgumentHelp("The folder for the pictures and their page.", valueName: "folder"))
  var outDir: String?

  @Option(help: ArgumentHelp("The ending of the pictures.", valueName: "png|jpg"))
  var ending: String = "png"

  @Option(help: ArgumentHelp("What is made: transfer, texture or reconstruct (default: transfer)."))
  var command: Recipe.Kind?

  @Option(help: ArgumentHelp("A table of settings to begin from.", valueName: "name"))
  var preset: String?

  func add(to changes: inout RecipeChanges) { changes.preset = preset }

  /// Whether one of the flags was given.
  var isGiven: Bool { !content.isEmpty || frames != nil || !sweep.isEmpty || outDir != nil || command != nil }

  func validate() throws {
    if frames != nil, !content.isEmpty {
      throw ValidationError("--frames and --content contradict each other: the frames are the content")
    }
    if frames != nil, !sweep.isEmpty {
      throw ValidationError(
        "--frames and --sweep contradict each other: a film has one setting; make one film a value")
    }
  }
}

/// How a batch is worked through.
struct BatchControl: ParsableArguments {
  @Option(help: ArgumentHelp("Only this share of the jobs, such as 3/12.", valueName: "i/n"))
  var shard: String?

  @Option(
    help: ArgumentHelp(
      "Of how many shares JOB_COMPLETION_INDEX is one, where JOB_COMPLETIONS is not set.", valueName: "n"))
  var shards: Int?

  @Option(
    help: ArgumentHelp(
      "Pictures to work on at once, as far as there is memory (default: the threads; 1 for a film).",
      valueName: "n"))
  var atOnce: Int?

  @Flag(
    exclusivity: .chooseLast,
    help: "What a failure ends (default: --keep-going).")
  var failures: Failures = .keepGoing

  enum Failures: String, EnumerableFlag {
    case keepGoing, stop

    static func help(for value: Failures) -> ArgumentHelp? {
      switch value {
      case .keepGoing: "Make the other jobs when one fails."
      case .stop: "End at the first job that fails."
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      "Where summary.json and a page with all pictures go (default: --out-dir).", valueName: "folder"))
  var report: String?

  @Option(
    name: .customLong("write-jobs"),
    help: ArgumentHelp("Write the jobs to a file, and make none.", valueName: "jobs.jsonl"))
  var write: String?

  @Option(
    help: ArgumentHelp(
      "Refuse a job that would need more memory, such as 800M or 2G, and let no more at once in than fit "
        + "(default: what the machine has free).", valueName: "size"))
  var memoryLimit: ByteCount?

  @Flag(help: "Show no progress.")
  var quiet = false

  var stopsAtFailure: Bool { failures == .stop }

  func validate() throws {
    if let atOnce, atOnce < 1 { throw ValidationError("--at-once \(atOnce): at least 1 is needed") }
    if let shards, shards < 1 { throw ValidationError("--shards \(shards): at least 1 is needed") }
  }

  /// The share of the jobs: the one that was asked for, or else a scheduler's.
  func share() throws -> Shard {
    if let shard { return try Shard(parsing: shard) }
    return try Shard(environment: ProcessInfo.processInfo.environment, count: shards)
  }

  /// - Throws: `ValidationError` for a film on several threads or machines.
  func atOnce(isFilm: Bool, threads: Int?) throws -> Int {
    guard isFilm else { return atOnce ?? threads ?? Parallelism.threadCount }
    if let atOnce, atOnce > 1 {
      throw ValidationError("--at-once \(atOnce): each frame of a film begins from the one before")
    }
    if try share().count > 1 {
      throw ValidationError(
        "each frame of a film begins from the one before; give --shard 1/1 to make it here")
    }
    return 1
  }
}

extension Recipe.Kind: ExpressibleByArgument {}
