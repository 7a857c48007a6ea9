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

  /// What is wrong with the flags, or with settings in a file, is said before anything is done, with this command's usage;
  /// a file that cannot be read is left to the run.
  func checkFlags() throws {
    do { try asUsage { try recipe().checkStandardInput() } } catch is StyleTransferError {}
    _ = try output.path()
  }

  func run() throws {
    let recipe = try recipe()
    let file = try OutputFile(path: output.path(), for: recipe)
    try PictureRun(
      output: file, machine: machine, planning: output.planning, isQuiet: output.quiet, side: output.side,
      checkpoint: output.checkpoint.plan(for: file)
    ).run(recipe)
  }
}

/// Says what is wrong with a recipe as what is wrong with flags is said: with the command's usage.
func asUsage<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as RecipeError { throw ValidationError(error.description) }
}
