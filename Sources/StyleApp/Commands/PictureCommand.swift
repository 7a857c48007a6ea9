import ArgumentParser

/// A command that makes one picture.
protocol PictureCommand: ParsableCommand {
  var output: OutputOptions { get }
  var common: CommonOptions { get }
  var machine: MachineOptions { get }

  /// The settings that the flags and the settings file make.
  func settings() throws -> Settings
}

extension PictureCommand {
  func validate() throws { try checkFlags() }

  /// Without a file to read, what is wrong with the flags is said before anything is done.
  func checkFlags() throws {
    if common.settings == nil { _ = try settings() }
    _ = try output.path()
  }

  func run() throws {
    try PictureRun(settings: settings(), output: output, machine: machine).run()
  }
}
