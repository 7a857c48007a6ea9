import Foundation
import StyleTransfer

/// What a run writes beside its picture: the log, the pictures on the way, the timelapse.
///
/// One that cannot be written on to, as on a full disk, is told of and given up; the run goes on, since its picture is
/// worth more than they are, and ends with the first of these errors.
struct SideOutputs {
  /// The error that the run ends with.
  private(set) var failure: (any Error)?
  private var abandoned: Set<String> = []

  /// Writes to the output that `option` names, unless it was given up.
  mutating func attempt(_ option: String, _ write: () throws -> Void) {
    if abandoned.contains(option) { return }
    do { try write() } catch {
      abandoned.insert(option)
      failure = failure ?? error
      Terminal.endLine()
      Terminal.write("impasto: \(error); the run goes on without \(option)\n")
    }
  }
}
