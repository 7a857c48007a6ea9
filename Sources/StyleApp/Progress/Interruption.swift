import Dispatch
import Foundation
import Synchronization

/// Watches for Ctrl-C, a request to terminate and a terminal that goes away: the first asks the run to save and stop, a
/// later one leaves at once.
///
/// What follows within ``patience`` is the same request: people press Ctrl-C twice, and services signal a process and its
/// group. It would end the program while it saves.
final class Interruption: Sendable {
  static let patience = Duration.milliseconds(500)

  private let first = Mutex<ContinuousClock.Instant?>(nil)
  private let requested = Atomic<Bool>(false)

  /// Starts to watch, until the program ends. Until then the signals end the program as usual, so a run begins to
  /// watch when there is something to save.
  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      // What nohup started lives on when its terminal goes away.
      if number == SIGHUP, Self.isIgnored(before) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      // The source keeps itself and this object: saving is not done when the run's last iteration is.
      source.setEventHandler { [self, source] in
        withExtendedLifetime(source) { note() }
      }
      source.resume()
    }
  }

  private func note() {
    let now = ContinuousClock.now
    let isFirst = first.withLock { first in
      defer { first = first ?? now }
      return first == nil
    }
    if isFirst {
      requested.store(true, ordering: .relaxed)
      if Terminal.isInteractive {
        Terminal.endLine()
        Terminal.write("Saving the best picture so far; once more leaves without it.\n")
      }
    } else if Self.leavesAtOnce(after: now - (first.withLock { $0 } ?? now)) {
      _exit(ExitStatus.interrupted.rawValue)
    }
  }

  /// Whether a request is one to leave at once, so long after the first.
  static func leavesAtOnce(after elapsed: Duration) -> Bool { elapsed > patience }

  private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether the run should save and stop.
  var isRequested: Bool { requested.load(ordering: .relaxed) }
}
