import NN
import Tensor

extension PictureComparison {
  /// How far the other picture is from the original in the eyes of a layer.
  package struct LayerDistance: Sendable {
    /// ‖F − P‖² / ‖P‖², F and P the features of the other picture and of the original.
    package let content: Double
    /// ‖G − A‖² / ‖A‖², G and A their Gram matrices.
    package let gram: Double
  }

  /// The distances at some layers, which are sums over the features: neither picture's features are ever there as a
  /// whole.
  ///
  /// - Throws: `VGG19.ImageTooSmall`.
  package func distances(
    at layers: [VGG19.Layer], network: VGG19, bandBytes: Double = VGG19.bandBytes
  ) throws -> [VGG19.Layer: LayerDistance] {
    var sums: [VGG19.Layer: LayerSums] = [:]
    try network.forEachBand(of: [original.tensor, other.tensor], layers: Set(layers), bandBytes: bandBytes) {
      sums[$0.layer, default: LayerSums()].add($0.features[0], $0.features[1])
    }
    return sums.mapValues(\.distances)
  }
}

/// What a layer's distances are made of, as far as the pictures have been looked at.
private struct LayerSums {
  private var (square, distance, count) = (0.0, 0.0, 0)
  /// F·Fᵀ of the original and of the other picture.
  private var products: [Tensor<Double>] = []

  mutating func add(_ original: Tensor<Float>, _ other: Tensor<Float>) {
    square += Vectors.squaredNorm(original)
    distance += Vectors.squaredDistance(original, other)
    count += original.count
    let own = [original, other].map { features in
      Tensor<Double>(features.reshaped(to: [features.shape[1], -1]).selfProduct())
    }
    products = products.isEmpty ? own : zip(products, own).map { $0 + $1 }
  }

  var distances: PictureComparison.LayerDistance {
    let (a, g) = (products[0], products[1])
    let (gramSquare, gramDistance) = (Vectors.squaredNorm(a), Vectors.squaredDistance(a, g))
    // Nothing is a part of zero: then it is the mean.
    return .init(
      content: distance / (square > 0 ? square : Double(count)),
      gram: gramDistance / (gramSquare > 0 ? gramSquare : Double(a.count)))
  }
}
