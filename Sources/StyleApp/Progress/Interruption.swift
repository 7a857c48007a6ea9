import Foundation
import Synchronization

/// Watches for Ctrl-C, a request to terminate and a terminal that goes away: the first asks the run to save and stop, a
/// later one leaves at once.
///
/// What follows within ``patience`` is the same request: people press Ctrl-C twice, schedulers send a signal again after
/// some tenths of a second, and services signal a process and its group. It would end the program while it saves.
///
/// The handler takes no lock, asks for no memory and needs no thread, so that it works whatever the program waits for.
final class Interruption: Sendable {
  static let patience = Duration.seconds(1)

  /// The signal that asked first; 0 for none.
  private static let signalNumber = Atomic<Int32>(0)
  /// When it came, in nanoseconds of the monotonic clock; 0 for never.
  private static let first = Atomic<Int64>(0)
  private static let message: StaticString =
    "\nSaving the best picture so far; once more leaves without it.\n"

  /// What the program's end tells whoever sent it, as shells have it: 128 and the number of the signal.
  static var exitStatus: Int32 {
    let number = signalNumber.load(ordering: .relaxed)
    return 128 + (number == 0 ? SIGINT : number)
  }

  /// Starts to watch, until the program ends. Until then the signals end the program as usual, so a run begins to
  /// watch when there is something to save.
  init() {
    // What the handler reads is made before it may be called.
    _ = (Self.exitStatus, Self.first.load(ordering: .relaxed), Self.message, Self.patience)
    _ = Terminal.isInteractive
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      // What nohup started lives on when its terminal goes away.
      if number == SIGHUP, Self.isIgnored(before) { continue }
      signal(number) { Interruption.note($0) }
      sigaddset(&heard, number)
    }
    // A program that was started by a thread which has its signals blocked, as the workers of thread pools have,
    // inherits that, and would hear none of them.
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
  }

  private static func note(_ number: Int32) {
    let error = errno
    defer { errno = error }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    let (isFirst, begin) = first.compareExchange(expected: 0, desired: now, ordering: .relaxed)
    if isFirst {
      signalNumber.store(number, ordering: .relaxed)
      // Straight to the stream: whoever was interrupted may hold the terminal's lock.
      if Terminal.isInteractive { _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount) }
    } else if leavesAtOnce(after: .nanoseconds(now - begin)) {
      _exit(exitStatus)
    }
  }

  /// Whether a request is one to leave at once, so long after the first.
  static func leavesAtOnce(after elapsed: Duration) -> Bool { elapsed > patience }

  private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether the run should save and stop.
  var isRequested: Bool { Self.signalNumber.load(ordering: .relaxed) != 0 }
}
