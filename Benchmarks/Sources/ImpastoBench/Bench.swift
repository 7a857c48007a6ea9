import ArgumentParser
import Foundation
import NN
import Tensor

/// Our side of the comparison: `bench.py` runs its commands and `peer.py` answers the same ones for PyTorch.
///
/// Answers are JSON, one object a line. All but `accuracy` take one measurement for each line that
/// they read, so that the driver can let the two sides take turns.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "impasto-bench", abstract: "Measures Impasto, a command at a time; answers in JSON lines.",
    subcommands: [
      EvaluationCommand.self, ConvolutionCommand.self, AccuracyCommand.self, SmallCommand.self,
      JudgeCommand.self,
    ])
}

struct CommonOptions: ParsableArguments {
  @Option(help: "How many threads to compute with; default: the cores given to the process.")
  var threads = Parallelism.availableThreads

  func apply() throws {
    guard threads >= 1 else { throw ValidationError("--threads: \(threads) is not positive") }
    Parallelism.threadCount = threads
  }
}

/// Writes a line of JSON at once, whatever reads it.
func answer(_ fields: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  try FileHandle.standardOutput.write(contentsOf: encoder.encode(fields) + Data("\n".utf8))
}

/// The value of `body` and how long it took, in seconds.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
  let start = ContinuousClock.now
  let result = try body()
  return (result, (ContinuousClock.now - start) / .seconds(1))
}

struct EvaluationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluation",
    abstract: "The study's loss of a picture and its gradient, once at the start and once a line read.")

  @OptionGroup var common: CommonOptions
  @Option(help: "The picture's side in pixels.") var size = 512
  @Option(
    help: "How exactly the network computes: full, fast or fastGradient.",
    transform: VGG19.Precision.init(parsing:))
  var precision = VGG19.Precision.full
  @Option(help: "VGG-19's weights.") var weights: String

  private struct First: Encodable { let loss: Double }
  private struct Timing: Encodable { let seconds, loss: Double }

  func run() throws {
    try common.apply()
    let objective = try StyleTransferObjective(
      network: VGG19(contentsOf: weights, precision: precision), content: Inputs.picture(size: size, seed: 1),
      style: Inputs.picture(size: size, seed: 2), normalization: .study)
    let start = Inputs.picture(size: size, seed: 3)
    try answer(First(loss: objective.valueWithGradient(at: start).terms.total))
    while readLine() != nil {
      let (result, seconds) = try timed { try objective.valueWithGradient(at: start) }
      try answer(Timing(seconds: seconds, loss: result.terms.total))
    }
  }
}

extension VGG19.Precision {
  init(parsing text: String) throws {
    guard let precision = Self(rawValue: text) else {
      throw ValidationError("--precision \(text): full, fast or fastGradient is needed")
    }
    self = precision
  }
}

struct ConvolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolution",
    abstract: "A frozen 3×3 convolution and its input's gradient, for each 'inputs outputs size' read.")

  @OptionGroup var common: CommonOptions

  private struct Timing: Encodable { let forward, inputGradient: Double }

  func run() throws {
    try common.apply()
    var current: (line: String, subject: ConvolutionSubject)?
    while let line = readLine() {
      if current?.line != line {
        let figures = line.split(separator: " ").compactMap { Int($0) }
        guard figures.count == 3, figures.allSatisfy({ $0 > 0 }) else {
          throw ValidationError("'\(line)' is not 'inputs outputs size'")
        }
        current = nil
        current = (line, ConvolutionSubject(inputs: figures[0], outputs: figures[1], size: figures[2]))
        _ = current!.subject.measure()
      }
      let (forward, inputGradient) = current!.subject.measure()
      try answer(Timing(forward: forward, inputGradient: inputGradient))
    }
  }
}

/// A convolution as a layer inside a network meets it: channels last, a frozen filter, a tracked input.
private struct ConvolutionSubject {
  let input, direction, filter, bias: Tensor<Float>

  init(inputs: Int, outputs: Int, size: Int) {
    input = Inputs.noise([1, inputs, size, size], seed: 1, rectified: true).channelsLast().tracked()
    filter = Inputs.noise([outputs, inputs, 3, 3], seed: 2)
    bias = Inputs.noise([outputs], seed: 3)
    direction = Inputs.noise([1, outputs, size, size], seed: 4).channelsLast()
  }

  /// Seconds of the convolution and of its input's gradient.
  ///
  /// A gradient starts at one number, so what leads from (y · direction).sum() back to y is measured alone, on
  /// a variable in y's place, and taken off.
  func measure() -> (forward: Double, inputGradient: Double) {
    let (output, forward) = timed { input.conv2D(filter, bias: bias, padding: 1, algorithm: .winograd) }
    let loss = (output * direction).sum()
    let whole = timed { gradient(of: loss, withRespectTo: [input]) }.seconds
    let stand = output.detached().tracked()
    let standLoss = (stand * direction).sum()
    let seed = timed { gradient(of: standLoss, withRespectTo: [stand]) }.seconds
    return (forward, whole - seed)
  }
}
