import ArgumentParser
import StyleTransfer

/// `impasto reconstruct`: what of a picture the features of a layer hold on to.
struct Reconstruct: PictureCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a picture again from what a layer of the network sees in it.")

  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Content") var content: ContentOptions
  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup var machine: MachineOptions

  func recipe() throws -> Recipe {
    try Recipe(.reconstruct, common.changes([content, optimization, network, output]))
  }
}
