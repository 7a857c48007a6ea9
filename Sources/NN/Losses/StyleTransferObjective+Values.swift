import Tensor

extension StyleTransferObjective {
  /// A picture whose manner is taken.
  public struct Style: Sendable {
    /// The style's picture, [1, 3, H, W], RGB in 0 … 1, of any size.
    public var image: Tensor<Float>
    /// How opaque the picture's pixels are, [1, 1, H, W] in 0 … 1; `nil` where all of them are. A pixel counts in the
    /// manner as much as can be seen of it; those beside it are seen through the borders of what a layer sees.
    public var opacity: Tensor<Float>?
    /// Which part of the picture the manner is taken from, [1, 1, H, W] in 0 … 1; `nil` for all of it.
    public var region: Tensor<Float>?
    /// Which part of the picture to be made is painted in the manner, [1, 1, H′, W′] in 0 … 1 of its size; `nil` for all of
    /// it. Where several styles' places overlap, their manners blend; ``RegionMaps`` says how places come to the layers.
    public var place: Tensor<Float>?
    /// How much the style counts among the styles.
    public var weight: Double

    /// A picture that counts `weight` times as much as one of weight 1.
    ///
    /// - Precondition: The opacity and the region, if any, have the picture's height and width.
    public init(
      _ image: Tensor<Float>, opacity: Tensor<Float>? = nil, weight: Double = 1,
      region: Tensor<Float>? = nil, place: Tensor<Float>? = nil
    ) {
      for (name, map) in [("opacity", opacity), ("region", region)] {
        ShapeCheck.require(map.map { $0.shape == [1, 1] + image.shape.dropFirst(2) } ?? true) {
          "StyleTransferObjective.Style: the \(name) \(map?.shape ?? []) is not [1, 1, H, W] of the picture "
            + "\(image.shape)"
        }
      }
      self.image = image
      self.opacity = opacity
      self.weight = weight
      self.region = region
      self.place = place
    }
  }

  /// The values of the terms, each before its weight, and the weighted total. 0 for a term of weight 0.
  public struct Terms: Hashable, Sendable {
    /// The distance from the content's features.
    public var content = 0.0
    /// The distance from the styles' statistics.
    public var style = 0.0
    /// The picture's total variation.
    public var totalVariation = 0.0
    /// The distance from how the content's places resemble each other.
    public var selfSimilarity = 0.0
    /// The distance from the content's Laplacians.
    public var laplacian = 0.0
    /// The distance from the styles' power spectra.
    public var spectrum = 0.0
    /// The sum of the terms, each times its weight.
    public var total = 0.0
    /// The layers' losses that ``content`` is made of, each before its weight, in the order of computation.
    public var contentLayers: [LayerValue] = []
    /// The layers' losses that ``style`` is made of, each before its weight, in the order of computation.
    public var styleLayers: [LayerValue] = []

    /// The terms of nothing yet: all zeros.
    public init() {}
  }

  /// A layer with its loss.
  public struct LayerValue: Hashable, Sendable {
    /// The layer at which the loss looked.
    public var layer: VGG19.Layer
    /// The layer's loss, before its weight.
    public var value: Double
  }
}
