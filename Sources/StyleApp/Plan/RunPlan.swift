import Foundation
import NN

/// What a run would take: memory, operations and time.
struct RunPlan {
  private let settings: Settings
  private let inputs: RunInputs
  private let shapes: [RunShape]
  let memory: MemoryPlan

  init(_ settings: Settings, _ inputs: RunInputs, _ schedule: Schedule) {
    (self.settings, self.inputs) = (settings, inputs)
    shapes = schedule.steps.map { RunShape(settings, inputs, $0) }
    memory = MemoryPlan(shapes.last!)
  }

  // MARK: Memory

  /// - Parameter limit: What may be used; `nil` for what the machine or its container has.
  /// - Throws: ``Failure`` that names the largest size that fits.
  func checkMemory(_ limit: ByteCount?) throws {
    let allowed = limit ?? AvailableMemory.current()
    guard memory.peak.bytes > allowed.bytes else { return }
    let remedy =
      largestSide(within: allowed).map { "the largest --size that fits is \($0)" }
      ?? "no size fits; choose earlier layers or a larger --memory-limit"
    throw Failure(
      .badData,
      "this run needs about \(memory.peak), and \(limit == nil ? "the machine has" : "--memory-limit allows") "
        + "\(allowed); \(remedy)")
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

  // MARK: Report

  /// Now and then the first try of a step is too long.
  private static let evaluationsPerIteration = 1.08

  /// The plan as text, after a calibration of about a second.
  func report(_ network: VGG19, limit: ByteCount?) throws -> String {
    let calibration = try Calibration(settings, inputs, network)
    var lines = ["size        iterations  operations per evaluation        in all        time"]
    var total = (operations: 0.0, seconds: 0.0)
    var longest = (name: "", seconds: -1.0)
    for shape in shapes {
      let work = WorkPlan(shape)
      let evaluations = 1 + (Double(shape.iterations) * Self.evaluationsPerIteration).rounded(.up)
      let operations = evaluations * work.evaluation + Double(shape.iterations) * work.step + work.targets
      let seconds =
        evaluations * calibration.seconds(work.evaluation)
        + (Double(shape.iterations) * work.step + work.targets) * calibration.slope
      let name = "\(shape.picture.width)×\(shape.picture.height)"
      lines.append(
        Self.row(name, "\(shape.iterations)", Self.amount(work.evaluation), Self.amount(operations), seconds))
      total = (total.operations + operations, total.seconds + seconds)
      if seconds > longest.seconds { longest = (name, seconds) }
    }
    let iterations = shapes.reduce(0) { $0 + $1.iterations }
    lines.append(Self.row("all", "\(iterations)", "", Self.amount(total.operations), total.seconds))
    let share = Int((100 * longest.seconds / total.seconds).rounded())
    lines += [
      "",
      "time: about \(readable(.seconds(total.seconds)))"
        + (settings.stopWhenSettled ? ", less when a size settles early" : "")
        + "; most of it at \(longest.name) (\(share) %)",
      "peak memory: about \(memory.peak); most of it \(memory.largest.name)",
    ]
    lines += memory.parts.map { "  \($0.name): \(ByteCount($0.bytes))" }
    do { try checkMemory(limit) } catch let failure as Failure { lines.append(failure.description) }
    return lines.joined(separator: "\n")
  }

  private static func row(
    _ name: String, _ iterations: String, _ evaluation: String, _ operations: String, _ seconds: Double
  ) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return name + padded(iterations, 22 - name.count) + padded(evaluation, 27) + padded(operations, 14)
      + padded(readable(.seconds(seconds)), 12)
  }

  /// In billions of operations.
  private static func amount(_ operations: Double) -> String {
    operations < 1e12
      ? String(format: "%.1f G", operations / 1e9) : String(format: "%.2f T", operations / 1e12)
  }
}
