import Foundation
import StyleTransfer

/// How long a painting still takes, by how fast its last iterations were.
struct Pace {
  private var stages: [StageSize] = []
  private var stage = 0
  /// The iterations of the present size that were done.
  private var done = 0
  /// Seconds for an iteration and a pixel, the last ones counting most.
  private var speed: Double?

  init() {}

  init(_ stages: [StageSize], from place: Painting.Place) {
    self.stages = stages
    stage = stages.firstIndex { $0.side >= place.side } ?? max(0, stages.count - 1)
  }

  mutating func note(_ iteration: Iteration, seconds: Double) {
    guard let come = stages.firstIndex(where: { $0.side == iteration.side }) else { return }
    if come != stage {
      (stage, done) = (come, 0)
      // A size begins with its targets, which are made once.
      return
    }
    done += 1
    let now = seconds / stages[stage].cost
    speed = speed.map { 0.8 * $0 + 0.2 * now } ?? now
  }

  /// `nil` while there is nothing to tell it from.
  var secondsLeft: Double? {
    guard let speed, stage < stages.count else { return nil }
    let here = Double(max(0, stages[stage].iterations - done)) * stages[stage].cost
    return speed * stages[(stage + 1)...].reduce(here) { $0 + Double($1.iterations) * $1.cost }
  }
}

/// What the program has in memory.
enum ProcessMemory {
  /// Bytes that are resident; `nil` where the system does not tell.
  static var resident: Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Double(fields[1]).map { $0 * Double(sysconf(CInt(_SC_PAGESIZE))) } : nil
  }
}
