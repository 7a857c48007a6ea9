import NN

/// How different two pictures look to networks that no painting was made with.
package struct PerceptualDistances: Sendable {
  /// A number, or why there is none.
  package typealias Found = Result<Double, StyleTransferError>

  package let lpipsAlexNet: Found
  package let lpipsVGG16: Found
  package let dists: Found

  /// What is multiplied for a pixel of one picture: VGG-16's convolutions for LPIPS and again for DISTS, and AlexNet's.
  package static let operationsPerPixel = 2 * 2 * 306e3 + 2 * 13e3

  /// The most bytes that comparing pictures of a size takes: VGG-16's first features of both, and what is made of them.
  package static func bytes(width: Int, height: Int) -> Double {
    1_600 * Double(width) * Double(height) + 300e6
  }
}

extension PictureComparison {
  /// LPIPS and DISTS, of which each may be missing for want of its weights or of pixels.
  ///
  /// - Throws: ``StyleTransferError`` where none of the files is there, one is another than it should be, or cannot be read.
  package func perceptualDistances(_ weights: PerceptualWeights) throws -> PerceptualDistances {
    try weights.checkNetworks()
    let (a, b) = (original.tensor, other.tensor)
    let shortest = min(original.width, original.height)
    func found(
      _ needed: [PerceptualWeights.File], smallest: Int, _ distance: () throws -> Double
    ) throws -> PerceptualDistances.Found {
      if let file = needed.first(where: { !weights.has($0) }) {
        return .failure(StyleTransferError(.missingInput, weights.missing(file)))
      }
      guard shortest >= smallest else {
        return .failure(StyleTransferError(.badData, "a side is shorter than \(smallest) pixels"))
      }
      return .success(try distance())
    }
    func lpips(_ file: PerceptualWeights.File, _ network: LPIPS.Network) throws -> PerceptualDistances.Found {
      try found([file], smallest: network.minimumSize) { Double(try weights.lpips(file)(a, b)[0].scalar) }
    }
    return PerceptualDistances(
      lpipsAlexNet: try lpips(PerceptualWeights.alexNet, .alexNet),
      lpipsVGG16: try lpips(PerceptualWeights.vgg16, .vgg16),
      dists: try found([PerceptualWeights.vgg16, PerceptualWeights.dists], smallest: DISTS.minimumSize) {
        Double(try weights.dists()(a, b)[0].scalar)
      })
  }
}
