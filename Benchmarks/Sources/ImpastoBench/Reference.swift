import NN
import Tensor

/// The evaluation again, in `Double` and from plain operations only: what the fast path is held against.
struct ReferenceNetwork {
  struct Filter {
    let weight, bias: Tensor<Double>
  }

  /// The number of the first convolution of each distinct shape, and its input's side as a part of the picture's.
  static let distinctConvolutions = [
    (1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (6, 4), (9, 8), (10, 8), (13, 16),
  ]
  private static let pooled: Set = [2, 4, 8, 12]

  let convolutions: [Filter]
  private let preprocessing: Filter

  /// - Throws: When the file is not the normalised VGG-19, the only one that `peer.py` reads too.
  init(contentsOf path: String) throws {
    let archive = try openTensorArchive(path)
    func filter(_ key: Int) throws -> Filter {
      try Filter(weight: archive.tensor("\(key).weight"), bias: archive.tensor("\(key).bias"))
    }
    preprocessing = try filter(0)
    convolutions = try [2, 5, 9, 12, 16, 19, 22, 25, 29, 32, 35, 38, 42, 45, 48, 51].map(filter)
  }

  /// What the convolutions in `wanted` give, before their ReLU.
  func features(_ image: Tensor<Double>, _ wanted: [Int]) -> [Int: Tensor<Double>] {
    var found: [Int: Tensor<Double>] = [:]
    var x = image.conv2D(preprocessing.weight, bias: preprocessing.bias)
    for number in 1...wanted.max()! {
      let filter = convolutions[number - 1]
      x = x.conv2D(filter.weight, bias: filter.bias, padding: 1, algorithm: .winograd)
      if wanted.contains(number) { found[number] = x }
      x = x.relu()
      if Self.pooled.contains(number) { x = x.maxPool2D(window: 2) }
    }
    return found
  }
}

/// The study's loss in `Double`.
struct ReferenceObjective {
  private static let contentLayer = 9
  private static let styleLayers = [2, 4, 8, 16]

  private let network: ReferenceNetwork
  private let content: Tensor<Double>
  private let styles: [Int: Tensor<Double>]

  init(network: ReferenceNetwork, content: Tensor<Float>, style: Tensor<Float>) {
    self.network = network
    self.content =
      network.features(Tensor(content), [Self.contentLayer])[Self.contentLayer]!
    styles = network.features(Tensor(style), Self.styleLayers).mapValues(Self.gram)
  }

  func gradient(at image: Tensor<Float>) -> Tensor<Double> {
    valueWithGradient(at: Tensor(image), in: total).gradient
  }

  private func total(_ image: Tensor<Double>) -> Tensor<Double> {
    let features = network.features(image, [Self.contentLayer] + Self.styleLayers)
    let contentLoss = (features[Self.contentLayer]! - content).square().mean()
    let styleLosses = Self.styleLayers.map { (Self.gram(features[$0]!) - styles[$0]!).square().mean() }
    return styleLosses.reduce(contentLoss) { $0 + 0.5 * $1 }
  }

  private static func gram(_ features: Tensor<Double>) -> Tensor<Double> {
    let (channels, pixels) = (features.shape[1], features.shape[2] * features.shape[3])
    let rows = features.reshaped(to: [channels, pixels])
    return rows.matrixProduct(rows, transposingRight: true) / Double(channels * channels)
  }
}
