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

  /// Prints a sentence to standard error and ends the program.
  func exit(_ sentence: String) -> Never {
    Terminal.endLine()
    Terminal.write("impasto: \(sentence)\n")
    Foundation.exit(self == .interrupted ? Interruption.exitStatus : rawValue)
  }
}
