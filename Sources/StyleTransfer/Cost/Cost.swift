import Foundation

/// What a painting takes: memory, operations and time.
///
/// Printed, it is the table of `impasto --plan`.
public struct Cost: Sendable, CustomStringConvertible {
  /// What one size of a painting takes.
  public struct Stage: Sendable, Equatable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int
    /// The most iterations at this size.
    public let iterations: Int
    /// The floating-point operations of one evaluation with its gradient.
    public let operationsPerEvaluation: Double
    /// The floating-point operations of all iterations.
    public let operations: Double
    /// The time of all iterations, in seconds.
    public let seconds: Double
  }

  /// A part of the memory that is taken at once.
  public struct Memory: Sendable, Equatable {
    /// What the memory is for.
    public let name: String
    /// How many bytes it takes.
    public let bytes: Double
  }

  /// The sizes, from the smallest.
  public let stages: [Stage]
  /// The parts of the most memory that is taken at once.
  public let memory: [Memory]
  /// Whether sizes may end before their iterations are done.
  public let mayEndEarly: Bool
  /// A sentence about each size that is run by strips of rows: which, and how much longer an evaluation takes.
  public let strips: [String]
  /// The seconds that reading pictures and network takes; 0 where they have been read.
  package var readingSeconds = 0.0
  /// The most memory while pictures are read, before all that ``memory`` is of.
  package var readingMemory = ByteCount(0)
  /// Why the painting would be refused; `nil` where it would not.
  package var refusal: String?

  /// The most bytes that are taken at once.
  public var peakMemory: Double { max(paintingMemory, readingMemory.bytes) }
  private var paintingMemory: Double { memory.reduce(0) { $0 + $1.bytes } }
  /// The floating-point operations of the whole.
  public var operations: Double { stages.reduce(0) { $0 + $1.operations } }
  /// The time of the whole, in seconds.
  public var seconds: Double { stages.reduce(0) { $0 + $1.seconds } + readingSeconds }

  /// A table of the sizes, the time, and the memory with its parts.
  public var description: String {
    var lines = ["size        iterations  operations per evaluation        in all        time"]
    for stage in stages {
      lines.append(
        Self.row(
          "\(stage.width)×\(stage.height)", "\(stage.iterations)", Self.amount(stage.operationsPerEvaluation),
          Self.amount(stage.operations), stage.seconds))
    }
    let iterations = stages.reduce(0) { $0 + $1.iterations }
    lines.append(Self.row("reading", "", "", "", readingSeconds))
    lines.append(Self.row("all", "\(iterations)", "", Self.amount(operations), seconds))
    lines += ["", timeSentence, memorySentence]
    lines += memory.map { "  \($0.name): \(ByteCount($0.bytes))" }
    lines += strips
    if let refusal { lines.append(refusal) }
    return lines.joined(separator: "\n")
  }

  private var timeSentence: String {
    var sentence = "time: about \(readable(.seconds(seconds)))"
    if mayEndEarly { sentence += ", less when a size settles early" }
    if let longest = stages.max(by: { $0.seconds < $1.seconds }) {
      let share = Int((100 * longest.seconds / seconds).rounded())
      sentence += "; most of it at \(longest.width)×\(longest.height) (\(share) %)"
    }
    return sentence
  }

  private var memorySentence: String {
    let largest = memory.max { $0.bytes < $1.bytes }?.name ?? ""
    let painting = "about \(ByteCount(paintingMemory)); most of it \(largest)"
    return readingMemory.bytes > paintingMemory
      ? "peak memory: about \(readingMemory), while pictures are read; after that \(painting)"
      : "peak memory: \(painting)"
  }

  private static func row(
    _ name: String, _ iterations: String, _ evaluation: String, _ operations: String, _ seconds: Double
  ) -> String {
    name + iterations.rightAligned(22 - name.count) + evaluation.rightAligned(27)
      + operations.rightAligned(14) + readable(.seconds(seconds)).rightAligned(12)
  }

  /// A number of operations, in billions or, from a thousand of these on, in trillions.
  package static func amount(_ operations: Double) -> String {
    operations < 1e12
      ? String(format: "%.1f G", operations / 1e9) : String(format: "%.2f T", operations / 1e12)
  }
}
