import ArgumentParser

@main
struct StyleApp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "impasto")
}
