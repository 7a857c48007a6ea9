import ArgumentParser
import NN
import StyleTransfer
import Tensor

/// The file that the network is read from and the threads to compute with: what does not change the picture.
struct MachineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "VGG-19's weights, a .pth or .safetensors file (default: those that 'make weights' fetched).",
      valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp("Threads to compute with (default: the cores given to the process).", valueName: "n"))
  var threads: Int?

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1 is needed") }
  }

  /// Sets the threads, on which depends what memory there is.
  func useThreads() {
    if let threads { Parallelism.threadCount = threads }
  }

  /// Sets the threads and reads the network, which looks as `options` ask for.
  func loadNetwork(_ options: NetworkOptions? = nil) throws -> VGG19 {
    useThreads()
    let defaults = Preset.standard(for: .transfer).table
    return try WeightsLocator.loadNetwork(
      explicit: weights, pooling: options?.pooling ?? defaults.pooling,
      padding: options?.padding ?? defaults.padding)
  }
}

/// How large pictures to read may be.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read pictures of up to as many million pixels (default: \(Picture.pixelLimit / 1_000_000)).",
      valueName: "n"))
  var pixelLimit: Int?

  func validate() throws {
    if let pixelLimit, !(1...1_000_000 ~= pixelLimit) {
      throw ValidationError("--pixel-limit \(pixelLimit): 1 to 1000000 million pixels are possible")
    }
  }

  /// What may be read, for a look at pictures of up to `side` pixels a side where one is given.
  func limits(memory: ByteCount?, side: Int? = nil) -> ReadingLimits {
    ReadingLimits(
      pixels: pixelLimit.map { $0 * 1_000_000 } ?? Picture.pixelLimit, longestSide: side, memory: memory)
  }
}

/// What a run would take, and what it may.
struct PlanOptions: ParsableArguments {
  @Flag(help: "Print the memory, operations and time that the run would take, and do not run.")
  var plan = false

  @Option(
    help: ArgumentHelp(
      """
      Stay within this memory, such as 800M or 2G (default: nine tenths of what the machine has free): larger \
      pictures are worked on in strips, to the same picture, which takes longer.
      """,
      valueName: "size"))
  var memoryLimit: ByteCount?
}

/// What a look at pictures would take, and what it may.
struct LookOptions: ParsableArguments {
  @Flag(help: "Print the memory and operations that it would take, and do nothing.")
  var plan = false

  @Option(
    help: ArgumentHelp(
      "Refuse what would need more memory, such as 800M or 2G (default: what the machine has free).",
      valueName: "size"))
  var memoryLimit: ByteCount?
}
