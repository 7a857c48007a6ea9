import Tensor

/// What several layers see of a picture at the places of one grid, a layer below the other: a column of numbers a place.
///
/// The grid's side is a quarter of the picture's, that of the layers after two poolings: earlier layers are averaged to it,
/// later ones interpolated. Each layer is divided by the number of its channels, so that wide ones do not outweigh others
/// (Kolkin et al., Neural Neighbor Style Transfer, 2022).
struct FeatureColumns {
  /// The layers, in the order of computation, with what each is multiplied by.
  let layers: [VGG19.Layer]
  private let factors: [VGG19.Layer: Float]
  /// The numbers of each layer's channels.
  var widths: [Int] { layers.map(\.channelCount) }

  /// The poolings before the grid.
  static let poolings = 2

  /// - Parameter layers: The layers with how much each counts.
  init(_ layers: [StyleTransferObjective.WeightedLayer]) {
    let used = layers.filter { $0.weight > 0 }.sorted { $0.layer < $1.layer }
    self.layers = used.map(\.layer)
    factors = Dictionary(
      used.map { ($0.layer, Float($0.weight / Double($0.layer.channelCount))) }, uniquingKeysWith: { $1 })
  }

  /// The grid of a picture, in rows and columns.
  static func grid(height: Int, width: Int) -> (height: Int, width: Int) {
    (max(1, height >> poolings), max(1, width >> poolings))
  }

  /// A layer's part of the columns, [1, C, h, w].
  ///
  /// - Parameters:
  ///   - features: The layer's output, [1, C, H, W].
  ///   - grid: h and w.
  func part(
    _ layer: VGG19.Layer, of features: Tensor<Float>, grid: (height: Int, width: Int)
  ) -> Tensor<Float> {
    var part = features
    let poolings = layer.poolingCount
    if poolings < Self.poolings {
      part = part.averagePool2D(window: 1 << (Self.poolings - poolings))
    } else if part.shape[2] != grid.height || part.shape[3] != grid.width {
      part = part.resampled(to: grid.width, axis: 3, method: .bilinear).resampled(
        to: grid.height, axis: 2, method: .bilinear)
    }
    return part * Tensor(factors[layer]!)
  }

  /// The columns of a picture as the rows of a matrix, [h·w, ΣC].
  func rows(
    of image: Tensor<Float>, _ network: VGG19
  ) throws(VGG19.ImageTooSmall) -> Tensor<Float> {
    let grid = Self.grid(height: image.shape[2], width: image.shape[3])
    var parts: [Tensor<Float>] = []
    try network.visit(image.detached(), layers: Set(layers)) { layer, features in
      parts.append(part(layer, of: features, grid: grid).pixelRows)
    }
    return .concatenated(parts, axis: 1)
  }
}

extension Tensor<Float> {
  /// Features [1, C, H, W] with a row for each pixel, [H·W, C].
  var pixelRows: Tensor { transposed(axes: [0, 2, 3, 1]).reshaped(to: [shape[2] * shape[3], shape[1]]) }

  /// The rows less their mean.
  var centredRows: Tensor { self - mean(axes: [0], keepingDimensions: true) }
}
