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
    do {
      try Arguments.checkNames()
      var command = try parseAsRoot(Arguments.joined(Array(CommandLine.arguments.dropFirst())))
      try LimitedAddresses.check()
      try asUsage {
        if let command = command as? any NamingFiles { try command.namedFiles().check() }
        try command.run()
      }
      try StandardStreams.endOutput()
    } catch let error as StyleTransferError {
      ExitStatus(error.kind).exit(error.description)
    } catch let error as PictureError {
      ExitStatus(error.kind).exit(error.description)
    } catch let error as FileCollision {
      ExitStatus.usage.exit(error.description)
    } catch let error as AtomicFileError {
      let error = PictureError(error)
      ExitStatus(error.kind).exit(error.description)
    } catch {
      exit(withError: error)
    }
  }
}
