import Dispatch
import Foundation
import Synchronization

/// Watches for Ctrl-C and a request to terminate: the first asks the run to save and stop, the second leaves at
/// once.
final class Interruption: Sendable {
  private let requested = Atomic<Bool>(false)
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  /// Starts to watch. Until then the signals end the program as usual, so a run begins to watch when there is
  /// something to save.
  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { [weak self] in
        guard let self else { return }
        if requested.exchange(true, ordering: .relaxed) { _exit(ExitStatus.interrupted.rawValue) }
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Whether the run should save and stop.
  var isRequested: Bool { requested.load(ordering: .relaxed) }

  deinit {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
