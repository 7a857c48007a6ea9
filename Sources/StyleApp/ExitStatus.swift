import Foundation
import StyleTransfer

/// What the program's end tells a script; the numbers are those of sysexits.h, and 128 and the number of the signal that
/// interrupted it.
enum ExitStatus: Int32 {
  case usage = 64
  case badData = 65
  case missingInput = 66
  case cannotWrite = 73
  /// Of Ctrl-C; other signals have statuses of their own, see ``Interruption/exitStatus``.
  case interrupted = 130
}

extension ExitStatus {
  init(_ kind: StyleTransferError.Kind) {
    self =
      switch kind {
      case .badData: .badData
      case .missingInput: .missingInput
      case .cannotWrite: .cannotWrite
      case .interrupted: .interrupted
      }
  }

  /// The status after a sentence has been printed to standard error.
  func telling(_ sentence: String) -> ExitStatus {
    Terminal.endLine()
    Terminal.write("impasto: \(sentence)\n")
    return self
  }

  /// Ends the program.
  func exit() -> Never { Foundation.exit(self == .interrupted ? Interruption.exitStatus : rawValue) }
}
