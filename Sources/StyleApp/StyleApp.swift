import ArgumentParser
import Foundation
import ImpastoPlatform
import StyleTransfer
import Tensor

/// The command line: subcommands only; each is a file in Commands/.
@main
struct StyleApp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "impasto",
    abstract: "Repaints a photograph in the style of a painting, with VGG-19 and its own gradients.",
    discussion: """
      Exit status: 0 done, 64 wrong usage, 65 bad data, 66 missing input, 73 cannot write, \
      130 interrupted by Ctrl-C, or 128 and the number of another signal (what there was has been saved).
      """,
    version: Version.current,
    subcommands: [
      Transfer.self, Texture.self, Reconstruct.self, BatchCommand.self, StudioCommand.self, StudyCommand.self,
      Rerun.self, Resume.self, Compare.self,
      FeaturesCommand.self, WeightsCommand.self,
    ])

  static func main() {
    LimitedAddresses.startAgainWithOneBLASThread()
    StandardStreams.prepare()
    // What was alive on the way there has been released by then.
    if let status = failure() { status.exit() }
  }

  /// Runs the command; if it fails, prints why.
  private static func failure() -> ExitStatus? {
    do {
      try Arguments.checkNames()
      var command = try parseAsRoot(Arguments.joined(Array(CommandLine.arguments.dropFirst())))
      try LimitedAddresses.check()
      try asUsage {
        if let command = command as? any NamingFiles { try command.namedFiles().check() }
        try command.run()
      }
      try StandardStreams.endOutput()
      return nil
    } catch let error as StyleTransferError {
      return ExitStatus(error.kind).telling(error.description)
    } catch let error as PictureError {
      return ExitStatus(error.kind).telling(error.description)
    } catch let error as FileCollision {
      return ExitStatus.usage.telling(error.description)
    } catch let error as AtomicFileError {
      let error = PictureError(error)
      return ExitStatus(error.kind).telling(error.description)
    } catch {
      exit(withError: error)
    }
  }
}
