import ArgumentParser
import StyleTransfer

/// A command that makes one picture.
protocol PictureCommand: ParsableCommand {
  var output: OutputOptions { get }
  var common: CommonOptions { get }
  var machine: MachineOptions { get }

  /// The recipe that the flags and the settings file make.
  func recipe() throws -> Recipe
}

extension PictureCommand {
  func validate() throws { try checkFlags() }

  /// Without a file to read, what is wrong with the flags is said before anything is done.
  func checkFlags() throws {
    if common.settings == nil { _ = try asUsage { try recipe() } }
    _ = try output.path()
  }

  func run() throws {
    let recipe = try recipe()
    try PictureRun(
      recipe: recipe, output: OutputFile(path: output.path(), for: recipe), machine: machine,
      planning: output.planning, isQuiet: output.quiet, saveEvery: output.saveEvery,
      timelapse: output.timelapse, log: output.log
    ).run()
  }
}

/// Says what is wrong with a recipe as what is wrong with flags is said: with the command's usage.
func asUsage<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as RecipeError { throw ValidationError(error.description) }
}
