import ArgumentParser
import Foundation
import NN
import StyleTransfer
import Tensor

/// `impasto weights`: where VGG-19's weights are, whether they are whole, and a conversion.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights", abstract: "Tell which weights are used, check them, or convert them.",
    discussion: "Without an option: the path, the kind of network and the SHA-256.")

  @Flag(help: "Print the path alone.")
  var path = false

  @Flag(help: "Check the file's SHA-256 and that the network can be read from it.")
  var verify = false

  @Option(
    help: ArgumentHelp("Write the network as safetensors, which opens faster.", valueName: "out.safetensors"))
  var convert: String?

  @Option(
    help: ArgumentHelp(
      "The weights, a .pth or .safetensors file (default: those that 'make weights' fetched).",
      valueName: "file"))
  var weights: String?

  func validate() throws {
    if [path, verify, convert != nil].filter({ $0 }).count > 1 {
      throw ValidationError("choose one of --path, --verify and --convert")
    }
    if let convert, (convert as NSString).pathExtension.lowercased() != "safetensors" {
      throw ValidationError("--convert '\(convert)': the name must end with .safetensors")
    }
  }

  func run() throws {
    let file = try WeightsLocator.path(explicit: weights)
    if path { return print(file) }
    let network = try WeightsLocator.loadNetwork(explicit: file)
    if let convert { return try write(network, to: convert) }
    let hash = try network.weights.sha256()
    print("file     \(file)")
    print("network  \(network.weights.origin.rawValue)")
    print("sha256   \(hash)")
    if verify { try check(hash, of: file) }
  }

  private func check(_ hash: String, of file: String) throws {
    if let known = WeightsLocator.knownFiles.first(where: { hash.hasPrefix($0.sha256) }) {
      return print("verified as \(known.name)")
    }
    let name = (file as NSString).lastPathComponent
    if let expected = WeightsLocator.knownFiles.first(where: { $0.name == name }) {
      throw StyleTransferError(
        .badData,
        "'\(file)' is not the published \(name), whose SHA-256 begins with \(expected.sha256.prefix(8)); fetch it again with 'make weights'"
      )
    }
    throw StyleTransferError(
      .badData,
      "'\(file)' can be read as VGG-19 but is none of the published files; use it with --weights if you trust it"
    )
  }

  private func write(_ network: VGG19, to output: String) throws {
    do {
      try network.weights.write(to: output)
    } catch {
      throw StyleTransferError(.cannotWrite, "cannot write '\(output)': \(error)")
    }
    print("Wrote \(output)")
  }
}
