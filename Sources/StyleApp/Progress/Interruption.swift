import Dispatch
import Foundation
import Synchronization

/// Watches for Ctrl-C, a request to terminate and a terminal that goes away: the first asks the run to save and stop, a
/// later one leaves at once.
///
/// What follows within ``patience`` is the same request: people press Ctrl-C twice, schedulers send a signal again after
/// some tenths of a second, and services signal a process and its group. It would end the program while it saves.
final class Interruption: Sendable {
  static let patience = Duration.seconds(1)

  /// The signal that asked first; 0 for none.
  private static let signalNumber = Atomic<Int32>(0)
  /// What the program's end tells whoever sent it, as shells have it: 128 and the number of the signal.
  static var exitStatus: Int32 {
    let number = signalNumber.load(ordering: .relaxed)
    return 128 + (number == 0 ? SIGINT : number)
  }

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
        withExtendedLifetime(source) { note(number) }
      }
      source.resume()
    }
  }

  private func note(_ number: Int32) {
    let now = ContinuousClock.now
    let isFirst = first.withLock { first in
      defer { first = first ?? now }
      return first == nil
    }
    if isFirst {
      Self.signalNumber.store(number, ordering: .relaxed)
      requested.store(true, ordering: .relaxed)
      if Terminal.isInteractive {
        Terminal.endLine()
        Terminal.write("Saving the best picture so far; once more leaves without it.\n")
      }
    } else if Self.leavesAtOnce(after: now - (first.withLock { $0 } ?? now)) {
      _exit(Self.exitStatus)
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
