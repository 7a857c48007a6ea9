import NN
import Tensor

/// A layer's losses between two pictures, each as a part of the target's own size.
package struct LayerDistance: Encodable, Sendable {
  package let layer: String
  /// ‖F − P‖² / ‖P‖².
  package let content: Double
  /// ‖G − A‖² / ‖A‖², without the factor that makes it paint strongly.
  package let gram: Double
  /// The content loss in the other measures.
  package let contentMean: Double
  package let contentSum: Double
}

/// What losses want of a picture: its features and its Gram matrices.
package struct LossProbe: Sendable {
  private let network: VGG19
  private let targets: [(layer: VGG19.Layer, features: Tensor<Float>, gram: StyleLoss<Float>)]

  /// All sixteen convolutions.
  package static let layers = (1...16).map(VGG19.Layer.convolution)

  /// - Parameter layers: Where to look, as far as the picture is large enough for them.
  package init(_ picture: Picture, layers: [VGG19.Layer] = layers, network: VGG19) throws {
    self.network = network
    let side = min(picture.width, picture.height)
    let seen = layers.filter { VGG19.minimumSize(for: [$0]) <= side }
    let features = try network(picture.tensor, layers: seen)
    targets = seen.compactMap { layer in
      features[layer].map { (layer, $0, StyleLoss(target: $0)) }
    }
  }

  /// The losses of another picture, for each layer in its order.
  ///
  /// - Precondition: It has the same size.
  package func distances(of picture: Picture) throws -> [LayerDistance] {
    let features = try network(picture.tensor, layers: targets.map(\.layer))
    return targets.compactMap { layer, target, gram in
      guard let found = features[layer] else { return nil }
      func content(_ normalization: LossNormalization) -> Double {
        Double(ContentLoss(target: target, normalization: normalization)(found).scalar)
      }
      return LayerDistance(
        layer: layer.name, content: content(.relative),
        gram: Double(gram(found).scalar) / StyleStatistic.gram.relativeScale,
        contentMean: content(.mean), contentSum: content(.sum))
    }
  }
}
