import Foundation
import NN
import Platform
import StyleTransfer

/// What a run would take: memory, operations and time.
struct RunPlan {
  let settings: Settings
  private let inputs: RunInputs
  private let shapes: [RunShape]
  /// How the user said how large the picture is.
  private let sizeOption: String
  let memory: MemoryPlan

  init(_ settings: Settings, _ inputs: RunInputs, _ schedule: Schedule, sizeOption: String) {
    (self.settings, self.inputs, self.sizeOption) = (settings, inputs, sizeOption)
    shapes = schedule.steps.map { RunShape(settings, inputs, $0) }
    memory = MemoryPlan(shapes.last!)
  }

  // MARK: Memory

  /// - Parameter limit: What may be used; `nil` for what the machine or its container has.
  /// - Throws: ``StyleTransferError`` that names the largest size that fits.
  func checkMemory(_ limit: ByteCount?) throws {
    let allowed = limit ?? ByteCount(MemoryBudget.current())
    guard memory.peak.bytes > allowed.bytes else { return }
    let remedy =
      largestSide(within: allowed).map(fitting)
      ?? "no size fits; choose earlier layers or a larger --memory-limit"
    throw StyleTransferError(
      .badData,
      "this run needs about \(memory.peak), and \(limit == nil ? "the machine has" : "--memory-limit allows") "
        + "\(allowed); \(remedy)")
  }

  private func fitting(_ side: Int) -> String {
    if settings.width == nil, settings.height == nil {
      return "the largest \(sizeOption) that fits is \(side)"
    }
    let picture = RunShape.sized(side, settings, inputs, iterations: 1).picture
    return "the largest --width and --height that fit are \(picture.width) and \(picture.height)"
  }

  /// The largest longer side whose memory is within `limit`.
  private func largestSide(within limit: ByteCount) -> Int? {
    let size = inputs.size
    let last = shapes.last!
    let layers = last.contentLayers + last.styleLayers
    func fits(_ side: Int) -> Bool {
      MemoryPlan(.sized(side, settings, inputs, iterations: last.iterations)).peak.bytes <= limit.bytes
    }
    let whole = max(size.width, size.height)
    let shortest = [size.width, size.height].min()!
    var low = max(1, (VGG19.minimumSize(for: layers) * whole + shortest - 1) / shortest)
    guard low < whole, fits(low) else { return nil }
    var high = whole
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return low
  }

  // MARK: Work

  /// Now and then the first try of a step is too long.
  private static let evaluationsPerIteration = 1.08

  /// What one size of the run takes.
  private struct Step {
    let name: String
    let iterations: Int
    let evaluations: Double
    let work: WorkPlan

    init(_ shape: RunShape) {
      name = "\(shape.picture.width)×\(shape.picture.height)"
      iterations = shape.iterations
      evaluations = 1 + (Double(iterations) * RunPlan.evaluationsPerIteration).rounded(.up)
      work = WorkPlan(shape)
    }

    private var others: Double { Double(iterations) * work.step + work.targets }
    var operations: Double { evaluations * work.evaluation + others }

    func seconds(_ calibration: Calibration) -> Double {
      evaluations * calibration.seconds(work) + others * calibration.slope
    }
  }

  private var steps: [Step] { shapes.map(Step.init) }
  var iterations: Int { shapes.reduce(0) { $0 + $1.iterations } }
  var operations: Double { steps.reduce(0) { $0 + $1.operations } }
  func seconds(_ calibration: Calibration) -> Double { steps.reduce(0) { $0 + $1.seconds(calibration) } }

  /// Each evaluation and its step take about as long as this many operations beside their own, as measured from
  /// 96 to 256 pixels.
  private static let operationsAside = 4e9
  /// How long the run takes beside others, without a calibration.
  var relativeCost: Double {
    steps.reduce(0) { $0 + $1.operations + $1.evaluations * Self.operationsAside }
  }

  // MARK: Report

  /// Some of the run's own evaluations, for about a second.
  func calibration(_ network: VGG19) throws -> Calibration { try Calibration(settings, inputs, network) }

  /// The plan as text, after a calibration.
  ///
  /// - Parameter reading: The seconds that reading the pictures and the network took.
  func report(_ network: VGG19, reading: Double, limit: ByteCount?) throws -> String {
    let calibration = try calibration(network)
    let steps = steps
    var lines = ["size        iterations  operations per evaluation        in all        time"]
    for step in steps {
      lines.append(
        Self.row(
          step.name, "\(step.iterations)", Self.amount(step.work.evaluation), Self.amount(step.operations),
          step.seconds(calibration)))
    }
    let seconds = seconds(calibration) + reading
    lines.append(Self.row("reading", "", "", "", reading))
    lines.append(Self.row("all", "\(iterations)", "", Self.amount(operations), seconds))
    let longest = steps.max { $0.seconds(calibration) < $1.seconds(calibration) }!
    let share = Int((100 * longest.seconds(calibration) / seconds).rounded())
    lines += [
      "",
      "time: about \(readable(.seconds(seconds)))"
        + (settings.stopWhenSettled ? ", less when a size settles early" : "")
        + "; most of it at \(longest.name) (\(share) %)",
      "peak memory: about \(memory.peak); most of it \(memory.largest.name)",
    ]
    lines += memory.parts.map { "  \($0.name): \(ByteCount($0.bytes))" }
    do { try checkMemory(limit) } catch let failure as StyleTransferError {
      lines.append(failure.description)
    }
    return lines.joined(separator: "\n")
  }

  private static func row(
    _ name: String, _ iterations: String, _ evaluation: String, _ operations: String, _ seconds: Double
  ) -> String {
    name + iterations.rightAligned(22 - name.count) + evaluation.rightAligned(27)
      + operations.rightAligned(14) + readable(.seconds(seconds)).rightAligned(12)
  }

  /// In billions of operations.
  static func amount(_ operations: Double) -> String {
    operations < 1e12
      ? String(format: "%.1f G", operations / 1e9) : String(format: "%.2f T", operations / 1e12)
  }
}
