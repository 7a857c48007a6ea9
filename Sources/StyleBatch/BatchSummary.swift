import Foundation
import StyleTransfer

/// What became of the jobs of a batch, in their order.
package struct BatchSummary: Sendable {
  /// What became of a job.
  package enum State: String, Codable, CaseIterable, Sendable {
    /// The picture was painted.
    case made
    /// The picture was there already, of the same settings, pictures and weights.
    case there
    /// It could not be made.
    case failed
    /// The batch ended before.
    case left
  }

  /// A job and what became of it.
  package struct Entry: Encodable, Equatable, Sendable {
    package let place: String
    package let output: String
    package var state = State.left
    /// Why it failed.
    package var reason: String?
    /// From the reading of the pictures to the written file.
    package var seconds: Double?
    package var iterations: Int?
    /// The lowest objective, which the picture has.
    package var loss: Double?
    package var width: Int?
    package var height: Int?
    /// As the picture carries them.
    package var settings: Recipe?

    init(_ job: BatchJob) { (place, output) = (job.place, job.output) }
  }

  package var entries: [Entry]
  package let shard: Shard
  /// In hexadecimal.
  package let weightsSHA256: String
  package var isInterrupted = false
  /// From the beginning to the end.
  package var seconds = 0.0
  /// The kind of each failure.
  package var failures: [StyleTransferError.Kind] = []

  package func count(_ state: State) -> Int { entries.count { $0.state == state } }

  /// The sentence that a person reads at the end.
  package var sentence: String {
    let counts = [(State.made, "made"), (.there, "there already"), (.failed, "failed"), (.left, "left")]
      .map { (count($0), $1) }.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(counted(entries.count, "job")) in \(readable(.seconds(seconds))): "
      + (counts.isEmpty ? "nothing to do" : counts.joined(separator: ", "))
  }

  /// The summary as a file of JSON, with sorted keys.
  package var json: [UInt8] {
    get throws {
      struct File: Encodable {
        let version: String
        let weightsSHA256: String
        let shard: String
        let seconds: Double
        let counts: [String: Int]
        let jobs: [Entry]

        enum CodingKeys: String, CodingKey {
          case version
          case weightsSHA256 = "weights-sha256"
          case shard, seconds, counts, jobs
        }
      }
      let counts = State.allCases.map { ($0.rawValue, count($0)) }
      let file = File(
        version: Version.current, weightsSHA256: weightsSHA256, shard: "\(shard.index + 1)/\(shard.count)",
        seconds: seconds, counts: Dictionary(uniqueKeysWithValues: counts), jobs: entries)
      return Array(try JSONEncoder.sorted(.prettyPrinted).encode(file)) + [UInt8(ascii: "\n")]
    }
  }
}
