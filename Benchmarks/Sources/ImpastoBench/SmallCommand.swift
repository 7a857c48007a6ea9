import ArgumentParser
import Tensor

struct SmallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "small",
    abstract: "One operation, or an epoch of training, for each 'name size' read; small.py lists them.")

  @OptionGroup var common: CommonOptions

  private struct Timing: Encodable {
    let seconds: Double
    let loss: Double?
  }

  func run() throws {
    try common.apply()
    var current: (line: String, subject: Subject)?
    while let line = readLine() {
      if current?.line != line {
        let words = line.split(separator: " ")
        guard words.count == 2, let size = Int(words[1]), size > 0,
          let subject = Subject(String(words[0]), size)
        else { throw ValidationError("'\(line)' is no 'name size' that is known here") }
        current = nil
        current = (line, subject)
      }
      let (seconds, loss) = current!.subject.measure()
      try answer(Timing(seconds: seconds, loss: loss))
    }
  }
}

/// Something to measure. Its body runs so often that the clock's own time does not matter.
final class Subject {
  private let body: () -> Double?
  private let count: Int

  /// How long one measurement takes at least, in seconds, where one call is shorter.
  private static let duration = 0.03

  init?(_ name: String, _ size: Int) {
    guard
      let body = Subjects.elementwise(name, size) ?? Subjects.chain(name, size) ?? Subjects.matrix(name, size)
        ?? Subjects.features(name, size) ?? Subjects.convolutions(name, size) ?? Subjects.small(name, size)
        ?? Training.epoch(name, size) ?? Networks.step(name, size)
    else { return nil }
    self.body = body
    _ = body()
    let seconds = timed { _ = body() }.seconds
    count = max(1, Int(Self.duration / max(seconds, 1e-7)))
    for _ in 1..<count { _ = body() }
  }

  /// Seconds of one call, and the last loss if it has one.
  func measure() -> (seconds: Double, loss: Double?) {
    let (loss, seconds) = timed {
      var loss: Double?
      for _ in 0..<count { loss = body() }
      return loss
    }
    return (seconds / Double(count), loss)
  }
}
